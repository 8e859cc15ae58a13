"""What stands of every risk of a system: candidates and what people decided on them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from secaudit.assess.candidates import Candidate, candidates_of, unresolved
from secaudit.assess.objections import objection
from secaudit.assess.standing import RULED, Acts, Place, Standing
from secaudit.model.assessment import Assessment
from secaudit.model.content import Check, HighRiskCondition, MajorHazard
from secaudit.model.register import System
from secaudit.model.risk import Ground, RiskAct, RiskDecision, RiskLevel
from secaudit.model.text import Text

LASTING: Final = (RiskAct.CONFIRM, RiskAct.RECTIFY)


@dataclass(frozen=True, slots=True)
class Ruling:
    """One ground of a risk. ``shown``: the newest run or an answer shows it now. ``case`` is None without a candidate.

    ``decision`` is what counts, None while undecided; ``reopened`` the one that no longer does: what it was decided
    on has changed.
    """

    ground: Ground
    standing: Standing
    shown: bool
    case: Text | None = None
    decision: RiskDecision | None = None
    reopened: RiskDecision | None = None

    @property
    def is_hazard(self) -> bool:
        """A major hazard, rectified or not: it is counted as it was before rectification."""
        counted = self.standing in (Standing.CONFIRMED, Standing.RECTIFIED)
        return counted and bool(self.decision and self.decision.hazard and self.decision.hazard.met)


@dataclass(frozen=True, slots=True)
class Risk:
    """A high-risk condition, or a trigger of a major hazard that no condition stands for, with all its grounds."""

    id: str
    text: Text
    hazard: str
    condition: HighRiskCondition | None
    rulings: tuple[Ruling, ...]

    @property
    def standing(self) -> Standing:
        """The worst of its grounds."""
        return min((one.standing for one in self.rulings), key=list(Standing).index)

    @property
    def undecided(self) -> bool:
        """Whether a ground still waits for a person, whatever was decided on the others."""
        return any(one.standing is Standing.UNDECIDED for one in self.rulings)

    @property
    def is_hazard(self) -> bool:
        return any(one.is_hazard for one in self.rulings)

    @property
    def rectified(self) -> bool:
        """Whether it is a major hazard of which nothing is left."""
        return self.is_hazard and self.standing in (Standing.RECTIFIED, Standing.DOWNGRADED)

    @property
    def is_medium(self) -> bool:
        """Whether a downgrade leaves a medium risk."""
        return any(
            one.standing is Standing.DOWNGRADED
            and one.decision is not None
            and one.decision.level is RiskLevel.MEDIUM
            for one in self.rulings
        )


@dataclass(frozen=True, slots=True)
class Risks:
    """All of a system.

    ``possible``: conditions that what is open may show yet; ``lowered``: items whose defect a person called a low
    risk; ``excluded``: conditions whose scope a person said is not the system's.
    """

    risks: tuple[Risk, ...] = ()
    possible: tuple[HighRiskCondition, ...] = ()
    lowered: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()


NO_RISKS: Final = Risks()


@dataclass(frozen=True, slots=True)
class RiskTables:
    """The content that risks are judged by."""

    checks: Mapping[str, Check]
    conditions: Mapping[str, HighRiskCondition]
    hazards: Mapping[str, MajorHazard]


def risks_of(
    system: System,
    assessment: Assessment,
    tables: RiskTables,
    decisions: Iterable[RiskDecision],
    day: date,
) -> Risks:
    """The risks of a system on a day, in the order of the tables.

    ``decisions`` in the order in which they were written, without those whose files changed (``effective``); what
    may not be decided (``objection``) counts for nothing.
    """
    allowed = (one for one in decisions if not objection(one, tables.conditions, tables.hazards))
    acts = Acts.of(system, allowed, day)
    candidates = candidates_of(system, assessment, tables.checks, tables.conditions)
    shown: dict[str, dict[Place, Candidate]] = {}
    for one in candidates:
        shown.setdefault(one.condition.id, {}).setdefault(one.ground.place, one)
    risks = (_risk(name, tables, shown.get(name, {}), acts) for name in (*tables.conditions, *tables.hazards))
    possible = unresolved(system, assessment, tables.checks, tables.conditions) - acts.excluded
    return Risks(
        risks=tuple(risk for risk in risks if risk.rulings),
        possible=tuple(one for name, one in tables.conditions.items() if name in possible),
        lowered=frozenset(item.requirement.key for item in assessment.items if acts.call_low(item)),
        excluded=acts.excluded,
    )


def _risk(name: str, tables: RiskTables, shown: Mapping[Place, Candidate], acts: Acts) -> Risk:
    condition = tables.conditions.get(name)
    text, hazard = (
        (condition.condition, condition.hazard) if condition else (tables.hazards[name].trigger, name)
    )
    rulings = (*(_shown(one, acts) for one in shown.values()), *_unshown(name, shown, acts))
    return Risk(name, text, hazard, condition, rulings)


def _shown(one: Candidate, acts: Acts) -> Ruling:
    """What is shown now: what was rectified and is shown again stands as confirmed."""
    name, ground = one.condition.id, one.ground
    if name in acts.excluded:
        return Ruling(ground, Standing.EXCLUDED, True, one.case, acts.whole[name])
    standing, act = acts.on(name, ground)
    if standing is Standing.UNDECIDED:
        return Ruling(ground, standing, True, one.case, None, act if act and act.act in RULED else None)
    if standing is Standing.RECTIFIED:
        standing = Standing.CONFIRMED
    return Ruling(ground, standing, True, one.case, act)


def _unshown(name: str, shown: Mapping[Place, Candidate], acts: Acts) -> Iterator[Ruling]:
    """What was confirmed counts until it is rectified; rectified it is counted as a hazard still.

    A confirmation that has expired is to be decided again: age takes no risk away.
    """
    for place, one in acts.newest.get(name, {}).items():
        if place in shown or one.act.act not in LASTING:
            continue
        if acts.holds(one.act):
            yield Ruling(one.ground, RULED[one.act.act], False, None, one.act)
        elif one.act.act is RiskAct.CONFIRM:
            yield Ruling(one.ground, Standing.UNDECIDED, False, None, None, one.act)
