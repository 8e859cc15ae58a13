"""The brief of an organisation on a quarter (季度简报) as plain data: what its formats are made from."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from secaudit.model.content import Severity
from secaudit.model.finding import Finding
from secaudit.model.trend import Period, Point, Trend
from secaudit.register.times import in_zone, shown
from secaudit.report.trend_view import known_share, label

FORMAT: Final = 1
ITEMS: Final = 5
SEVERITIES: Final = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class BriefSystem:
    """A system and how often it was audited whole in the quarter."""

    id: str
    name: str
    grade: str
    audits: int


@dataclass(frozen=True, slots=True)
class Brief:
    """What a brief is made from. Trends: of the organisation week by week, of it, of its systems and of items in the
    quarter before and this one. ``day`` is the last day that counts, ``findings`` are all of its systems
    but for advice. ``nights``:
    how many were held in the quarter and how many were not; None where none is on record."""

    number: str
    office: str
    organisation: str
    quarter: Period
    day: date
    systems: Sequence[BriefSystem]
    weeks: Sequence[Period]
    by_week: Trend | None
    by_quarter: Trend | None
    of_systems: Mapping[str, Trend]
    of_items: Sequence[Trend]
    item_names: Mapping[str, str]
    findings: Sequence[Finding]
    nights: tuple[int, int] | None
    runs: Sequence[str]
    tool: str
    content_hash: str
    generated_at: datetime


def brief_view(brief: Brief) -> dict[str, Any]:
    """The document."""
    before, now = brief.by_quarter.points if brief.by_quarter else (None, None)
    return {
        "format": FORMAT,
        "document": {
            "number": brief.number,
            "office": brief.office,
            "organisation": brief.organisation,
            "quarter": label(brief.quarter),
            "begin": brief.quarter.begin.isoformat(),
            "day": brief.day.isoformat(),
            "generated_at": shown(brief.generated_at),
            "tool": brief.tool,
            "content_hash": brief.content_hash,
            "runs": list(brief.runs),
        },
        "nights": {"held": brief.nights[0], "missed": brief.nights[1]} if brief.nights else None,
        "systems": [_system(one, brief.of_systems.get(one.id)) for one in brief.systems],
        "weeks": [
            {"begin": week.begin.isoformat(), "point": _severities(point)}
            for week, point in zip(brief.weeks, brief.by_week.points if brief.by_week else (), strict=False)
        ],
        "now": _figures(now),
        "before": _figures(before),
        "findings": findings_of(brief.findings, brief.quarter.begin, brief.day),
        "items": _items(brief),
        "asked": asked_of(brief.findings, brief.day),
    }


def _system(one: BriefSystem, trend: Trend | None) -> dict[str, Any]:
    point = trend.points[-1] if trend else None
    return {
        "id": one.id,
        "name": one.name,
        "grade": one.grade,
        "audits": one.audits,
        "figures": _figures(point),
        "last": shown(point.oldest) if point else None,
        "run": point.runs[0] if point else None,
    }


def _severities(point: Point | None) -> dict[str, int] | None:
    return {name: point.figures.get(name, 0) for name in SEVERITIES} if point else None


def _figures(point: Point | None) -> dict[str, Any] | None:
    if point is None:
        return None
    names = ("failing", *SEVERITIES, "unknown", "judged", "assets", "reached")
    counts = {name: point.figures.get(name, 0) for name in names}
    return {**counts, "share": known_share(counts), "audited": point.audited, "systems": point.systems}


def findings_of(findings: Iterable[Finding], begin: date, day: date) -> dict[str, Any]:
    """Counts of findings as they are on record: found and closed from ``begin`` to ``day``, and open on it."""
    counts: Counter[str] = Counter()
    for one in findings:
        closed = _day(one.closed.at) if one.closed else None
        opened = _day(one.opened)
        if opened > day:
            continue
        counts["found"] += opened >= begin
        if closed is not None and closed <= day:
            counts["closed"] += closed >= begin
            continue
        counts["open"] += 1
        counts[f"open_{one.severity.value}"] += 1
        counts["overdue"] += one.deadline is not None and one.deadline < day
    names = ("found", "closed", "open", "overdue", *(f"open_{severity.value}" for severity in Severity))
    return {name: counts[name] for name in names}


def asked_of(findings: Iterable[Finding], day: date) -> list[dict[str, Any]]:
    """Who has how much to put right by when, the most first; ``owner`` is "" where nobody is named."""
    by_owner: dict[str, list[Finding]] = {}
    for one in findings:
        if _day(one.opened) <= day and not (one.closed and _day(one.closed.at) <= day):
            by_owner.setdefault(one.owner, []).append(one)
    rows = [
        {
            "owner": owner,
            "count": len(own),
            "high": sum(one.severity is Severity.HIGH for one in own),
            "overdue": sum(one.deadline is not None and one.deadline < day for one in own),
            "deadline": min((one.deadline.isoformat() for one in own if one.deadline), default=None),
        }
        for owner, own in by_owner.items()
    ]
    return sorted(rows, key=lambda row: (-int(str(row["count"])), str(row["owner"])))


def _items(brief: Brief) -> list[dict[str, Any]]:
    """The items that fail on most objects."""
    rows: list[dict[str, Any]] = []
    for trend in brief.of_items:
        before, now = (point.figures.get("failing", 0) if point else None for point in trend.points)
        if now:
            name = brief.item_names.get(trend.id, trend.id)
            rows.append({"id": trend.id, "name": name, "failing": now, "before": before})
    return sorted(rows, key=lambda row: (-row["failing"], row["id"]))[:ITEMS]


def _day(moment: datetime) -> date:
    return in_zone(moment).date()
