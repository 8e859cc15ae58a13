"""What a check found on an asset."""

from dataclasses import dataclass
from enum import StrEnum

from secaudit.model.evidence import Gap
from secaudit.model.text import Text


class Verdict(StrEnum):
    """The answer of a check. MANUAL: a person must answer."""

    PASS = "PASS"
    PARTIAL = "PARTIAL"
    FAIL = "FAIL"
    NOT_APPLICABLE = "NOT_APPLICABLE"
    UNKNOWN = "UNKNOWN"
    MANUAL = "MANUAL"


@dataclass(frozen=True, slots=True)
class Offender:
    """One thing that fails: its stable id, what was seen, what was expected (as shown, in both languages)."""

    id: str
    seen: Text
    expected: Text


@dataclass(frozen=True, slots=True)
class Result:
    """One check on one object. ``object_id`` is the asset, or a data set of it.

    ``gap`` is set exactly when the verdict is UNKNOWN; ``gap_source`` names the fact it comes from.
    ``facts`` are the facts and ``probes`` the probes the verdict rests on.
    """

    check_id: str
    asset_id: str
    object_id: str
    verdict: Verdict
    offenders: tuple[Offender, ...] = ()
    gap: Gap | None = None
    gap_source: str = ""
    facts: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
