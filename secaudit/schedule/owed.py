"""Which systems a night owes a scan, and why not the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from secaudit.model.nightly import Nightly
from secaudit.model.register import System
from secaudit.schedule.nights import Night, night_of


class Why(StrEnum):
    """DUE, or what keeps a system from being scanned this night."""

    DUE = "due"
    DONE = "scanned this night"
    OTHER_DAYS = "scanned on other days"
    RECENT = "scanned in the last days"
    NEVER = "never scanned at night"


@dataclass(frozen=True, slots=True)
class Owed:
    """A system, and whether it is scanned this night; ``last``: when its newest whole run began."""

    system: str
    why: Why
    last: datetime | None


def owed_by(
    settings: Nightly, systems: Iterable[System], last_scans: Mapping[str, datetime], night: Night
) -> list[Owed]:
    """Every system; ``last_scans``: system → when its newest whole and complete run began."""
    return [
        Owed(
            system.id, _why(settings, system.id, last_scans.get(system.id), night), last_scans.get(system.id)
        )
        for system in systems
    ]


def _why(settings: Nightly, system_id: str, last: datetime | None, night: Night) -> Why:
    rhythm = settings.rhythm_of(system_id)
    if not rhythm.days:
        return Why.NEVER
    if night.day.weekday() not in rhythm.days:
        return Why.OTHER_DAYS
    if last is None:
        return Why.DUE
    if night.has(last):
        return Why.DONE
    # what a clock that ran ahead left in days to come holds nothing back
    since = night.day - night_of(settings, last).day
    return Why.RECENT if timedelta() < since < timedelta(days=rhythm.nights) else Why.DUE
