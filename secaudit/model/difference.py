"""What differs between two runs: failures that came and went, and what is known no more."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from secaudit.model.evidence import Gap
from secaudit.model.result import Offender, Result


class Kind(StrEnum):
    """How the later run differs, the most urgent first.

    REGRESSED failed before, did not, and fails again. PERSISTING fails in both. UNDECIDED failed, and now the check
    does not apply or is left to a person: that is no fix. A gap is never a fix.
    """

    REGRESSED = "regressed"
    NEW = "new"
    NEWLY_UNKNOWN = "newly_unknown"
    COVERAGE_LOST = "coverage_lost"
    UNDECIDED = "undecided"
    FIXED = "fixed"
    COVERAGE_WON = "coverage_won"
    PERSISTING = "persisting"


class Cause(StrEnum):
    """Whose doing it is: the asset's, or that of our checks, parameters and register.

    UNTOLD: the older evidence does not answer what is asked today.
    """

    WORLD = "world"
    CONTENT = "content"
    BOTH = "both"
    UNTOLD = "untold"


class Reason(StrEnum):
    """Why coverage was lost or won. UNREACHED and the rest up to CHECK speak of a whole asset."""

    UNREACHED = "unreached"
    NOT_VISITED = "not_visited"
    NOT_PLANNED = "not_planned"
    NOT_REGISTERED = "not_registered"
    SYSTEM_LEFT_OUT = "system_left_out"
    CHECK = "check"
    KNOWN = "known"


WORSE: Final = frozenset({Kind.REGRESSED, Kind.NEW})
DARKER: Final = frozenset({Kind.NEWLY_UNKNOWN, Kind.COVERAGE_LOST})


@dataclass(frozen=True, slots=True)
class Difference:
    """One offender of a check on an object, the check where it names none (``offender`` None), or an asset.

    ``check_id`` is "" for a whole asset, of which ``verdicts`` are no longer, or newly, judged; ``gap`` says why it
    was not reached. ``cause`` is None where nothing has changed (PERSISTING).
    """

    kind: Kind
    system_id: str
    asset_id: str
    object_id: str = ""
    check_id: str = ""
    offender: Offender | None = None
    before: Result | None = None
    after: Result | None = None
    cause: Cause | None = Cause.WORLD
    reason: Reason | None = None
    gap: Gap | None = None
    verdicts: int = 1
