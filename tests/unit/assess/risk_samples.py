"""Acts of people on risks, and risks with what was decided on them."""

from datetime import timedelta
from typing import Any

from secaudit.assess.risks import Risk, Ruling
from secaudit.assess.standing import Standing
from secaudit.model.content import HighRiskCondition, MajorHazard
from secaudit.model.risk import Ground, HazardCriteria, RiskAct, RiskDecision, RiskLevel
from tests.unit.assess.samples import TEXT, TODAY

HAZARD = HazardCriteria(relevant=True, severe=True, likely=True)
UNLIKELY = HazardCriteria(relevant=True, severe=True, likely=False)
GROUND = Ground("h1", "linux.one")
HAZARDS = {name: MajorHazard(name, "", TEXT, ()) for name in ("A-01", "A-31")}


def condition(
    name: str = "HR-1",
    *,
    downgradable: str = "yes",
    hazard: str = "A-01",
    scope: str = "",
    basis: str = "SG2025",
) -> HighRiskCondition:
    """A condition for level 3 that the item mms.x.a shows."""
    return HighRiskCondition(name, basis, 3, scope, TEXT, TEXT, downgradable, hazard, ("mms.x.a",))


def act(
    what: RiskAct = RiskAct.CONFIRM, *grounds: Ground, risk: str = "HR-1", days_ago: int = 0, **details: Any
) -> RiskDecision:
    """An act that holds for a year; a confirmation is of a major hazard unless it says otherwise."""
    day = TODAY - timedelta(days=days_ago)
    usual: dict[str, Any] = {"valid_until": day + timedelta(days=365)}
    if what in (RiskAct.CONFIRM, RiskAct.RECTIFY):
        usual["hazard"] = HAZARD
    if what is RiskAct.DOWNGRADE:
        usual |= {"level": RiskLevel.MEDIUM, "measure": "措施"}
    return RiskDecision(
        **{
            "system": "oa",
            "risk": risk,
            "act": what,
            "person": "张三",
            "day": day,
            "reason": "理由",
            "grounds": grounds or (GROUND,),
            **usual,
            **details,
        }
    )


def risk(
    standing: Standing,
    *more: Standing,
    name: str = "HR-1",
    hazard: HazardCriteria | None = HAZARD,
    level: RiskLevel = RiskLevel.MEDIUM,
    code: str = "A-01",
    basis: str = "SG2025",
) -> Risk:
    """A risk with a ground in each of these states."""
    rulings = tuple(_ruling(number, one, hazard, level) for number, one in enumerate((standing, *more)))
    return Risk(name, TEXT, code, condition(name, hazard=code, basis=basis), rulings)


def _ruling(number: int, standing: Standing, hazard: HazardCriteria | None, level: RiskLevel) -> Ruling:
    ground = Ground(f"h{number}", "linux.one")
    match standing:
        case Standing.UNDECIDED:
            return Ruling(ground, standing, shown=True, case=TEXT)
        case Standing.DOWNGRADED:
            made = act(RiskAct.DOWNGRADE, ground, level=level)
        case _:
            made = act(RiskAct.CONFIRM, ground, hazard=hazard)
    return Ruling(ground, standing, shown=standing is not Standing.RECTIFIED, case=TEXT, decision=made)
