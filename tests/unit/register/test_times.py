"""Points in time as people write them."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.register import load_register, load_settings
from secaudit.register.times import DEFAULT_ZONE, beginning, ending, next_at, shown, use_zone, written
from secaudit.register.values import past_date
from secaudit.report.safe import stamp
from tests.unit.register.workspaces import SYSTEM, WORKSPACE, make, problems_in


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine's own zone is none of the office's; the office's is set back."""
    monkeypatch.setenv("TZ", "UTC+5")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
    use_zone(DEFAULT_ZONE)


def test_a_date_is_a_whole_day_of_the_office() -> None:
    assert beginning("2026-03-01") == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert ending("2026-03-01") == datetime(2026, 3, 1, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-01T22:00",
        "2026-03-01 22:00",
        "2026-03-01T14:00Z",
        "2026-03-01 17:00:00 +0300",
        "2026-03-01T14:00+00:00",
    ],
)
def test_a_time_is_that_moment(text: str) -> None:
    moment = beginning(text)
    assert moment == ending(text) == datetime(2026, 3, 1, 14, tzinfo=UTC)
    assert moment.tzinfo is UTC


def test_times_are_stored_in_utc_and_shown_in_the_zone_of_the_office() -> None:
    moment = datetime(2026, 3, 1, 14, tzinfo=UTC)
    assert written(moment) == "2026-03-01T14:00:00+00:00"
    assert shown(moment) == "2026-03-01 22:00+08:00"


@pytest.mark.parametrize(
    ("zone", "clock", "now", "expected"),
    [
        ("Asia/Shanghai", time_of_day(5), "2026-11-23T22:00+08:00", "2026-11-24T05:00+08:00"),
        ("Asia/Shanghai", time_of_day(23, 30), "2026-11-23T22:00+08:00", "2026-11-23T23:30+08:00"),
        ("Asia/Shanghai", time_of_day(22), "2026-11-23T22:00+08:00", "2026-11-24T22:00+08:00"),
        ("Europe/Berlin", time_of_day(2, 30), "2026-03-29T01:00+01:00", "2026-03-29T03:30+02:00"),
        ("Europe/Berlin", time_of_day(2, 30), "2026-10-25T01:00+02:00", "2026-10-25T02:30+02:00"),
    ],
)
def test_a_time_of_day_is_the_next_such_moment_of_the_office(
    zone: str, clock: time_of_day, now: str, expected: str
) -> None:
    use_zone(zone)
    assert next_at(clock, datetime.fromisoformat(now)) == datetime.fromisoformat(expected)


def test_reports_show_the_zone_of_the_office() -> None:
    assert stamp(datetime(2026, 3, 1, 14, tzinfo=UTC)) == "2026-03-01T22:00:00+08:00"


@pytest.mark.parametrize(
    ("setting", "first_moment"),
    [
        ("", datetime(2026, 2, 28, 16, tzinfo=UTC)),
        ("time_zone: Asia/Urumqi\n", datetime(2026, 2, 28, 18, tzinfo=UTC)),
        ("time_zone: UTC\n", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_the_workspace_names_the_zone_of_all_its_files(
    tmp_path: Path, setting: str, first_moment: datetime
) -> None:
    blackout = "blackouts: [{start: 2026-03-01, end: 2026-03-01, reason: x}]\n"
    allowed = "{id: a, systems: [portal], approver: x, document: y, valid_from: 2026-03-01, valid_until: 2026-03-01}"
    made = make(tmp_path, SYSTEM, settings=WORKSPACE + blackout + setting, a=allowed)
    register = load_register(made)
    assert register.blackouts[0].start == register.authorisations[0].valid_from == first_moment
    assert register.blackouts[0].end == first_moment + timedelta(days=1)
    assert load_settings(made).blackouts == register.blackouts


@pytest.mark.parametrize("name", ["Beijing", "Asia", "../../etc/passwd", "''", "8", "/etc/localtime"])
def test_a_zone_that_is_none_is_named(tmp_path: Path, name: str) -> None:
    (problem,) = problems_in(make(tmp_path, SYSTEM, settings=WORKSPACE + f"time_zone: {name}\n"))
    assert (problem.field, problem.line) == ("time_zone", 4)


def test_the_day_of_the_office_decides_what_is_in_the_future(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secaudit.clock.now", lambda: datetime(2026, 3, 1, 17, tzinfo=UTC))
    assert past_date("2026-03-02") == date(2026, 3, 2)
    with pytest.raises(ValueError, match="not in the future"):
        past_date("2026-03-03")


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "20260301", "2026-03-01T25:00", "0001-01-01T00:00+14:00", 5, None]
)
def test_what_is_no_time_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="a date like"):
        beginning(text)


def test_the_last_day_of_time_has_no_end() -> None:
    with pytest.raises(ValueError, match="a date like"):
        ending("9999-12-31")


@given(
    st.text()
    | st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:?[0-9]{2})?)?\Z")
)
def test_any_text_is_a_moment_or_refused(text: str) -> None:
    try:
        moment = ending(text)
    except ValueError:
        return
    assert moment.tzinfo is UTC
