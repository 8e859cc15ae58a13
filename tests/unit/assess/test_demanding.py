"""By when a notice demands rectification."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.assess.demanding import days_after, deadline_of, demanded_by, extensions_of
from secaudit.model.content import Severity
from secaudit.model.finding import Event, EventKind, Finding, Source
from secaudit.model.rectification import RectificationSettings, WorkDays
from secaudit.model.text import Text

NOW = datetime(2026, 9, 1, tzinfo=UTC)
DAY = date(2026, 9, 1)
NATIONAL_DAY = WorkDays(
    frozenset(date(2026, 10, day) for day in range(1, 8)), frozenset({date(2026, 10, 10)})
)


def finding(**more: Any) -> Finding:
    known: dict[str, Any] = {
        "number": 1,
        "source": Source.SCAN,
        "system": "oa",
        "asset": "web1",
        "check": "linux.a",
        "offender": "",
        "title": Text("口令", "password"),
        "severity": Severity.HIGH,
        "advisory": False,
        "opened": NOW,
        "opened_in": "r1",
        "failed_at": NOW,
        "failed_in": "r1",
    }
    return Finding(**(known | more))


@pytest.mark.parametrize(
    ("day", "count", "work_days", "expected"),
    [
        (date(2026, 9, 30), 1, None, date(2026, 10, 1)),
        (date(2026, 9, 30), 0, NATIONAL_DAY, date(2026, 9, 30)),
        (date(2026, 9, 30), 1, NATIONAL_DAY, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, NATIONAL_DAY, date(2026, 10, 10)),
        (date(2026, 9, 30), 4, NATIONAL_DAY, date(2026, 10, 12)),
        (date(2026, 9, 4), 1, WorkDays(), date(2026, 9, 7)),
    ],
)
def test_days_after(day: date, count: int, work_days: WorkDays | None, expected: date) -> None:
    assert days_after(day, count, work_days) == expected


@given(day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), count=st.integers(1, 60))
def test_as_many_working_days_lie_between(day: date, count: int) -> None:
    end = days_after(day, count, NATIONAL_DAY)
    between = [day + timedelta(days=ahead) for ahead in range(1, (end - day).days + 1)]
    assert sum(map(NATIONAL_DAY.works, between)) == count
    assert NATIONAL_DAY.works(end)


def test_holidays_are_known_year_by_year() -> None:
    assert (NATIONAL_DAY.covers(2026), NATIONAL_DAY.covers(2027)) == (True, False)


def test_each_severity_has_its_deadline() -> None:
    settings = RectificationSettings(days={Severity.HIGH: 15, Severity.MEDIUM: 30, Severity.LOW: 60})
    assert demanded_by(DAY, settings) == {
        Severity.HIGH: date(2026, 9, 16),
        Severity.MEDIUM: date(2026, 10, 1),
        Severity.LOW: date(2026, 10, 31),
    }
    assert set(demanded_by(DAY, RectificationSettings()).values()) == {date(2026, 10, 1)}


@pytest.mark.parametrize(
    ("source", "known", "expected"),
    [
        (Source.SCAN, None, date(2026, 10, 1)),
        (Source.SCAN, date(2026, 8, 31), date(2026, 10, 1)),
        (Source.SCAN, date(2026, 9, 1), date(2026, 9, 1)),
        (Source.SCAN, date(2026, 12, 1), date(2026, 12, 1)),
        (Source.POLICE, None, date(2026, 10, 1)),
        (Source.POLICE, date(2026, 8, 31), date(2026, 8, 31)),
    ],
)
def test_a_deadline_on_record_stays_unless_it_is_ours_and_has_passed(
    source: Source, known: date | None, expected: date
) -> None:
    assert deadline_of(finding(source=source, deadline=known), date(2026, 10, 1), DAY) == expected


@pytest.mark.parametrize("known", [date(2026, 8, 31), date(2026, 9, 1), date(2026, 12, 1)])
def test_a_notice_that_comes_again_keeps_the_deadline_of_the_first(known: date) -> None:
    demanded = finding(notice="整改〔2026〕1号", deadline=known)
    assert deadline_of(demanded, date(2026, 10, 1), DAY) == known


@pytest.mark.parametrize(
    ("owner", "person", "kind", "expected"),
    [
        ("王岗", "王岗", EventKind.PLANNED, date(2026, 10, 1)),
        ("王岗", "", EventKind.PLANNED, date(2099, 1, 1)),
        ("", "公安", EventKind.PLANNED, date(2099, 1, 1)),
        ("", "主任", EventKind.EXTENDED, date(2099, 1, 1)),
    ],
)
def test_what_a_department_planned_by_itself_puts_off_no_notice(
    owner: str, person: str, kind: EventKind, expected: date
) -> None:
    late, soon = date(2099, 1, 1), date(2026, 9, 20)
    event = Event(NOW, kind, owner=owner, person=person, deadline=late)
    claimed = Event(NOW, EventKind.CLAIMED)
    planned = finding(deadline=late, history=(event, claimed))
    assert deadline_of(planned, date(2026, 10, 1), DAY) == expected
    sooner = finding(deadline=soon, history=(replace(event, deadline=soon),))
    assert deadline_of(sooner, date(2026, 10, 1), DAY) == soon


def test_extensions_are_told_with_the_deadline_before() -> None:
    first, second = date(2026, 10, 1), date(2026, 11, 1)
    planned = Event(NOW, EventKind.PLANNED, deadline=first)
    extended = Event(NOW, EventKind.EXTENDED, deadline=second, person="主任", text="设备未到货")
    claimed = Event(NOW, EventKind.CLAIMED)
    found = extensions_of(finding(history=(planned, extended, claimed)))
    assert found == [(first, extended)]
    again = Event(NOW, EventKind.REOPENED)
    assert extensions_of(finding(history=(planned, extended, again))) == []
    assert extensions_of(finding(history=(planned, extended, again, extended))) == [(None, extended)]
