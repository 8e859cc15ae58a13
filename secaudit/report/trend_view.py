"""Trends as plain data: what every format of ``trend`` is made from (``reports/trend/trend.schema.json``)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from secaudit.model.trend import By, Per, Period, Point, Trend
from secaudit.register.times import shown

FORMAT: Final = 1
WHOLE: Final = (
    *("failing", "high", "medium", "low", "unrated", "offenders"),
    *("judged", "unknown", "manual", "assets", "reached"),
)
PARTS: Final = ("failing", "unknown")
# beside the figures of a point
AUDITED: Final = ("systems", "audited", "oldest", "runs")


def figures_of(by: By) -> Sequence[str]:
    """The figures that a point of such a trend has."""
    return WHOLE if by in (By.ORGANISATION, By.SYSTEM) else PARTS


def trend_view(
    trends: Sequence[Trend],
    names: Mapping[str, str],
    by: By,
    periods: Sequence[Period],
    *,
    office: str,
    content_hash: str,
    generated_at: datetime,
) -> dict[str, Any]:
    """The document; ``names`` are those of what is followed, by id."""
    return {
        "format": FORMAT,
        "by": by.value,
        "per": periods[0].per.value,
        "office": office,
        "generated_at": shown(generated_at),
        "content_hash": content_hash,
        "periods": [
            {"label": label(one), "begin": one.begin.isoformat(), "end": one.end.isoformat()}
            for one in periods
        ],
        "trends": [
            {
                "id": one.id,
                "name": names.get(one.id, one.id),
                "points": [_point(point, figures_of(by)) for point in one.points],
            }
            for one in trends
        ],
    }


def _point(point: Point | None, figures: Sequence[str]) -> dict[str, Any] | None:
    if point is None:
        return None
    return {
        **{figure: point.figures.get(figure, 0) for figure in figures},
        "systems": point.systems,
        "audited": point.audited,
        "oldest": shown(point.oldest),
        "runs": list(point.runs),
    }


def label(period: Period) -> str:
    """``2026-03-01``, ``2026-W09``, ``2026-03``, ``2026-Q1``."""
    day = period.begin
    match period.per:
        case Per.DAY:
            return day.isoformat()
        case Per.WEEK:
            return f"{day:%G-W%V}"
        case Per.MONTH:
            return f"{day:%Y-%m}"
        case Per.QUARTER:
            return f"{day.year}-Q{(day.month + 2) // 3}"


def known_share(point: Mapping[str, Any]) -> float | None:
    """Of the verdicts that a machine owes, the share that it could give; None where it owes none."""
    owed = point["judged"] + point["unknown"]
    return point["judged"] / owed if owed else None
