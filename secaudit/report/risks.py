"""The part of the view about risks: what is proposed, on what grounds, and what people decided."""

from collections.abc import Iterable
from typing import Any

from secaudit.assess.figures import Figures, Range
from secaudit.assess.risks import Risk, Ruling
from secaudit.model.risk import RiskDecision
from secaudit.report.problems import both
from secaudit.report.safe import shown, shown_lines

TEXT_LIMIT = 4000


def risks_view(risks: Iterable[Risk]) -> list[dict[str, Any]]:
    """Every risk; grounds on which the same was decided, or nothing yet, stand in one group."""
    return [_risk(risk) for risk in risks]


def _risk(risk: Risk) -> dict[str, Any]:
    condition = risk.condition
    return {
        "id": risk.id,
        "hazard": risk.hazard,
        "text": both(risk.text),
        "basis": condition.basis if condition else "",
        "scope": condition.scope if condition else "",
        "mitigation": both(condition.mitigation) if condition else None,
        "downgradable": condition.downgradable if condition else "no",
        "standing": risk.standing.value,
        "undecided": risk.undecided,
        "is_hazard": risk.is_hazard,
        "rectified": risk.rectified,
        "groups": _groups(risk.rulings),
    }


def _groups(rulings: Iterable[Ruling]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for one in rulings:
        group = _group(one)
        groups.setdefault(repr(group), {"objects": [], **group})["objects"].append(one.ground.object_id)
    return list(groups.values())


def _group(one: Ruling) -> dict[str, Any]:
    """``source``: the check or the answered step; "" where a person alone says so."""
    return {
        "source": one.ground.source,
        "case": both(one.case) if one.case else None,
        "standing": one.standing.value,
        "shown": one.shown,
        "decision": _decision(one.decision),
        "reopened": _decision(one.reopened),
    }


def _decision(one: RiskDecision | None) -> dict[str, Any] | None:
    if one is None:
        return None
    hazard = one.hazard
    return {
        "act": one.act.value,
        "level": one.level.value if one.level else "",
        "person": shown(one.person),
        "date": one.day.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        "reason": shown_lines(one.reason, TEXT_LIMIT),
        "measure": shown_lines(one.measure, TEXT_LIMIT),
        "case": shown_lines(one.case, TEXT_LIMIT),
        "criteria": {"relevant": hazard.relevant, "severe": hazard.severe, "likely": hazard.likely}
        if hazard
        else None,
        "files": [{"name": shown(file.name), "sha256": file.sha256} for file in one.files],
    }


def range_view(found: Range) -> dict[str, list[str]]:
    """Risks that are sure, and those that what is open may add."""
    return {"sure": list(found.sure), "may": list(found.may)}


def hazards_view(figures: Figures) -> dict[str, Any]:
    """Major hazards by code; ``text`` is how the template writes their number."""
    return {
        **range_view(figures.hazards),
        "count": len(figures.hazards.sure),
        "rectified": list(figures.rectified),
        "text": hazard_count(figures),
    }


def hazard_count(figures: Figures) -> str:
    """``10（5个已整改）``: counted as before rectification."""
    count, rectified = len(figures.hazards.sure), len(figures.rectified)
    return f"{count}（{rectified}个已整改）" if rectified else str(count)
