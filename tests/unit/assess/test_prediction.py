"""The predicted conclusions, with the values at their limits."""

from fractions import Fraction

import pytest

from secaudit.assess.prediction import Predicted2025, predict_2021, predict_2025


@pytest.mark.parametrize(
    ("score", "high", "medium", "grade"),
    [
        (100, 0, 0, "优"),
        (90, 0, 0, "优"),
        (Fraction(8999, 100), 0, 0, "良"),
        (100, 0, 1, "良"),
        (80, 0, 0, "良"),
        (Fraction(7999, 100), 0, 3, "中"),
        (70, 0, 0, "中"),
        (Fraction(6999, 100), 0, 0, "差"),
        (100, 1, 0, "差"),
    ],
)
def test_2021(score: Fraction, high: int, medium: int, grade: str) -> None:
    assert predict_2021(Fraction(score), high, medium) == grade


@pytest.mark.parametrize(
    ("percent", "hazards", "grade", "boundary"),
    [
        ("90.01", 0, "符合", False),
        ("90.01", 1, "基本符合", False),
        ("90", 0, "基本符合", True),
        ("89.99", 0, "基本符合", False),
        ("60.01", 3, "基本符合", False),
        ("60", 0, "基本符合", True),
        ("59.99", 0, "不符合", False),
        ("0", 9, "不符合", False),
    ],
)
def test_2025(percent: str, hazards: int, grade: str, boundary: bool) -> None:
    found = predict_2025(Fraction(percent) / 100, hazards)
    assert found == Predicted2025(found.grade, boundary)
    assert found.grade == grade
