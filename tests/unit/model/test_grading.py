"""The matrix of GB/T 22240-2020 and what follows from it."""

import itertools

import pytest

from secaudit.model.grading import Degree, Grading, Harm, Harmed

LEVELS = {
    ("citizens", "general"): 1,
    ("citizens", "serious"): 2,
    ("citizens", "especially-serious"): 2,
    ("society", "general"): 2,
    ("society", "serious"): 3,
    ("society", "especially-serious"): 4,
    ("state", "general"): 3,
    ("state", "serious"): 4,
    ("state", "especially-serious"): 5,
}


def _harm(*said: tuple[str, str]) -> Harm:
    return Harm(tuple((Harmed(harmed), Degree(degree)) for harmed, degree in said))


@pytest.mark.parametrize(("said", "level"), LEVELS.items())
def test_the_matrix(said: tuple[str, str], level: int) -> None:
    assert _harm(said).level == level


def test_the_highest_object_and_the_higher_side_decide() -> None:
    for one, other in itertools.product(LEVELS, repeat=2):
        both = _harm(one, other)
        assert both.level == max(LEVELS[one], LEVELS[other])
        graded = Grading(_harm(one), _harm(other))
        assert graded.level == max(LEVELS[one], LEVELS[other])
        assert str(graded) == f"S{LEVELS[one]}A{LEVELS[other]}G{graded.level}"
