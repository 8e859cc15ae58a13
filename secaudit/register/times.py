"""Points in time as people write them: dates, or ISO 8601 times with or without an offset."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator

from secaudit.language import _

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(_DATE.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?( ?(Z|[+-][0-9]{2}:?[0-9]{2}))?")


def beginning(text: object) -> datetime:
    """The moment in UTC; a date is its first moment. Without an offset: this machine's time zone."""
    return _moment(text, timedelta())


def ending(text: object) -> datetime:
    """The moment in UTC; a date is its last moment: the day is meant whole."""
    return _moment(text, timedelta(days=1))


def _moment(text: object, whole_day: timedelta) -> datetime:
    try:
        if isinstance(text, str) and _DATE.fullmatch(text):
            return datetime.combine(date.fromisoformat(text) + whole_day, time()).astimezone(UTC)
        if isinstance(text, str) and _TIME.fullmatch(text):
            return (
                datetime.fromisoformat(text.replace(" ", "")).astimezone(UTC)
                if "T" in text
                else _spaced(text)
            )
    except (ValueError, OverflowError):
        pass
    raise ValueError(_("a date like 2026-03-01 or a time like 2026-03-01T22:00+08:00 expected"))


def _spaced(text: str) -> datetime:
    day, rest = text.split(" ", 1)
    return datetime.fromisoformat(f"{day}T{rest.replace(' ', '')}").astimezone(UTC)


def written(moment: datetime) -> str:
    """As stored in files: UTC with its offset, whole seconds."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def shown(moment: datetime) -> str:
    """For people: the local time with its offset, whole minutes."""
    return moment.astimezone().isoformat(sep=" ", timespec="minutes")


Beginning = Annotated[datetime, BeforeValidator(beginning)]
Ending = Annotated[datetime, BeforeValidator(ending)]
