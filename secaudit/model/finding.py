"""A failure that is followed until it is closed, and everything that happened to it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from secaudit.model.attestation import EvidenceFile
from secaudit.model.content import Severity
from secaudit.model.result import Verdict
from secaudit.model.text import Text


class Source(StrEnum):
    """Who found it: a scan, a person's answer, or somebody outside (测评, 公安通报, 网信通报, 漏扫, 演练, 密评)."""

    SCAN = "scan"
    ANSWER = "answer"
    EVALUATION = "evaluation"
    POLICE = "police"
    CYBERSPACE = "cyberspace"
    VULNERABILITY_SCAN = "vulnerability-scan"
    DRILL = "drill"
    CRYPTOGRAPHY = "cryptography"


OURS: Final = frozenset({Source.SCAN, Source.ANSWER})
"""The sources that we look at ourselves; the others are told us by a document."""


CUT: Final = "…"
"""The offender that stands for those that a list leaves out: with it a list is not complete."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One result, as far as findings go: ``offenders`` are ids, ``object_id`` is "" for the asset itself."""

    check: str
    object_id: str
    verdict: Verdict
    offenders: tuple[str, ...] = ()


class Stage(StrEnum):
    """How far the rectification is. CLAIMED: somebody says that it is fixed."""

    OPEN = "open"
    PLANNED = "planned"
    CLAIMED = "claimed"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """What closed a finding. ASSET_REMOVED: its asset or system is registered no more."""

    PASSED = "passed"
    REVIEWED = "reviewed"
    ASSET_REMOVED = "asset_removed"


class EventKind(StrEnum):
    """What happened. REFUTED: after a claim it still failed. NOT_FIXED: a reviewer says so. MOVED: its asset was."""

    OPENED = "opened"
    PLANNED = "planned"
    EXTENDED = "extended"
    NOTICED = "noticed"
    CLAIMED = "claimed"
    REFUTED = "refuted"
    NOT_FIXED = "not_fixed"
    CLOSED = "closed"
    REOPENED = "reopened"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Move:
    """An asset that the register has elsewhere, or under another id: from (system, asset) to (system, asset)."""

    from_system: str
    from_asset: str
    to_system: str
    to_asset: str


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a finding's history, never changed.

    ``at`` is the moment of the evidence, or of the act; ``run`` the run whose evidence it was, ``person`` who acted
    (who plans, claims, reviews, allows an extension). ``text`` is the note, the reason, or what a reviewer saw.
    ``failed_in`` is what failed: a run, or the digest of an answer. What an event does not change is "" or None.
    """

    at: datetime
    kind: EventKind
    run: str = ""
    person: str = ""
    text: str = ""
    owner: str = ""
    measure: str = ""
    deadline: date | None = None
    notice: str = ""
    reason: CloseReason | None = None
    failed_in: str = ""
    files: tuple[EvidenceFile, ...] = ()
    moved: Move | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says that it is fixed, since when, and what shows it."""

    at: datetime
    person: str
    text: str = ""
    files: tuple[EvidenceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Closing:
    """When and by what it was closed: by the evidence of a run, or by a reviewer."""

    at: datetime
    reason: CloseReason
    run: str = ""
    reviewer: str = ""
    text: str = ""
    files: tuple[EvidenceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A failure, ours or reported from outside. ``number`` is stable in its workspace.

    ``asset`` is a registered asset, "" for the system itself; ``object_id`` is an object of it (a data set), "" for
    the asset. ``check`` is the id of the check, of an answer the step; "" where no check is bound to an outside
    finding. ``offender`` is "" where a check names none. ``document`` and ``reference`` are the outside paper and what
    it calls the finding; ``notice`` is the number of the notice that demands its rectification. ``opened`` is the
    moment of the first evidence, ``opened_in`` where it was (a run, the digest of an answer); ``failed_at`` and
    ``failed_in`` are those of the newest failure on record: a night that shows the same failure again puts nothing
    on record. ``history`` is empty
    where only the state was read.
    """

    number: int
    source: Source
    system: str
    asset: str
    check: str
    offender: str
    title: Text
    severity: Severity
    advisory: bool
    opened: datetime
    opened_in: str
    failed_at: datetime
    failed_in: str
    object_id: str = ""
    document: str = ""
    reference: str = ""
    stage: Stage = Stage.OPEN
    owner: str = ""
    measure: str = ""
    deadline: date | None = None
    notice: str = ""
    claimed: Claim | None = None
    closed: Closing | None = None
    reopened: int = 0
    history: tuple[Event, ...] = ()

    def __str__(self) -> str:
        return f"F{self.number:06d}"

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it the same finding when it appears again."""
        paper = () if self.source in OURS else (self.document, self.reference)
        return (self.source, self.system, self.asset, self.object_id, self.check, self.offender, *paper)

    @property
    def moves(self) -> tuple[Move, ...]:
        """Where its asset was moved, in order; none where only the state was read."""
        return tuple(event.moved for event in self.history if event.moved)

    @property
    def asset_ids(self) -> tuple[str, ...]:
        """The id of its asset, and those that it had before: older evidence names these."""
        return tuple(dict.fromkeys((self.asset, *(move.from_asset for move in reversed(self.moves)))))

    def is_overdue(self, day: date) -> bool:
        """Whether its deadline has passed and it is not closed."""
        return self.stage is not Stage.CLOSED and self.deadline is not None and self.deadline < day
