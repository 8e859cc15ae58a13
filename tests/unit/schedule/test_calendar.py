"""When nights are started, as people, systemd and cron write it."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.errors import UsageError
from secaudit.schedule.calendar import (
    Calendar,
    calendar_from,
    cron_fields,
    last_time,
    next_times,
    on_clock_of,
    systemd_text,
)
from secaudit.schedule.crontab import calendar_of

EVERY = tuple(range(7))
BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("text", "shown", "systemd", "cron"),
    [
        ("23:10", "23:10", "*-*-* 23:10:00", "10 23 * * *"),
        ("*-*-* 23:10:00", "23:10", "*-*-* 23:10:00", "10 23 * * *"),
        ("daily 1:05", "01:05", "*-*-* 01:05:00", "5 1 * * *"),
        ("mon-fri 23:10", "mon-fri 23:10", "Mon..Fri *-*-* 23:10:00", "10 23 * * 1,2,3,4,5"),
        ("Mon..Fri *-*-* 23:10:30", "mon-fri 23:10:30", "Mon..Fri *-*-* 23:10:30", "10 23 * * 1,2,3,4,5"),
        ("Saturday,Sunday 02:00", "sat,sun 02:00", "Sat,Sun *-*-* 02:00:00", "0 2 * * 6,0"),
        ("周一至周五 23：10", "mon-fri 23:10", "Mon..Fri *-*-* 23:10:00", "10 23 * * 1,2,3,4,5"),
        ("每天 00:00", "00:00", "*-*-* 00:00:00", "0 0 * * *"),
    ],
)
def test_a_time_as_people_write_it(text: str, shown: str, systemd: str, cron: str) -> None:
    found = calendar_from(text)
    assert (str(found), systemd_text(found, ""), cron_fields(found)) == (shown, systemd, cron)
    assert calendar_from(systemd) == found
    assert calendar_from(shown) == found


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a time of day like 23:10"),
        ("24:00", "a time of day like 23:10"),
        ("23:60", "a time of day like 23:10"),
        ("hourly", "a time of day like 23:10"),
        ("*-*-* *:00:00", "a time of day like 23:10"),
        ("*-*-01 23:10", "weekdays"),
        ("2026-11-28 23:10", "days like mon-fri"),
        ("mon fri 23:10", "weekdays"),
        ("someday 23:10", "days like mon-fri"),
        ("mon/2 23:10", "weekdays"),
        ("23:10; reboot", "a time of day like 23:10"),
    ],
)
def test_what_is_none_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(UsageError, match="is no time at which nights could start") as refused:
        calendar_from(text)
    assert reason in str(refused.value)


@given(
    days=st.sets(st.integers(0, 6), min_size=1), minute=st.integers(0, 1439), later=st.integers(-1440, 1440)
)
def test_every_one_is_read_back(days: set[int], minute: int, later: int) -> None:
    calendar = Calendar(tuple(sorted(days)), minute * 60)
    assert calendar_from(str(calendar)) == calendar
    assert calendar_from(systemd_text(calendar, "")) == calendar
    assert calendar_of(f"{cron_fields(calendar)} x") == calendar
    assert calendar.later(later).later(-later) == calendar


@given(text=st.text(max_size=40))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        calendar_from(text)
    except UsageError:
        return


def test_the_next_and_the_last() -> None:
    nights = calendar_from("mon-fri 23:10")
    assert [f"{m.astimezone(SHANGHAI):%a %d %H:%M}" for m in next_times(nights, SHANGHAI, NOW, 3)] == [
        "Mon 30 23:10",
        "Tue 01 23:10",
        "Wed 02 23:10",
    ]
    assert last_time(nights, SHANGHAI, NOW) == NOW - timedelta(minutes=20)


def test_where_the_clocks_change() -> None:
    nights = calendar_from("02:30")
    spring = datetime(2026, 3, 28, 0, 0, tzinfo=UTC)
    assert [f"{m:%d %H:%M}" for m in next_times(nights, BERLIN, spring, 3)] == [
        "28 01:30",
        "30 00:30",
        "31 00:30",
    ]
    autumn = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)
    assert [f"{m:%d %H:%M}" for m in next_times(nights, BERLIN, autumn, 2)] == ["25 00:30", "26 01:30"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")
@pytest.mark.parametrize("text", ["23:10", "mon-fri 23:10", "sat,sun 02:00", "mon,wed,fri 04:45"])
def test_systemd_means_the_same(text: str) -> None:
    calendar = calendar_from(text)
    done = subprocess.run(
        [
            *("systemd-analyze", "calendar", "--iterations=5", "--base-time=2026-11-27 15:30:00 UTC"),
            systemd_text(calendar, "Europe/Berlin"),
        ],
        capture_output=True,
        text=True,
        check=True,
        env={"TZ": "UTC", "LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    told = [line.partition(": ")[2] for line in done.stdout.splitlines() if line.rstrip().endswith("UTC")]
    expected = [f"{m:%a %Y-%m-%d %H:%M:%S UTC}" for m in next_times(calendar, BERLIN, NOW, 5)]
    assert told == expected


def test_on_another_clock_that_keeps_step() -> None:
    assert on_clock_of(UTC, calendar_from("mon 01:10"), SHANGHAI, NOW) == calendar_from("sun 17:10")
    assert on_clock_of(SHANGHAI, calendar_from("mon 23:10"), SHANGHAI, NOW) == calendar_from("mon 23:10")
    with pytest.raises(UsageError, match="do not keep step over the year"):
        on_clock_of(BERLIN, calendar_from("23:10"), SHANGHAI, NOW)
