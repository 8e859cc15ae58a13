"""The part of the view about items: conclusions with bounds, per object and step."""

from collections.abc import Iterable
from typing import Any

from secaudit.model.assessment import Assessment, ItemOutcome, ObjectOutcome, StepOutcome
from secaudit.model.attestation import Attestation
from secaudit.model.result import Result
from secaudit.report.problems import both
from secaudit.report.safe import shown

RECORD_LIMIT = 4000


def items_view(assessment: Assessment) -> list[dict[str, Any]]:
    """Every item of the level in the order of the standard; like objects stand in one group."""
    order = {domain: place for place, domain in enumerate(_domains(assessment))}
    return [{"domain_order": order[item.requirement.domain_abbr]} | _item(item) for item in assessment.items]


def _domains(assessment: Assessment) -> list[str]:
    return list(dict.fromkeys(item.requirement.domain_abbr for item in assessment.items))


def _item(item: ItemOutcome) -> dict[str, Any]:
    requirement = item.requirement
    return {
        "key": requirement.key,
        "unit": requirement.unit,
        "clause": requirement.clause,
        "letter": requirement.item,
        "class": requirement.classification,
        "domain": requirement.domain_abbr,
        "control_point": both(requirement.control_point),
        "summary": both(requirement.summary),
        "rule": requirement.rule,
        "conclusion": item.conclusion.value,
        "worst": item.worst.value,
        "best": item.best.value,
        "steps": [
            {
                "id": step.id,
                "number": step.number,
                "question": both(step.question),
                "methods": list(step.methods),
            }
            for step in requirement.steps
        ],
        "groups": _groups(item),
    }


def _groups(item: ItemOutcome) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for outcome in item.objects:
        steps = [_step(step) for step in outcome.steps]
        group = groups.setdefault(
            repr((outcome.object_kind, outcome.conclusion, steps)), _group(outcome, steps)
        )
        group["objects"].append(outcome.object_id)
    return list(groups.values())


def _group(outcome: ObjectOutcome, steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "objects": [],
        "kind": outcome.object_kind,
        "registered": outcome.registered,
        "members": list(outcome.members),
        "conclusion": outcome.conclusion.value,
        "worst": outcome.worst.value,
        "best": outcome.best.value,
        "steps": steps,
    }


def _step(outcome: StepOutcome) -> dict[str, Any]:
    return {
        "id": outcome.step.id,
        "state": outcome.state.value,
        "decider": outcome.decider.value,
        "checks": _checks(outcome.results),
        "unseen": list(outcome.unseen),
        "exemptions": [exemption.value for exemption in outcome.exemptions],
        "attestation": _attestation(outcome.attestation),
    }


def _checks(results: Iterable[Result]) -> list[dict[str, str]]:
    """What checks said: each verdict of each once, however many hosts tell of a firewall or a central log."""
    said = ((r.check_id, r.verdict.value, r.gap.reason.value if r.gap else "") for r in results)
    return [{"check": check, "verdict": verdict, "gap": gap} for check, verdict, gap in dict.fromkeys(said)]


def _attestation(answer: Attestation | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    return {
        "answer": answer.answer.value,
        "person": shown(answer.person),
        "date": answer.day.isoformat(),
        "valid_until": answer.valid_until.isoformat(),
        "record": shown(answer.record, RECORD_LIMIT),
        "files": [{"name": shown(file.name), "sha256": file.sha256} for file in answer.files],
        "organisation": answer.organisation,
    }
