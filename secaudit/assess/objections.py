"""What may not be decided on a risk: the guides say where a downgrade is allowed, and the register what it knows."""

from collections.abc import Mapping

from secaudit.assess.candidates import REGISTERED
from secaudit.language import _, in_use
from secaudit.model.content import HighRiskCondition, MajorHazard
from secaudit.model.risk import RiskAct, RiskDecision, RiskLevel


def objection(
    one: RiskDecision, conditions: Mapping[str, HighRiskCondition], hazards: Mapping[str, MajorHazard]
) -> str:
    """Why the act does not count, whoever wrote it; "" where nothing stands against it."""
    if "." in one.risk:
        return _on_item(one)
    condition = conditions.get(one.risk)
    if condition is None and one.risk not in hazards:
        return _("{risk} is no high-risk condition and no major hazard.").format(risk=one.risk)
    if condition is None:
        return _on_hazard(one, conditions)
    match one.act:
        case RiskAct.DOWNGRADE:
            return _downgrade(one, condition)
        case RiskAct.EXCLUDE:
            return _exclusion(condition)
        case RiskAct.CONFIRM | RiskAct.RECTIFY:
            return _confirmation(one, condition)
        case _:
            return ""


def _on_item(one: RiskDecision) -> str:
    if one.act is RiskAct.REVOKE or (one.act is RiskAct.DOWNGRADE and one.level is RiskLevel.LOW):
        return ""
    told = _("{risk} is an item: its defect is a medium risk, which can be downgraded to low alone.")
    return told.format(risk=one.risk)


def _on_hazard(one: RiskDecision, conditions: Mapping[str, HighRiskCondition]) -> str:
    standing_for = [name for name, condition in conditions.items() if condition.hazard == one.risk]
    if standing_for:
        told = _("{risk} is decided on through its conditions: {conditions}.")
        return told.format(risk=one.risk, conditions=", ".join(standing_for))
    if one.act in (RiskAct.DOWNGRADE, RiskAct.EXCLUDE):
        return _("{risk} is there only where a person confirms it: revoke that instead.").format(
            risk=one.risk
        )
    return _without_criteria(one, one.risk)


def _downgrade(one: RiskDecision, condition: HighRiskCondition) -> str:
    if condition.downgradable == "no":
        told = _("{risk} may never be downgraded: the guide names no measure that mitigates it.")
        return told.format(risk=one.risk)
    if condition.downgradable == "partial" and not one.case.strip():
        told = _("{risk} may be downgraded in some cases only ({mitigation}): name the case.")
        return told.format(risk=one.risk, mitigation=condition.mitigation.of(in_use()))
    return ""


def _exclusion(condition: HighRiskCondition) -> str:
    if not condition.scope:
        return _("{risk} concerns every system of its level.").format(risk=condition.id)
    if condition.scope in REGISTERED:
        told = _("{risk} goes by what is registered of the system ({scope}): correct it there.")
        return told.format(risk=condition.id, scope=condition.scope)
    return ""


def _confirmation(one: RiskDecision, condition: HighRiskCondition) -> str:
    if not condition.hazard:
        return (
            _("{risk} is no major hazard: it has no criteria of one.").format(risk=one.risk)
            if one.hazard
            else ""
        )
    if missing := _without_criteria(one, condition.hazard):
        return missing
    if one.hazard and not one.hazard.met and condition.downgradable == "no":
        told = _("{risk} may never be downgraded, so {hazard} is relevant, severe and likely.")
        return told.format(risk=one.risk, hazard=condition.hazard)
    if one.hazard and not one.hazard.met and condition.downgradable == "partial" and not one.case.strip():
        told = _("{risk} may be downgraded in some cases only ({mitigation}): name the case.")
        return told.format(risk=one.risk, mitigation=condition.mitigation.of(in_use()))
    return ""


def _without_criteria(one: RiskDecision, hazard: str) -> str:
    if one.hazard is None and one.act is not RiskAct.REVOKE:
        told = _("{hazard} may be a major hazard: say whether it is relevant, severe and likely.")
        return told.format(hazard=hazard)
    return ""
