"""What was known before an assessment."""

from datetime import UTC, date, datetime, timedelta

import pytest

from secaudit.assess.previous import last_assessed, previous
from secaudit.model.finding import CloseReason, Closing
from tests.unit.assess.test_demanding import finding

SINCE = date(2026, 3, 1)
BOUNDARY = datetime(2026, 3, 2, tzinfo=UTC)
BEFORE, LATER = BOUNDARY - timedelta(days=9), BOUNDARY + timedelta(days=9)
CLOSED_BEFORE = Closing(BOUNDARY - timedelta(days=2), CloseReason.PASSED)
CLOSED_SINCE = Closing(LATER, CloseReason.PASSED)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ((None, None), None),
        ((date(2026, 1, 1), None, date(2025, 1, 1)), date(2026, 1, 1)),
        ((date(2026, 3, 1),), None),
        ((date(2026, 3, 2), date(2024, 1, 1)), date(2024, 1, 1)),
    ],
)
def test_the_last_assessment_lies_before_the_run(
    days: tuple[date | None, ...], expected: date | None
) -> None:
    assert last_assessed(days, SINCE) == expected


def test_what_was_open_then_and_what_became_of_it() -> None:
    known = [
        finding(number=1, opened=BEFORE),
        finding(number=2, opened=BEFORE, closed=CLOSED_SINCE),
        finding(number=3, opened=BEFORE, closed=CLOSED_BEFORE),
        finding(number=4, opened=LATER),
        finding(number=5, opened=BEFORE, advisory=True),
    ]
    assert [one.number for one in previous(known, SINCE, BOUNDARY, SINCE).findings] == [1, 2]
    assert [one.number for one in previous(known, None, BOUNDARY, SINCE).findings] == [1, 2, 3]
