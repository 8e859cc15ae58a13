"""What a paper from outside makes of findings: it opens those that are not on record, and nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.model.finding import Event, EventKind, Finding, Source
from secaudit.model.reported import Reported
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class Paper:
    """What a list was taken over from, and when; ``sha256`` is that of its file."""

    source: Source
    sha256: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A problem of a list, when its paper was written, and the finding of it that is on record."""

    said: Reported
    opened: datetime
    known: Finding | None = None


def matched(told: Iterable[tuple[Reported, datetime]], known: Iterable[Finding]) -> list[Told]:
    """Each problem with its finding; ``known``: all findings from that source, whatever their stage.

    The check that a list names may change when it comes again: it is the same finding.
    """
    places = {(one.document, one.system, one.asset, one.reference): one for one in known}
    return [Told(said, opened, places.get(said.identity)) for said, opened in told]


def opened_by(new: Sequence[Told], paper: Paper) -> list[Finding]:
    """Findings for these problems. Only evidence that was collected later than now can close one."""
    return [_opened(one, paper) for one in new]


def deadline_event(said: Reported, now: datetime) -> Event | None:
    """That the paper sets a deadline."""
    if said.deadline is None:
        return None
    return Event(now, EventKind.PLANNED, person=said.issued_by, text=said.document, deadline=said.deadline)


def _opened(one: Told, paper: Paper) -> Finding:
    said = one.said
    return Finding(
        number=0,
        source=paper.source,
        system=said.system,
        asset=said.asset,
        check=said.check,
        offender="",
        title=Text(said.title, said.title),
        severity=said.severity,
        advisory=False,
        opened=min(one.opened, paper.now),
        opened_in=paper.sha256,
        failed_at=paper.now,
        failed_in=paper.sha256,
        document=said.document,
        reference=said.key,
    )
