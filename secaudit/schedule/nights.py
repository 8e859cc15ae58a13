"""Nights by the office's clocks: each is named by the date on which its window opens."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from secaudit.model.nightly import Nightly
from secaudit.register.times import in_zone, readings
from secaudit.register.windows import opening_on

_DAY_MIN: Final = 24 * 60
# a window may be swallowed by a change of the clocks, two of them are not
_LOOK_DAYS: Final = 3
# nobody reads more nights that did not happen
_MOST_MISSED: Final = 1000


@dataclass(frozen=True, slots=True)
class Night:
    """From when until when its window is open; no visit begins after ``last_start``; ``next``: the next one opens."""

    day: date
    opens: datetime
    closes: datetime
    last_start: datetime
    next: datetime

    def is_open(self, at: datetime) -> bool:
        """Whether it is within the window."""
        return self.opens <= at < self.closes

    def has(self, at: datetime) -> bool:
        """Whether what began at that moment belongs to this night: to its window, or after it to no later one."""
        return self.opens <= at < self.next


def night_of(settings: Nightly, at: datetime) -> Night:
    """The night whose window opened last at that moment."""
    today = in_zone(at).date()
    for day in (today - timedelta(days=back) for back in range(_LOOK_DAYS)):
        opening = opening_on(settings.window, day)
        if opening and opening[0] <= at:
            return _night(settings, day, opening)
    raise AssertionError("of three nights in a row one has a window that opened")


def missed_nights(settings: Nightly, after: date, before: date) -> Iterator[date]:
    """The nights between these two, both left out, that were expected; of very many the newest."""
    first = max(after + timedelta(days=1), before - timedelta(days=_MOST_MISSED))
    for ordinal in range(first.toordinal(), before.toordinal()):
        day = date.fromordinal(ordinal)
        if is_expected(settings, day):
            yield day


def is_expected(settings: Nightly, day: date) -> bool:
    """Whether there is to be a night that is named by that day."""
    return day.weekday() in settings.window.days and opening_on(settings.window, day) is not None


def opens_on(settings: Nightly, day: date) -> datetime | None:
    """When the window of that night opens; None where a change of the clocks swallows it."""
    opening = opening_on(settings.window, day)
    return opening[0] if opening else None


def _night(settings: Nightly, day: date, opening: tuple[datetime, datetime]) -> Night:
    opens, closes = opening
    later = (opens_on(settings, day + timedelta(days=ahead)) for ahead in range(1, _LOOK_DAYS))
    return Night(
        day=day,
        opens=opens,
        closes=closes,
        last_start=_last_start(settings, day, closes),
        next=next(moment for moment in later if moment),
    )


def _last_start(settings: Nightly, day: date, closes: datetime) -> datetime:
    """Where the clocks change the earlier of the moments that the time may mean."""
    minute = settings.last_start_min
    if minute is None:
        return closes
    over_midnight = minute < settings.window.start_min
    return min(*readings(day, minute + (_DAY_MIN if over_midnight else 0)), closes)
