"""When nights are started: days and a time of day, as people, systemd.time(7) and crontab(5) write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count, islice
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.nightly import DAILY
from secaudit.register.windows import DAYS, days_from, days_text

_CLOCK: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_EVERY_DATE: Final = "*-*-*"
_DAY_MIN: Final = 24 * 60
_LONG_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekdays (0 is Monday) and seconds after midnight."""

    days: tuple[int, ...]
    second: int

    @property
    def minute(self) -> int:
        """Minutes after midnight."""
        return self.second // 60

    def __str__(self) -> str:
        """``mon-fri 23:10``."""
        clock = str(timedelta(seconds=self.second)).rjust(8, "0").removesuffix(":00")
        return clock if self.days == DAILY else f"{days_text(self.days)} {clock}"

    def later(self, minutes: int) -> "Calendar":
        """The same so many minutes later (or earlier), over midnight on the next days."""
        second = self.second + minutes * 60
        over = second // (_DAY_MIN * 60)
        days = tuple(sorted((day + over) % 7 for day in self.days))
        return Calendar(days, second % (_DAY_MIN * 60))


def calendar_from(text: str) -> Calendar:
    """``23:10``, ``mon-fri 23:10``, ``Mon..Fri *-*-* 23:10:00``, ``周一至周五 23:10``; raises UsageError."""
    *before, clock = text.replace("：", ":").split() or [""]
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise _refused(text, _("a time of day like 23:10 expected at its end"))
    if before[-1:] == [_EVERY_DATE]:
        before.pop()
    if len(before) > 1 or any("*" in word or "/" in word for word in before):
        raise _refused(text, _("weekdays (mon-fri, Mon..Fri, daily) or *-*-* expected before the time"))
    hour, minute, second = (int(part or 0) for part in found.groups())
    return Calendar(_days(text, before[0]) if before else DAILY, hour * 3600 + minute * 60 + second)


def _days(text: str, word: str) -> tuple[int, ...]:
    plain = word.lower().replace("..", "-")
    for short, long in zip(DAYS, _LONG_NAMES, strict=True):
        plain = plain.replace(long, short)
    try:
        return days_from(plain)
    except ValueError as error:
        raise _refused(text, str(error)) from error


def _refused(text: str, reason: str) -> UsageError:
    return UsageError(
        _("“{text}” is no time at which nights could start: {reason}.").format(text=text, reason=reason),
        hint=_("For example: --at 23:10 or --at “mon-fri 23:10” or --at “Mon..Fri *-*-* 23:10:00”"),
    )


def systemd_text(calendar: Calendar, zone: str) -> str:
    """For ``OnCalendar=``; ``zone`` is an IANA name, "" for that of the machine."""
    days = (
        ""
        if calendar.days == DAILY
        else ",".join(_range(part) for part in days_text(calendar.days).split(","))
    )
    clock = str(timedelta(seconds=calendar.second)).rjust(8, "0")
    return " ".join(part for part in (days, _EVERY_DATE, clock, zone) if part)


def _range(part: str) -> str:
    return part.title().replace("-", "..")


def cron_fields(calendar: Calendar) -> str:
    """The five fields of crontab(5), in which Sunday is 0; seconds are left out."""
    days = "*" if calendar.days == DAILY else ",".join(str((day + 1) % 7) for day in calendar.days)
    return f"{calendar.minute % 60} {calendar.minute // 60} * * {days}"


def next_times(calendar: Calendar, zone: tzinfo, after: datetime, how_many: int) -> list[datetime]:
    """The next moments (UTC) after that one. A time that a change of the clocks leaves out is no moment of its day."""
    return list(islice(_moments(calendar, zone, after), how_many))


def last_time(calendar: Calendar, zone: tzinfo, before: datetime) -> datetime:
    """The newest moment that is not after that one."""
    return list(_until(calendar, zone, before))[-1]


def _until(calendar: Calendar, zone: tzinfo, before: datetime) -> Iterator[datetime]:
    for moment in _moments(calendar, zone, before - timedelta(days=15)):
        if moment > before:
            return
        yield moment


def _moments(calendar: Calendar, zone: tzinfo, after: datetime) -> Iterator[datetime]:
    first = after.astimezone(zone).date()
    for ahead in count():
        day = first + timedelta(days=ahead)
        moment = _moment(calendar, zone, day) if day.weekday() in calendar.days else None
        if moment and moment > after:
            yield moment


def _moment(calendar: Calendar, zone: tzinfo, day: date) -> datetime | None:
    """Of two readings the first."""
    local = datetime.combine(day, time(), zone) + timedelta(seconds=calendar.second)
    moment = local.astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def on_clock_of(machine: tzinfo, calendar: Calendar, zone: tzinfo, now: datetime) -> Calendar:
    """The same moments on the machine's clock. Raises UsageError where the two clocks do not keep step for a year."""
    apart = {_apart(machine, zone, now + timedelta(days=10 * tenth)) for tenth in range(38)}
    if len(apart) > 1:
        raise UsageError(
            _(
                "The clock of this machine and that of the office ({zone}) do not keep step over the year."
            ).format(zone=zone),
            hint=_("Set the time zone of this machine to that of the office (timedatectl set-timezone)."),
        )
    return calendar.later(apart.pop())


def _apart(machine: tzinfo, zone: tzinfo, at: datetime) -> int:
    """Minutes by which the machine's clock is ahead of the office's."""
    there, here = at.astimezone(zone).utcoffset(), at.astimezone(machine).utcoffset()
    assert there is not None
    assert here is not None
    return int((here - there).total_seconds() // 60)
