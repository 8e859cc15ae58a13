"""How systems did over time, from the runs that are stored, as they were judged last.

Nothing is made up: a period in which nothing was audited has no point.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from secaudit.assess.trends import figures_of, items_of, known_in, objects_by
from secaudit.model.content import Check
from secaudit.model.trend import By, Period, Point, Trend
from secaudit.store import Brief, Store
from secaudit.store.outlines import WholeSystem

# (item or check, "" for a whole system; figure) → count
Counted = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is followed. ``groups`` maps each organisation or system to the ids of its systems; where items or checks
    are followed it has one entry.

    ``registered`` are the systems that are still there: their last figures count until they are audited again.
    ``day_of`` says on which day of the office a run began.
    """

    by: By
    periods: tuple[Period, ...]
    groups: Mapping[str, Sequence[str]]
    registered: Collection[str]
    day_of: Callable[[datetime], date]


@dataclass(frozen=True, slots=True)
class Audit:
    """A system audited whole by one run; ``within`` the period, or before it."""

    run_id: str
    began: datetime
    system: WholeSystem
    within: bool = True


# a system's last audit before the end of each period
Known = tuple[Audit | None, ...]


def trends(store: Store, checks: Mapping[str, Check], wanted: Wanted) -> list[Trend]:
    """A trend for each organisation, system, item or check of which anything was seen. Raises StoreError."""
    known, count = known_audits(store, wanted), _counting(store, checks, wanted.by)
    found: list[Trend] = []
    for name, systems in wanted.groups.items():
        own = [known[system] for system in systems if system in known]
        columns = [[one[place] for one in own] for place in range(len(wanted.periods))]
        counted = [_sum(map(count, filter(None, column))) for column in columns]
        points = [
            _point(period, column, len(systems))
            for period, column in zip(wanted.periods, columns, strict=True)
        ]
        parts = sorted({part for counts in counted for part, _figure in counts})
        found += [Trend(part or name, tuple(map(_with(part), points, counted))) for part in parts]
    return [trend for trend in found if any(trend.points)]


def _sum(many: Iterable[Counted]) -> Counted:
    total: Counted = Counter()
    for one in many:
        total.update(one)
    return total


def _with(part: str) -> Callable[[Point | None, Counted], Point | None]:
    """Puts the figures of an item, a check or the whole into a point."""

    def put(point: Point | None, counted: Counted) -> Point | None:
        if point is None:
            return None
        return replace(
            point, figures={figure: count for (name, figure), count in counted.items() if name == part}
        )

    return put


def _point(period: Period, systems: Sequence[Audit | None], of: int) -> Point | None:
    """What was known of systems, where any was audited within the period; without figures."""
    known = [audit for audit in systems if audit]
    if not any(audit.within for audit in known):
        return None
    runs = tuple(dict.fromkeys(audit.run_id for audit in known))
    audited = sum(audit.within for audit in known)
    return Point(period, {}, of, audited, runs, min(audit.began for audit in known))


def known_audits(store: Store, wanted: Wanted) -> dict[str, Known]:
    """System → what was known of it in each period."""
    found: dict[str, list[Audit]] = {system: [] for own in wanted.groups.values() for system in own}
    for outline in store.result_sets().outlines():
        for one in outline.systems:
            if one.id in found:
                found[one.id].append(Audit(outline.run_id, outline.started_at, one))
        if wanted.day_of(outline.started_at) < wanted.periods[0].begin and all(found.values()):
            break
    return {
        system: _known(audits, wanted, carried=system in wanted.registered)
        for system, audits in found.items()
        if audits
    }


def _known(audits: Sequence[Audit], wanted: Wanted, *, carried: bool) -> Known:
    days = [wanted.day_of(audit.began) for audit in audits]
    return tuple(
        replace(audits[found[0]], within=found[1]) if found else None
        for found in known_in(wanted.periods, days, carried=carried)
    )


def _counting(store: Store, checks: Mapping[str, Check], by: By) -> Callable[[Audit], Counted]:
    """What an audit counts; result sets that assets or nights share are measured once."""
    sets, measure = store.result_sets(), _measure(checks, by)
    judgements = sets.judgements()
    measured = cache(lambda hash_: measure(sets.briefs(hash_)))

    @cache
    def results(run_id: str) -> dict[str, bytes]:
        visits = sets.of(run_id, judgements.get(run_id, 0))
        return {asset_id: visit.results for asset_id, visit in visits.items()}

    def count(audit: Audit) -> Counted:
        visited = results(audit.run_id)
        return _sum(measured(visited[asset_id]) for asset_id in audit.system.assets if asset_id in visited)

    return count


def _measure(checks: Mapping[str, Check], by: By) -> Callable[[tuple[Brief, ...]], Counted]:
    match by:
        case By.CHECK:
            return lambda briefs: objects_by(briefs, {brief.check_id: (brief.check_id,) for brief in briefs})
        case By.ITEM:
            items = items_of(checks)
            return lambda briefs: objects_by(briefs, items)
        case _:
            return lambda briefs: Counter(
                {("", figure): count for figure, count in figures_of(briefs, checks).items()}
            )
