"""Nights by the office's clocks: named by the evening, also where the clocks change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.model.nightly import Nightly
from secaudit.model.register import Window
from secaudit.register.times import DEFAULT_ZONE, use_zone
from secaudit.register.windows import DAYS
from secaudit.schedule.nights import is_expected, missed_nights, night_of

EVERY = tuple(range(7))
BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"
LATE = Nightly(window=Window(EVERY, 23 * 60, 5 * 60), last_start_min=4 * 60 + 30)


@pytest.fixture(autouse=True)
def zone() -> Iterator[None]:
    yield
    use_zone(DEFAULT_ZONE)


def local(zone: str, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize("zone", [BERLIN, SHANGHAI])
@pytest.mark.parametrize(
    ("clock", "day"),
    [
        ("2026-11-27 22:59", "2026-11-26"),
        ("2026-11-27 23:00", "2026-11-27"),
        ("2026-11-27 23:59", "2026-11-27"),
        ("2026-11-28 00:00", "2026-11-27"),
        ("2026-11-28 04:59", "2026-11-27"),
        ("2026-11-28 12:00", "2026-11-27"),
    ],
)
def test_a_night_belongs_to_its_evening(zone: str, clock: str, day: str) -> None:
    use_zone(zone)
    assert night_of(LATE, local(zone, clock)).day == date.fromisoformat(day)


def test_the_window_and_the_last_start() -> None:
    night = night_of(LATE, local(SHANGHAI, "2026-11-28 01:00"))
    assert (night.opens, night.closes) == (
        local(SHANGHAI, "2026-11-27 23:00"),
        local(SHANGHAI, "2026-11-28 05:00"),
    )
    assert night.last_start == local(SHANGHAI, "2026-11-28 04:30")
    assert night.next == local(SHANGHAI, "2026-11-28 23:00")
    assert night.is_open(night.opens)
    assert not night.is_open(night.closes)
    assert night.has(night.closes)
    assert not night.has(night.next)


def test_without_hours_a_night_lasts_from_noon_to_noon() -> None:
    night = night_of(Nightly(), local(SHANGHAI, "2026-11-28 11:59"))
    assert (night.day, night.last_start) == (date(2026, 11, 27), local(SHANGHAI, "2026-11-28 12:00"))
    assert night_of(Nightly(), local(SHANGHAI, "2026-11-28 12:00")).day == date(2026, 11, 28)


def test_hours_of_the_day_name_their_own_date() -> None:
    day = Nightly(window=Window(EVERY, 9 * 60, 17 * 60), last_start_min=16 * 60)
    night = night_of(day, local(SHANGHAI, "2026-11-28 10:00"))
    assert (night.day, night.last_start) == (date(2026, 11, 28), local(SHANGHAI, "2026-11-28 16:00"))


@pytest.mark.parametrize(
    ("evening", "hours"), [("2026-10-24", 7), ("2026-03-28", 5), ("2026-06-10", 6)]
)  # 25 October has its third hour twice, 29 March has none
def test_where_the_clocks_change_the_night_keeps_its_name(evening: str, hours: int) -> None:
    use_zone(BERLIN)
    night = night_of(LATE, local(BERLIN, f"{evening} 23:30"))
    assert night.closes - night.opens == timedelta(hours=hours)
    moment = night.opens
    while moment < night.closes:
        assert night_of(LATE, moment).day == date.fromisoformat(evening)
        moment += timedelta(minutes=10)


def test_the_last_start_is_the_earlier_of_two() -> None:
    use_zone(BERLIN)
    twice = Nightly(window=Window(EVERY, 23 * 60, 5 * 60), last_start_min=2 * 60 + 30)
    night = night_of(twice, local(BERLIN, "2026-10-24 23:30"))
    assert night.last_start == local(BERLIN, "2026-10-25 02:30", fold=0)


def test_a_window_that_the_clocks_swallow_is_no_night_and_not_missed() -> None:
    use_zone(BERLIN)
    short = Nightly(window=Window(EVERY, 2 * 60, 3 * 60))
    assert not is_expected(short, date(2026, 3, 29))
    assert night_of(short, local(BERLIN, "2026-03-29 12:00")).day == date(2026, 3, 28)
    assert list(missed_nights(short, date(2026, 3, 27), date(2026, 3, 31))) == [
        date(2026, 3, 28),
        date(2026, 3, 30),
    ]


def test_another_zone_names_the_same_moment_by_its_own_date() -> None:
    moment = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)  # 00:30 in Shanghai, 17:30 in Berlin
    assert night_of(LATE, moment).day == date(2026, 11, 27)
    use_zone(BERLIN)
    assert night_of(LATE, moment).day == date(2026, 11, 26)


def test_missed_are_the_expected_nights_between_two() -> None:
    working_days = Nightly(window=Window((0, 1, 2, 3, 4), 23 * 60, 5 * 60))
    found = list(missed_nights(working_days, date(2026, 11, 26), date(2026, 12, 1)))  # a Thursday, a Tuesday
    assert [DAYS[day.weekday()] for day in found] == ["fri", "mon"]
    assert list(missed_nights(working_days, date(2026, 11, 26), date(2026, 11, 26))) == []
    assert list(missed_nights(working_days, date(2026, 11, 27), date(2026, 11, 26))) == []


def test_years_of_absence_are_cut() -> None:
    found = list(missed_nights(Nightly(), date(1970, 1, 1), date(2026, 11, 27)))
    assert (len(found), found[-1]) == (1000, date(2026, 11, 26))


@given(
    zone=st.sampled_from([BERLIN, SHANGHAI, "Australia/Lord_Howe", "America/New_York"]),
    ahead_s=st.integers(0, 12 * 366 * 86_400),
    start=st.integers(0, 1439),
    length=st.integers(1, 1439),
)
def test_every_moment_is_of_one_night(zone: str, ahead_s: int, start: int, length: int) -> None:
    use_zone(zone)
    settings = Nightly(window=Window(EVERY, start, (start + length) % 1440 or 1440))
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=ahead_s)
    night = night_of(settings, at)
    assert night.opens <= at < night.next
    assert night.opens < night.closes
    assert night_of(settings, night.opens).day == night.day
    assert night_of(settings, night.next).day > night.day
