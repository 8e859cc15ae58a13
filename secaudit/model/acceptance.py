"""An accepted risk or a deferred rectification (风险接受, 延期整改): it says who bears a failure, and until when."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from secaudit.model.attestation import EvidenceFile


class AcceptanceKind(StrEnum):
    """RISK: 风险接受. DEFERRAL: 延期整改, to be put right by its deadline."""

    RISK = "risk"
    DEFERRAL = "deferral"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What somebody asked for and somebody else approved, of failures of a check or a step.

    ``check`` or ``step`` says which failures, the other is ""; ``assets`` on which assets of the system, ``offenders``
    which of what the check found: none for all. It holds from ``start`` to ``until``, both days included; a
    deferral has a ``deadline``. ``id`` is the name of its file.
    """

    id: str
    system: str
    kind: AcceptanceKind
    reason: str
    measure: str
    requester: str
    approver: str
    document: str
    start: date
    until: date
    check: str = ""
    step: str = ""
    assets: tuple[str, ...] = ()
    offenders: tuple[str, ...] = ()
    deadline: date | None = None
    files: tuple[EvidenceFile, ...] = ()

    @property
    def last_day(self) -> date:
        """The last day on which it holds: a deadline that has passed defers nothing."""
        return min(self.until, self.deadline) if self.deadline else self.until


@dataclass(frozen=True, slots=True)
class Revocation:
    """Who took an acceptance back, and when; ``of`` is its id."""

    of: str
    person: str
    day: date
    reason: str
