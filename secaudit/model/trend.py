"""How a system, an item or a check did over time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Per(StrEnum):
    """How long a period is. Weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class By(StrEnum):
    """What is followed."""

    ORGANISATION = "organisation"
    SYSTEM = "system"
    ITEM = "item"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Period:
    """From a day on, until before another."""

    per: Per
    begin: date
    end: date


@dataclass(frozen=True, slots=True)
class Point:
    """What was known at the end of a period.

    ``figures`` of an organisation or a system: ``failing`` checks on objects, among them ``high``, ``medium``, ``low``
    (and ``unrated``: of checks that today's content does not have), ``offenders``; ``judged``, ``unknown`` and
    ``manual`` verdicts; ``assets`` and ``reached`` ones. Of an item or a check: ``failing`` and ``unknown`` objects.
    ``audited`` of ``systems`` were audited whole within the period; of the others their last figures before it count.
    ``runs`` are the runs that figures come from, ``oldest`` is when the first of them began.
    """

    period: Period
    figures: Mapping[str, int]
    systems: int
    audited: int
    runs: tuple[str, ...]
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Trend:
    """One organisation, system, item or check: a point a period, None where nothing was audited in it."""

    id: str
    points: tuple[Point | None, ...]
