"""A system at a moment: outcomes of steps and items, per object and for the system."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from secaudit.model.attestation import Attestation
from secaudit.model.content import Requirement, Step
from secaudit.model.result import Result


class StepState(StrEnum):
    """A step on an object. PARTLY: a check proves it in part (PARTIAL), or a person says so."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    OPEN = "open"


class Conclusion(StrEnum):
    """An item on an object or for the system, in the words of GB/T 28448-2019; 待核实 is what is open."""

    COMPLIANT = "符合"
    PARTLY = "部分符合"
    NOT_COMPLIANT = "不符合"
    NOT_APPLICABLE = "不适用"
    OPEN = "待核实"


class Decider(StrEnum):
    """Who decides a step: a machine did, a person did, a person must (wholly or the rest), evidence is missing.

    REGISTER: what is registered says that the step is not ours, or does not yet suffice to say so.
    """

    MACHINE = "machine"
    ATTESTED = "attested"
    PERSON = "person"
    PERSON_REST = "person_rest"
    EVIDENCE_MISSING = "evidence_missing"
    REGISTER = "register"


class Exemption(StrEnum):
    """Why the register makes a step 不适用 (PROVIDER, NO_LOGIN), or what it lacks to make it so."""

    PROVIDER = "provider"
    NO_LOGIN = "no_login"
    FILING_MISSING = "filing_missing"
    LEVEL_MISSING = "level_missing"
    LEVEL_LOWER = "level_lower"
    REPORT_MISSING = "report_missing"
    REPORT_DATE_MISSING = "report_date_missing"
    REPORT_LATER = "report_later"
    REPORT_EXPIRED = "report_expired"
    SPLIT_MISSING = "split_missing"


SETTLED: Final = frozenset({Exemption.PROVIDER, Exemption.NO_LOGIN})


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """One step on one object. ``decider`` tells who decided, or, for an open step, who must.

    ``unseen``: assets that would tell of it, but of which no machine saw anything. ``exemptions``: what the register
    says where it decides.
    """

    step: Step
    state: StepState
    decider: Decider
    results: tuple[Result, ...] = ()
    attestation: Attestation | None = None
    unseen: tuple[str, ...] = ()
    exemptions: tuple[Exemption, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectOutcome:
    """One item on one object. While steps are open ``worst`` and ``best`` bound the conclusion.

    ``object_kind`` is a kind of ``steps.csv`` (host, business-data, person, document …). ``object_id`` is an
    asset or data set; where nothing that fits is registered, both are the kinds joined by ``;``. ``members`` are
    the people, documents and parts that are registered for the item and looked at together.
    """

    object_id: str
    object_kind: str
    registered: bool
    conclusion: Conclusion
    worst: Conclusion
    best: Conclusion
    steps: tuple[StepOutcome, ...]
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """One item for the system, from its objects."""

    requirement: Requirement
    conclusion: Conclusion
    worst: Conclusion
    best: Conclusion
    objects: tuple[ObjectOutcome, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Steps on objects, by who decided (machine, attested, register) or must; they add up to ``steps``."""

    domain: str
    items: int
    steps: int
    machine: int
    attested: int
    person: int
    evidence_missing: int
    register: int = 0


@dataclass(frozen=True, slots=True)
class Assessment:
    """A system judged on one run. ``verdicts`` counts results; ``planned`` is their sum, always.

    ``risky`` are the results of checks whose failure shows a high-risk condition, of all assets, sampled or not.
    ``unsampled`` are the assets that no item is judged on, because others of their kind were chosen.
    """

    system_id: str
    level: int
    items: tuple[ItemOutcome, ...]
    coverage: tuple[Coverage, ...]
    planned: int
    verdicts: dict[str, int]
    risky: tuple[Result, ...] = ()
    unsampled: tuple[str, ...] = ()
