"""What has been kept long enough and goes, what stays, and why: a pure decision over what there is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from secaudit.model.retention import LEAST_MONTHS, Kind
from secaudit.register.cycles import months_later

# how long runs may wait to go together at night
BATCH: Final = timedelta(days=7)


class Reason(StrEnum):
    """Why something goes (its time is over) or stays, whatever its age."""

    OVER = "over"
    YOUNG = "young"
    RUNNING = "running"
    NEWEST = "newest"
    NEWEST_VISIT = "newest_visit"
    FINDING = "finding"
    PACKAGE = "package"
    ACT = "act"
    REPORT_OF_KEPT = "report_of_kept"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is kept for a time. ``id`` is a run's, or a path in the workspace; ``moment``: its end."""

    kind: Kind
    id: str
    moment: datetime
    size_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an item stays, and what rests on it: a system, an asset, findings, a package, an act."""

    reason: Reason
    by: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of an item."""

    item: Item
    hold: Hold

    @property
    def goes(self) -> bool:
        """Whether it is taken away."""
        return self.hold.reason is Reason.OVER


@dataclass(frozen=True, slots=True)
class Limits:
    """Kind → the moment before which its items are old."""

    before: Mapping[Kind, datetime]


def limits_of(months: Mapping[Kind, int], now: datetime, older_than: timedelta | None = None) -> Limits:
    """By months of each kind, or by an age that was asked for; nothing goes before what the law asks of logs.

    Runs are logs as well: of what was run where, by whom and when.
    """
    before = {kind: _months_before(now, count) for kind, count in months.items()}
    if older_than is not None:
        before = dict.fromkeys(before, min(now - older_than, _months_before(now, LEAST_MONTHS)))
    return Limits(before)


def _months_before(now: datetime, months: int) -> datetime:
    day = months_later(now.astimezone(UTC).date(), -months)
    return datetime.combine(day, now.astimezone(UTC).time(), UTC)


def are_due(found: Iterable[Fate], limits: Limits) -> bool:
    """Whether runs that go have waited for a week: looking for what nothing names any more takes its time."""
    runs = (fate.item for fate in found if fate.goes and fate.item.kind is Kind.RUNS)
    return any(item.moment < limits.before[Kind.RUNS] - BATCH for item in runs)


def fates(items: Iterable[Item], holds: Mapping[tuple[Kind, str], Hold], limits: Limits) -> Iterator[Fate]:
    """One of each item, in their order."""
    for item in items:
        if item.moment >= limits.before[item.kind]:
            yield Fate(item, Hold(Reason.YOUNG))
        else:
            yield Fate(item, holds.get((item.kind, item.id), Hold(Reason.OVER)))
