"""Points in time as people write them."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.register.times import beginning, ending, shown, written


@pytest.fixture
def beijing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC-8")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("beijing")
def test_a_date_is_a_whole_day_of_this_machine() -> None:
    assert beginning("2026-03-01") == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert ending("2026-03-01") == datetime(2026, 3, 1, 16, tzinfo=UTC)


@pytest.mark.usefixtures("beijing")
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


@pytest.mark.usefixtures("beijing")
def test_times_are_stored_in_utc_and_shown_locally() -> None:
    moment = datetime(2026, 3, 1, 14, tzinfo=UTC)
    assert written(moment) == "2026-03-01T14:00:00+00:00"
    assert shown(moment) == "2026-03-01 22:00+08:00"


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
