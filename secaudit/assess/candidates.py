"""High-risk conditions and major hazards that failed checks show as candidates: people confirm or downgrade them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from secaudit.model.content import Check, HighRiskCondition
from secaudit.model.register import System
from secaudit.model.result import Result, Verdict
from secaudit.model.text import Text

# What the register knows of a scope; the others (ha_required, wireless …) are for the person who confirms.
INTERNET_FACING: Final = {"internet_facing": True, "internal": False}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A condition that a failed check shows on an object, and in which case. ``hazard``: code of appendix G, or ""."""

    condition: HighRiskCondition
    case: Text
    check_id: str
    asset_id: str
    object_id: str

    @property
    def hazard(self) -> str:
        return self.condition.hazard


def candidates_of(
    system: System,
    results: Iterable[Result],
    checks: Mapping[str, Check],
    conditions: Mapping[str, HighRiskCondition],
) -> list[Candidate]:
    """In the order of the results, of conditions for the level of the system and a scope that it may be in."""
    return [
        Candidate(conditions[risk.id], risk.case, result.check_id, result.asset_id, result.object_id)
        for result in results
        if result.verdict is Verdict.FAIL and result.check_id in checks
        for risk in checks[result.check_id].high_risk
        if _concerns(system, conditions[risk.id])
    ]


def _concerns(system: System, condition: HighRiskCondition) -> bool:
    needed = INTERNET_FACING.get(condition.scope, system.internet_facing)
    return system.level >= condition.min_level and needed == system.internet_facing
