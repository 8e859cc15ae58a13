"""What an office lays down for its nights: when they are, what is scanned how often, what is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from secaudit.model.register import Window

DAILY: Final = tuple(range(7))
NOON_MIN: Final = 12 * 60
# a database of its own: no audit, finding or trend takes a night of a few checks for a whole one
WATCH_DATABASE: Final = "secaudit-watch.db"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a system is scanned: on nights of these weekdays (0 is Monday), at most once in ``nights``."""

    days: tuple[int, ...] = DAILY
    nights: int = 1


EVERY_NIGHT: Final = Rhythm()
ANY_TIME: Final = Window(DAILY, NOON_MIN, NOON_MIN)


@dataclass(frozen=True, slots=True)
class WatchPeriod:
    """A period of heavy protection (重保) with its last day; ``systems``: only these, all where none is named.

    ``checks`` are looked at instead of those that ship (``reports/watch/checks.yaml``) where any are named.
    """

    begin: date
    end: date
    systems: tuple[str, ...] = ()
    person: str = ""
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nightly:
    """``window.days`` are the days on whose evenings a night is expected; without hours it lasts from noon to noon.

    No visit begins after ``last_start_min`` (minutes after midnight; None: the end of the window). ``systems``:
    system → its own rhythm. ``packages_by``: who is on record as builder of packages; nobody: none are built.
    """

    window: Window = ANY_TIME
    last_start_min: int | None = None
    rhythm: Rhythm = EVERY_NIGHT
    systems: Mapping[str, Rhythm] = field(default_factory=dict)
    formats: tuple[str, ...] = ("html", "json")
    reports: str = "reports"
    packages_by: str = ""
    watches: tuple[WatchPeriod, ...] = ()

    def rhythm_of(self, system_id: str) -> Rhythm:
        """How often that system is scanned."""
        return self.systems.get(system_id, self.rhythm)
