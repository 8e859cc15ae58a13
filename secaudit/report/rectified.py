"""The part of the view about what was known before: closed or open since the last assessment, by number."""

from typing import Any

from secaudit.assess.previous import Previous
from secaudit.model.finding import Finding, Stage
from secaudit.model.text import Text
from secaudit.report.problems import both
from secaudit.report.safe import shown, stamp


def rectification_view(found: Previous) -> dict[str, Any]:
    """``since``: the day of the last assessment, "" where none is on record. What is open, and overdue, comes first."""
    ordered = sorted(
        found.findings, key=lambda one: (one.stage is Stage.CLOSED, not one.is_overdue(found.day), one.number)
    )
    closed = sum(one.stage is Stage.CLOSED for one in found.findings)
    return {
        "since": found.since.isoformat() if found.since else "",
        "date": found.day.isoformat(),
        "all": len(found.findings),
        "closed": closed,
        "open": len(found.findings) - closed,
        "overdue": sum(one.is_overdue(found.day) for one in found.findings),
        "findings": [_finding(one, found) for one in ordered],
    }


def _finding(one: Finding, found: Previous) -> dict[str, Any]:
    return {
        "number": str(one),
        "source": one.source.value,
        "document": shown(one.document),
        "title": both(Text(shown(one.title.zh), shown(one.title.en))),
        "severity": one.severity.value,
        "check": one.check,
        "asset": one.asset,
        "object": one.object_id,
        "offenders": [shown(one.offender)] if one.offender else [],
        "opened": stamp(one.opened),
        "stage": one.stage.value,
        "notice": shown(one.notice),
        "deadline": one.deadline.isoformat() if one.deadline else "",
        "overdue": one.is_overdue(found.day),
        "closed": stamp(one.closed.at) if one.closed else "",
        "closed_by": one.closed.reason.value if one.closed else "",
        "reopened": one.reopened,
        "moved": found.moved.get(one.number, ""),
    }
