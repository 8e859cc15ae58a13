"""What a person answered to a step, and what the answer rests on."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Answer(StrEnum):
    """An answer in the words of GB/T 28448-2019."""

    MET = "符合"
    PARTLY = "部分符合"
    NOT_MET = "不符合"
    NOT_APPLICABLE = "不适用"


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that an answer rests on: its own name, and its place in the workspace by its SHA-256 in hex."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """A person's answer to a step on an object: who answered when, and until when it holds (the last day).

    ``system`` or ``organisation`` says whose answer it is: that of an organisation serves its systems and those of
    the organisations below. ``object_id`` is an object of the item; "" answers for all that have no answer of
    their own. ``record`` is what was found; for 不适用 the reason, always there.
    """

    step_id: str
    answer: Answer
    person: str
    day: date
    valid_until: date
    record: str = ""
    object_id: str = ""
    system: str = ""
    organisation: str = ""
    files: tuple[EvidenceFile, ...] = ()
