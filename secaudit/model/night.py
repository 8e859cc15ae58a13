"""What a night came to, in figures: what its notices are made of."""

from dataclasses import dataclass
from datetime import date

from secaudit.model.notice import NO_COUNTS, NoticeCounts, WatchVerdict


@dataclass(frozen=True, slots=True)
class Due:
    """So many are due on that day by a document (its number as registered, "" where there is none)."""

    document: str
    day: date
    count: int = 1


@dataclass(frozen=True, slots=True)
class Returned:
    """A package that an agency sent back on that day."""

    number: str
    day: date


@dataclass(frozen=True, slots=True)
class SystemNight:
    """The figures of a system: ``due`` of its open findings with a deadline, ``packages`` of what agencies are due.

    ``verdict``: what a watch of it came to.
    """

    system: str
    counts: NoticeCounts = NO_COUNTS
    due: tuple[Due, ...] = ()
    packages: tuple[Due, ...] = ()
    returned: tuple[Returned, ...] = ()
    verdict: WatchVerdict | None = None


@dataclass(frozen=True, slots=True)
class NightSummary:
    """A night by the date on which it began. ``previous`` is the last night that happened before, if any.

    ``missed`` nights since then did not happen; ``failed``: this one came to no end.
    ``is_watch``: it was one of heavy protection.
    """

    night: date
    systems: tuple[SystemNight, ...]
    previous: date | None = None
    missed: int = 0
    failed: bool = False
    is_watch: bool = False
