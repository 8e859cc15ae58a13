"""What people decided on high-risk conditions and major hazards (重大风险隐患), and what a decision rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from secaudit.model.attestation import EvidenceFile


class RiskAct(StrEnum):
    """What a person does. EXCLUDE: the scope of the condition (``ha_required`` …) is not that of the system."""

    CONFIRM = "confirm"
    DOWNGRADE = "downgrade"
    EXCLUDE = "exclude"
    RECTIFY = "rectify"
    REVOKE = "revoke"


class RiskLevel(StrEnum):
    """What is left of a risk that was downgraded."""

    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Ground:
    """What shows a condition on an object.

    ``source`` is the check or the answered step that failed there, "" where a person alone says so; ``object_id``
    is "" for the system as a whole. ``seen`` are digests of what was found: of fewer of them a decision still holds.
    """

    object_id: str
    source: str
    seen: frozenset[str] = frozenset()

    @property
    def place(self) -> tuple[str, str]:
        """What it is known by, whatever was found."""
        return self.object_id, self.source


@dataclass(frozen=True, slots=True)
class HazardCriteria:
    """A major hazard is relevant (nothing mitigates it), severe and likely, all three."""

    relevant: bool
    severe: bool
    likely: bool

    @property
    def met(self) -> bool:
        return self.relevant and self.severe and self.likely


@dataclass(frozen=True, slots=True)
class RiskDecision:
    """One act of a person on a risk of a system: who, when, until when it holds (the last day), why.

    ``risk`` is a condition (``HR-15``), a trigger of a major hazard (``A-31``) or, for a downgrade, an item whose
    defect would be a medium risk (``ces.audit.a``). ``grounds`` is what it was decided on; none for the whole
    condition (EXCLUDE, and its REVOKE). ``level`` and ``measure`` (the compensating one) are of a downgrade,
    ``case`` says where a downgrade is allowed in part only which case it is. ``hazard`` is None where the risk has
    no code of a major hazard.
    """

    system: str
    risk: str
    act: RiskAct
    person: str
    day: date
    valid_until: date
    reason: str
    grounds: tuple[Ground, ...] = ()
    hazard: HazardCriteria | None = None
    level: RiskLevel | None = None
    measure: str = ""
    case: str = ""
    files: tuple[EvidenceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class On:
    """The act that stands on a ground, and what the person saw there."""

    act: RiskDecision
    ground: Ground


def acts_on_grounds(decisions: Iterable[RiskDecision]) -> dict[str, dict[tuple[str, str], On]]:
    """Of one system: risk → place of a ground → the act that stands there, a revocation included.

    Of one day the act that was written last stands; ``decisions`` in the order in which they were written. Who
    revokes a rectification leaves what was confirmed before it.
    """
    standing: dict[str, dict[tuple[str, str], On]] = {}
    confirmed: dict[tuple[str, tuple[str, str]], On] = {}  # before it was rectified
    for one in sorted(decisions, key=lambda one: one.day):
        places = standing.setdefault(one.risk, {})
        for ground in one.grounds:
            key, before = (one.risk, ground.place), places.get(ground.place)
            found = On(one, ground)
            if one.act is not RiskAct.RECTIFY:
                restored = confirmed.pop(key, None)
                found = restored if one.act is RiskAct.REVOKE and restored else found
            elif before and before.act.act is RiskAct.CONFIRM:
                confirmed[key] = before
            places[ground.place] = found
    return standing
