"""What agencies are due, and where packages stand."""

from datetime import date

import pytest

from secaudit.content.agencies import load_agencies
from secaudit.content.folder import content_dir
from secaudit.handover.duties import Standing, duties, handed, next_sequence, period_end
from secaudit.model.agency import Period
from secaudit.model.delivery import Delivery, Event
from secaudit.model.register import Grade, System

AGENCIES = load_agencies([content_dir("reports") / "agencies"])
TOLD = System("oa", "办公系统", "office", Grade(3, 3), agencies=("cac", "state-security"))
LOW = System("site", "网站", "office", Grade(1, 1), agencies=("public-security",))


def event(kind: Event, day: date, number: str = "1", agency: str = "cac", sequence: int = 0) -> Delivery:
    return Delivery(number, agency, kind, day, "李四", sequence=sequence, systems=("oa",) if sequence else ())


@pytest.mark.parametrize(
    ("every", "day", "end"),
    [
        (Period.YEAR, date(2026, 1, 1), date(2025, 12, 31)),
        (Period.YEAR, date(2026, 12, 31), date(2025, 12, 31)),
        (Period.HALF_YEAR, date(2026, 6, 30), date(2025, 12, 31)),
        (Period.HALF_YEAR, date(2026, 7, 1), date(2026, 6, 30)),
        (Period.QUARTER, date(2026, 11, 28), date(2026, 9, 30)),
        (Period.REQUEST, date(2026, 11, 28), None),
    ],
)
def test_the_newest_period_that_is_over(every: Period, day: date, end: date | None) -> None:
    assert period_end(every, day) == end


def test_what_is_due_is_due_until_it_is_built() -> None:
    """cac: every half year, within 20 days; state security on request; level 1 is not told to the police."""
    (due,) = duties(AGENCIES, [TOLD, LOW], [], date(2026, 7, 20))
    assert (due.agency, due.system, due.deadline, due.standing) == (
        "cac",
        "oa",
        date(2026, 7, 20),
        Standing.DUE,
    )
    assert duties(AGENCIES, [TOLD], [], date(2026, 7, 21))[0].standing is Standing.OVERDUE
    built = event(Event.BUILT, date(2026, 7, 3), sequence=1)
    assert duties(AGENCIES, [TOLD], [built], date(2026, 12, 31)) == []
    assert len(duties(AGENCIES, [TOLD], [built], date(2027, 1, 1))) == 1
    early = event(Event.BUILT, date(2026, 6, 30), sequence=1)
    assert len(duties(AGENCIES, [TOLD], [early], date(2026, 7, 1))) == 1


def test_where_a_package_stands() -> None:
    """cac: a receipt is expected within 15 days."""
    events = [event(Event.SENT, date(2026, 7, 4)), event(Event.BUILT, date(2026, 7, 4), sequence=1)]
    assert handed(AGENCIES, events, date(2026, 7, 19))[0].standing is Standing.SENT
    assert handed(AGENCIES, events, date(2026, 7, 20))[0].standing is Standing.RECEIPT_OVERDUE
    events.append(event(Event.RECEIVED, date(2026, 7, 20)))
    assert handed(AGENCIES, events, date(2026, 8, 20))[0].standing is Standing.RECEIVED
    assert handed(AGENCIES, [event(Event.SENT, date(2026, 7, 4))], date(2026, 7, 5)) == []


def test_numbers_and_sequences_go_on() -> None:
    events = [event(Event.BUILT, date(2026, 7, 3), "网安〔2026〕1号", sequence=4)]
    assert next_sequence(events, "cac") == 5
    assert next_sequence(events, "miit") == 1
