"""What acts of people make of the grounds of risks on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from secaudit.assess.candidates import digest
from secaudit.model.assessment import ItemOutcome, StepState
from secaudit.model.register import System
from secaudit.model.risk import Ground, On, RiskAct, RiskDecision, RiskLevel, acts_on_grounds


class Standing(StrEnum):
    """What is left of a risk on one ground, the worst first. UNDECIDED: a candidate that waits for a person."""

    CONFIRMED = "confirmed"
    UNDECIDED = "undecided"
    DOWNGRADED = "downgraded"
    EXCLUDED = "excluded"
    RECTIFIED = "rectified"


RULED: Final = {
    RiskAct.CONFIRM: Standing.CONFIRMED,
    RiskAct.DOWNGRADE: Standing.DOWNGRADED,
    RiskAct.RECTIFY: Standing.RECTIFIED,
}
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Acts:
    """The acts on a system that count on a day.

    ``newest``: risk → place of a ground → the act that stands on it, whatever it is worth; ``whole``: risk → the newest
    about a whole condition; ``excluded``: the conditions whose scope is not the system's.
    """

    newest: Mapping[str, Mapping[Place, On]]
    whole: Mapping[str, RiskDecision]
    excluded: frozenset[str]
    day: date

    @classmethod
    def of(cls, system: System, decisions: Iterable[RiskDecision], day: date) -> "Acts":
        """``decisions`` in the order in which they were written: of one day the last counts."""
        own = [one for one in decisions if one.system == system.id and one.day <= day]
        whole = {one.risk: one for one in sorted(own, key=lambda one: one.day) if not one.grounds}
        excluded = (
            name for name, one in whole.items() if one.act is RiskAct.EXCLUDE and one.valid_until >= day
        )
        return cls(acts_on_grounds(own), whole, frozenset(excluded), day)

    def on(self, risk: str, ground: Ground) -> tuple[Standing, RiskDecision | None]:
        """What the newest act makes of a ground, and that act, whatever it is worth.

        Nothing once it has expired, was revoked or saw less than is there now.
        """
        found = self.newest.get(risk, {}).get(ground.place)
        if found is None:
            return Standing.UNDECIDED, None
        if not self.holds(found.act) or not ground.seen <= found.ground.seen:
            return Standing.UNDECIDED, found.act
        return RULED.get(found.act.act, Standing.UNDECIDED), found.act

    def holds(self, act: RiskDecision) -> bool:
        """Whether it has not expired."""
        return act.valid_until >= self.day

    def call_low(self, item: ItemOutcome) -> bool:
        """Whether a person called the defect of an item, as it is now, a low risk."""
        standing, act = self.on(item.requirement.key, defect_of(item))
        return standing is Standing.DOWNGRADED and act is not None and act.level is RiskLevel.LOW


def defect_of(item: ItemOutcome) -> Ground:
    """What is not met of an item, as a ground for calling it a low risk."""
    failed = (
        digest(f"{outcome.object_id}\n{step.step.id}")
        for outcome in item.objects
        for step in outcome.steps
        if step.state in (StepState.NOT_MET, StepState.PARTLY)
    )
    return Ground("", item.requirement.key, frozenset(failed))
