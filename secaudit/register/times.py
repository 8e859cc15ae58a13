"""Points in time as people write them: dates, or ISO 8601 times with or without an offset.

A date means the day of the office (``time_zone:`` in secaudit.yaml), on whichever machine the tool runs.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

from secaudit import clock
from secaudit.language import _

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(_DATE.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?")

DEFAULT_ZONE: Final = "Asia/Shanghai"

# One process works on one workspace. A context variable would not reach the threads of a scan.
_zone: list[ZoneInfo] = [ZoneInfo(DEFAULT_ZONE)]


def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name; raises ValueError."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:  # unknown; a folder of zones; no name at all
        raise ValueError(_("the name of a time zone like Asia/Shanghai expected")) from error


def use_zone(name: str) -> None:
    """Read and show times in that zone from here on; raises ValueError."""
    _zone[0] = zone_of(name)


def office_zone() -> ZoneInfo:
    """The office's time zone."""
    return _zone[0]


def in_zone(moment: datetime) -> datetime:
    """The same moment in the office's time zone."""
    return moment.astimezone(_zone[0])


def office_day() -> date:
    """The day that it is at the office now."""
    return in_zone(clock.now()).date()


def readings(day: date, minute: int) -> tuple[datetime, datetime]:
    """The moments in UTC that ``minute`` minutes after midnight may mean: two where the clocks change."""
    local = datetime.combine(day, time(), _zone[0]) + timedelta(minutes=minute)
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)


def beginning(text: object) -> datetime:
    """The moment in UTC; a date is its first moment. Without an offset: the office's time zone."""
    return _moment(text, timedelta())


def ending(text: object) -> datetime:
    """The moment in UTC; a date is its last moment: the day is meant whole."""
    return _moment(text, timedelta(days=1))


def _moment(text: object, whole_day: timedelta) -> datetime:
    try:
        if isinstance(text, str) and _DATE.fullmatch(text):
            return datetime.combine(date.fromisoformat(text) + whole_day, time(), _zone[0]).astimezone(UTC)
        if isinstance(text, str) and _TIME.fullmatch(text):
            return _parsed(text)
    except (ValueError, OverflowError):
        pass
    raise ValueError(_("a date like 2026-03-01 or a time like 2026-03-01T22:00+08:00 expected"))


def _parsed(text: str) -> datetime:
    day, rest = text[:10], text[11:].replace(" ", "")
    found = datetime.fromisoformat(f"{day}T{rest}")
    return (found if found.tzinfo else found.replace(tzinfo=_zone[0])).astimezone(UTC)


def next_at(clock: time, now: datetime) -> datetime:
    """The next moment, after ``now``, at which the office's clocks show that time."""
    local = in_zone(now)
    days = (local.date() + timedelta(days=ahead) for ahead in range(3))
    moments = (datetime.combine(day, clock, _zone[0]).astimezone(UTC) for day in days)
    return next(moment for moment in moments if moment > now)


def written(moment: datetime) -> str:
    """As stored in files: UTC with its offset, whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def shown(moment: datetime) -> str:
    """For people: the office's time with its offset, whole minutes."""
    return in_zone(moment).isoformat(sep=" ", timespec="minutes")


Beginning = Annotated[datetime, BeforeValidator(beginning)]
Ending = Annotated[datetime, BeforeValidator(ending)]
