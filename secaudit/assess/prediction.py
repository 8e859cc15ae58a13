"""The predicted conclusion (自查预判) of either report template, from its figures and the risks that remain."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

HALF_COMPLIANT: Final = Fraction(60, 100)
NEARLY_COMPLIANT: Final = Fraction(90, 100)


class Grade2021(StrEnum):
    """The conclusions of the 2021 template, the best first."""

    EXCELLENT = "优"
    GOOD = "良"
    FAIR = "中"
    POOR = "差"


class Grade2025(StrEnum):
    """The conclusions of the 2025 template, the best first."""

    COMPLIANT = "符合"
    BASICALLY = "基本符合"
    NOT_COMPLIANT = "不符合"


@dataclass(frozen=True, slots=True)
class Predicted2025:
    """``boundary``: the rate is exactly 60 % or 90 %, which the template does not define; 基本符合 is taken."""

    grade: Grade2025
    boundary: bool = False


def predict_2021(score: Fraction, high_risks: int, medium_risks: int) -> Grade2021:
    """``score``: M, 0 to 100; the risks are those that remain after mitigation."""
    if high_risks or score < 70:
        return Grade2021.POOR
    if not medium_risks and score >= 90:
        return Grade2021.EXCELLENT
    return Grade2021.GOOD if score >= 80 else Grade2021.FAIR


def predict_2025(rate: Fraction, hazards: int) -> Predicted2025:
    """``rate``: 0 to 1; ``hazards``: major hazards (重大风险隐患), counted before rectification."""
    if rate in (HALF_COMPLIANT, NEARLY_COMPLIANT):
        return Predicted2025(Grade2025.BASICALLY, boundary=True)
    if rate < HALF_COMPLIANT:
        return Predicted2025(Grade2025.NOT_COMPLIANT)
    if rate > NEARLY_COMPLIANT and not hazards:
        return Predicted2025(Grade2025.COMPLIANT)
    return Predicted2025(Grade2025.BASICALLY)
