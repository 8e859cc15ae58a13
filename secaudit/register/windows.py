"""Windows of the week: read, written, and held against a moment, all on the office's clock.

Where the clocks change, a window opens at the later and closes at the earlier of the moments that its hours may
mean: whichever reading the approver had in mind, nothing runs outside of it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from secaudit.language import _
from secaudit.model.register import Window
from secaudit.model.text import Text
from secaudit.register.times import in_zone, readings

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK: Final = tuple(f"周{day}" for day in "一二三四五六日")
_CHINESE: Final = {
    **{f"{week}{day}": DAYS[place] for week in ("周", "星期") for place, day in enumerate("一二三四五六日")},
    "周天": "sun",
    "星期天": "sun",
    "每天": "daily",
    "每日": "daily",
    "工作日": "mon-fri",
    "周末": "sat,sun",
}
_SIGNS: Final = str.maketrans({"至": "-", "到": "-", "~": "-", "–": "-", "、": ",", "，": ",", "：": ":"})
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
_DAY_MIN: Final = 24 * 60
# an opening that falls on a change of the clocks may be lost; the one a week later is not
_LOOK_DAYS: Final = 15


def window_from(text: str) -> Window:
    """``mon-fri 22:00-05:00`` or ``周一至周五 22:00-05:00``; raises ValueError with what was expected."""
    days, _space, hours = text.strip().rpartition(" ")
    start, dash, end = hours.translate(_SIGNS).partition("-")
    if not days or not dash:
        raise ValueError(_("days and hours like “mon-fri 22:00-05:00” expected"))
    return make_window(days_from(days), minute_from(start), minute_from(end))


def make_window(days: tuple[int, ...], start_min: int, end_min: int) -> Window:
    """The window; raises ValueError where it would last no time or start after the end of the day."""
    if start_min in (end_min, _DAY_MIN):
        raise ValueError(
            _("hours from 00:00 to 23:59, and an end that differs, expected (a day: 00:00-24:00)")
        )
    return Window(days, start_min, end_min)


def days_from(text: str) -> tuple[int, ...]:
    """``mon-fri``, ``sat,sun``, ``fri-mon``, ``daily`` → weekdays in order, 0 is Monday; raises ValueError."""
    plain = text.strip().lower().translate(_SIGNS).replace(" ", "")
    for word in sorted(_CHINESE, key=len, reverse=True):
        plain = plain.replace(word, _CHINESE[word])
    if plain == "daily":
        return tuple(range(7))
    return tuple(sorted({day for part in plain.split(",") for day in _range(part)}))


def minute_from(text: str) -> int:
    """``22:00`` → minutes after midnight, ``24:00`` → 1440; raises ValueError."""
    found = _CLOCK.fullmatch(text.strip())
    minute = int(found[1]) * 60 + int(found[2]) if found else _DAY_MIN + 1
    if minute > _DAY_MIN:
        raise ValueError(_("an hour like 22:00 expected"))
    return minute


def _range(text: str) -> Iterator[int]:
    first, dash, last = text.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        raise ValueError(_("days like mon-fri, sat,sun or daily expected"))
    day, end = DAYS.index(first), DAYS.index(last or first)
    yield day
    while day != end:
        day = (day + 1) % 7
        yield day


def window_text(window: Window) -> str:
    """As :func:`window_from` reads it."""
    return f"{days_text(window.days)} {clock_text(window.start_min)}-{clock_text(window.end_min)}"


def window_words(window: Window) -> Text:
    """The window for people, in both languages: ``周一至周五 22:00-05:00``."""
    days = days_text(window.days)
    for english, chinese in (("daily", "每天"), ("-", "至"), (",", "、"), *zip(DAYS, _WEEK, strict=True)):
        days = days.replace(english, chinese)
    hours = f"{clock_text(window.start_min)}-{clock_text(window.end_min)}"
    return Text(f"{days} {hours}", window_text(window))


def days_text(days: Sequence[int]) -> str:
    """The shortest of ``daily``, ``mon-fri``, ``sat,sun``."""
    if len(days) == len(DAYS):
        return "daily"
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
    return ",".join(DAYS[day] for day in days)


def clock_text(minute: int) -> str:
    """``1320`` → ``22:00``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def is_open(windows: Sequence[Window], at: datetime) -> bool:
    """Whether one of them is open; without any it always is."""
    return not windows or any(start <= at < end for start, end in _openings(windows, at, 1))


def next_opening(windows: Sequence[Window], at: datetime) -> datetime | None:
    """The first moment, not before that one, at which one of them is open; None when there is none."""
    if is_open(windows, at):
        return at
    return min((start for start, _end in _openings(windows, at, _LOOK_DAYS) if start > at), default=None)


def closing(windows: Sequence[Window], at: datetime) -> datetime | None:
    """When those that are open at that moment have all closed; None when one is always open."""
    openings = list(_openings(windows, at, _LOOK_DAYS))
    end = at
    while later := [until for start, until in openings if start <= end < until]:
        end = max(later)
    return None if not windows or end - at > timedelta(days=7) else end


def _openings(windows: Sequence[Window], at: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
    """From when until when windows are open that open on the day before or on one of those days."""
    today = in_zone(at).date().toordinal()
    for ordinal in range(max(today - 1, 2), min(today + days, date.max.toordinal() - 2)):
        day = date.fromordinal(ordinal)
        for window in windows:
            if day.weekday() in window.days and (opening := opening_on(window, day)):
                yield opening


def opening_on(window: Window, day: date) -> tuple[datetime, datetime] | None:
    """From when until when it is open that opens on that day, whatever its weekday.

    None where the clocks change so that no moment is surely within.
    """
    over_midnight = window.end_min <= window.start_min
    start = max(readings(day, window.start_min))
    end = min(readings(day, window.end_min + (_DAY_MIN if over_midnight else 0)))
    return (start, end) if start < end else None
