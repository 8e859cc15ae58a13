"""Reminders come once at each stage, whichever nights happen."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.notify.stages import is_news, reached

DEADLINE = date(2026, 12, 1)
REMIND, ESCALATE = (1, 3, 7), (1, 7, 14, 30)


@pytest.mark.parametrize(
    ("left", "stage"),
    [(30, None), (8, None), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1)]
    + [(-1, -1), (-6, -1), (-7, -7), (-13, -7), (-14, -14), (-30, -30), (-59, -30), (-60, -60), (-400, -390)],
)
def test_the_stage_of_a_day(left: int, stage: int | None) -> None:
    assert reached(DEADLINE, DEADLINE - timedelta(days=left), REMIND, ESCALATE) == stage


def test_before_the_first_stage_of_delay_there_is_none() -> None:
    assert reached(DEADLINE, DEADLINE + timedelta(days=1), REMIND, (2, 5)) is None


def told_on(nights: list[date]) -> list[int]:
    """Days left, of each night on which people are told."""
    pairs = zip([None, *nights], nights, strict=False)
    return [
        (DEADLINE - night).days
        for before, night in pairs
        if is_news(DEADLINE, night, before, REMIND, ESCALATE)
    ]


def test_every_stage_is_told_once() -> None:
    nights = [DEADLINE + timedelta(days=day) for day in range(-10, 65)]
    assert told_on(nights) == [7, 3, 1, -1, -7, -14, -30, -60]


def test_a_night_that_did_not_happen_is_made_up_for_by_the_next() -> None:
    nights = [DEADLINE + timedelta(days=day) for day in (-10, -5, -4, 0, 9)]
    assert told_on(nights) == [5, 0, -9]


@given(st.lists(st.integers(-40, 100), min_size=1, max_size=30, unique=True))
def test_no_stage_is_told_twice(days: list[int]) -> None:
    nights = [DEADLINE + timedelta(days=day) for day in sorted(days)]
    stages = [
        reached(DEADLINE, DEADLINE - timedelta(days=left), REMIND, ESCALATE) for left in told_on(nights)
    ]
    assert len(stages) == len(set(stages))
