"""Windows of the week on the office's clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.model.register import Window
from secaudit.register.times import DEFAULT_ZONE, beginning, use_zone
from secaudit.register.windows import closing, is_open, next_opening, window_from, window_text

NIGHTS = (window_from("mon-fri 22:00-05:00"),)


@pytest.fixture(autouse=True)
def _zone() -> Iterator[None]:
    yield
    use_zone(DEFAULT_ZONE)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mon-fri 22:00-05:00", "mon-fri 22:00-05:00"),
        ("周一至周五 22:00-05:00", "mon-fri 22:00-05:00"),
        ("星期六、星期日 00:00-24:00", "sat,sun 00:00-24:00"),
        ("周天 01:00到02:00", "sun 01:00-02:00"),
        ("工作日，周六 20:00-23:30", "mon-sat 20:00-23:30"),
        ("每天 01:00-02:00", "daily 01:00-02:00"),
        ("fri-mon 00:00-24:00", "mon,fri,sat,sun 00:00-24:00"),
        ("Wed 08:00-09:00", "wed 08:00-09:00"),
        ("sat, sun 00:00-06:00", "sat,sun 00:00-06:00"),
    ],
)
def test_a_window_as_people_write_it(text: str, meant: str) -> None:
    assert window_text(window_from(text)) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", "mon-fri", "22:00-05:00", "mon 22:00", "mon 22:00-22:00", "mon 24:00-05:00", "mon 22:00-24:01"),
        *("mon 25:00-05:00", "moon 22:00-05:00", "mon-moon 22:00-05:00", "mon 9:00-10:00", "- 22:00-23:00"),
    ],
)
def test_what_is_no_window_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        window_from(text)


@pytest.mark.parametrize(
    ("at", "is_within"),
    [
        ("2026-11-27T21:59", False),  # a Friday
        ("2026-11-27T22:00", True),
        ("2026-11-28T04:59", True),  # Saturday, of Friday's window
        ("2026-11-28T05:00", False),
        ("2026-11-28T23:00", False),
        ("2026-11-30T04:00", False),  # Monday, and Sunday opens none
        ("2026-12-01T04:00", True),
    ],
)
def test_a_window_reaches_over_midnight(at: str, *, is_within: bool) -> None:
    assert is_open(NIGHTS, beginning(at)) is is_within


def test_without_windows_it_is_always_open() -> None:
    now = beginning("2026-11-28")
    assert is_open((), now)
    assert (next_opening((), now), closing((), now)) == (now, None)


def test_windows_that_touch_are_one() -> None:
    weekend = (window_from("fri 20:00-24:00"), window_from("sat 00:00-24:00"), window_from("sun 00:00-06:00"))
    at = beginning("2026-11-27T21:00")
    assert closing(weekend, at) == beginning("2026-11-29T06:00")
    assert closing((window_from("daily 00:00-24:00"),), at) is None
    assert closing(weekend, beginning("2026-11-26")) == beginning("2026-11-26")


@pytest.mark.parametrize(
    ("window", "start", "end"),
    [
        # 25 October 2026, 03:00 becomes 02:00 (UTC+2, then UTC+1)
        ("sun 01:00-04:00", "2026-10-24T23:00Z", "2026-10-25T03:00Z"),
        ("sun 01:00-02:30", "2026-10-24T23:00Z", "2026-10-25T00:30Z"),  # closes at the first 02:30
        ("sun 02:30-04:00", "2026-10-25T01:30Z", "2026-10-25T03:00Z"),  # opens at the second one
        # 29 March 2026, 02:00 becomes 03:00
        ("sun 01:00-04:00", "2026-03-29T00:00Z", "2026-03-29T02:00Z"),
        ("sun 01:00-02:30", "2026-03-29T00:00Z", "2026-03-29T00:30Z"),
        ("sun 02:30-04:00", "2026-03-29T01:30Z", "2026-03-29T02:00Z"),
    ],
)
def test_where_the_clocks_change_a_window_keeps_to_both_readings(window: str, start: str, end: str) -> None:
    use_zone("Europe/Berlin")
    windows, first = (window_from(window),), beginning(start)
    assert next_opening(windows, first - timedelta(hours=12)) == first
    assert closing(windows, first) == beginning(end)


def test_a_window_that_the_clocks_leave_no_moment_opens_a_week_later() -> None:
    use_zone("Europe/Berlin")
    windows = (window_from("sun 02:15-02:45"),)
    assert next_opening(windows, beginning("2026-03-28")) == beginning("2026-04-05T02:15")
    assert next_opening(windows, beginning("2026-10-24")) == beginning("2026-11-01T02:15")


def test_the_ends_of_time_are_no_trouble() -> None:
    assert next_opening(NIGHTS, datetime(9999, 12, 30, tzinfo=UTC)) is None
    assert next_opening(NIGHTS, datetime(1, 1, 3, tzinfo=UTC)) == datetime(1, 1, 3, 13, 54, 17, tzinfo=UTC)


WINDOWS = st.lists(
    st.builds(
        Window,
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        st.integers(0, 1439),
        st.integers(0, 1440),
    ).filter(lambda window: window.start_min != window.end_min),
    min_size=1,
    max_size=3,
).map(tuple)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe"])


@given(WINDOWS, MOMENTS, ZONES)
def test_opening_closing_and_being_open_agree(windows: tuple[Window, ...], at: datetime, zone: str) -> None:
    use_zone(zone)
    opening = next_opening(windows, at)
    assert opening is not None  # within two weeks each day of the week comes twice
    assert opening >= at
    assert is_open(windows, opening)
    assert (opening == at) is is_open(windows, at)
    if opening > at:
        for share in (0, 0.3, 0.7):
            assert not is_open(windows, at + (opening - at) * share)
        assert not is_open(windows, opening - timedelta(microseconds=1))
    end = closing(windows, opening)
    if end is not None:
        assert end > opening
        assert not is_open(windows, end)
        assert is_open(windows, end - timedelta(microseconds=1))


@given(WINDOWS)
def test_a_window_is_read_as_it_is_written(windows: tuple[Window, ...]) -> None:
    assert tuple(window_from(window_text(window)) for window in windows) == windows


@given(st.text(max_size=30))
def test_any_text_is_a_window_or_refused(text: str) -> None:
    try:
        window = window_from(text)
    except ValueError:
        return
    assert next_opening((window,), datetime.combine(date(2026, 1, 1), datetime.min.time(), UTC))
