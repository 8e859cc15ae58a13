"""What happened to a package: made, sent, received, returned, accepted."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from secaudit.model.attestation import EvidenceFile


class Event(StrEnum):
    """The steps of a handover, in their order; ``returned`` may come after ``received`` and asks for a new package."""

    BUILT = "built"
    SENT = "sent"
    RECEIVED = "received"
    RETURNED = "returned"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event of the package of that number. ``reference`` is the agency's own number (of a receipt, a reply).

    ``sequence``, ``systems``, ``runs`` (of each system that it holds data of) and ``manifest_sha256`` are said once,
    where it was built.
    """

    number: str
    agency: str
    event: Event
    day: date
    person: str
    reference: str = ""
    note: str = ""
    files: tuple[EvidenceFile, ...] = ()
    sequence: int = 0
    systems: tuple[str, ...] = ()
    manifest_sha256: str = ""
    runs: tuple[str, ...] = ()
