"""What people may do with a finding: each act gives the events that it is put on record as, or is refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.attestation import EvidenceFile
from secaudit.model.finding import CloseReason, Event, EventKind, Finding, Source, Stage
from secaudit.register.acceptances import same_person


@dataclass(frozen=True, slots=True)
class Planned:
    """Who puts it right, how, until when; ``allowed_by`` and ``reason`` are needed for a later deadline than before.

    What is "" or None stays as it is.
    """

    owner: str = ""
    measure: str = ""
    deadline: date | None = None
    notice: str = ""
    allowed_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a reviewer found on a day. ``fixed``: it is put right; the files show it."""

    reviewer: str
    fixed: bool
    at: datetime
    text: str
    files: tuple[EvidenceFile, ...]


def plan(finding: Finding, said: Planned, now: datetime, today: date) -> list[Event]:
    """Raises UsageError: closed, claimed, incomplete, a deadline that has passed or is put off without leave."""
    _refuse_closed(finding)
    if finding.stage is Stage.CLAIMED:
        raise UsageError(
            _("{finding} is claimed fixed: it is planned no more.").format(finding=finding),
            hint=_("Test it again or review it first: secaudit finding retest, secaudit finding review"),
        )
    _refuse_incomplete(finding, said)
    if said.deadline is not None and said.deadline < today:
        told = _("{finding}: the deadline {day} has passed already.")
        raise UsageError(told.format(finding=finding, day=said.deadline))
    later = bool(finding.deadline and said.deadline and said.deadline > finding.deadline)
    if later:
        _refuse_without_leave(finding, said)
    changed = Event(
        now,
        EventKind.PLANNED,
        owner=said.owner,
        measure=said.measure,
        deadline=None if later else said.deadline,
        notice=said.notice,
    )
    events = [changed] if changed != Event(now, EventKind.PLANNED) else []
    if later:
        extended = Event(
            now, EventKind.EXTENDED, person=said.allowed_by, text=said.reason, deadline=said.deadline
        )
        events.append(extended)
    if not events:
        raise UsageError(_("Nothing to plan is said: --owner, --measure, --deadline or --notice."))
    return events


def _refuse_closed(finding: Finding) -> None:
    if finding.stage is Stage.CLOSED:
        raise UsageError(
            _("{finding} is closed.").format(finding=finding),
            hint=_("See how: secaudit finding show {finding}").format(finding=finding),
        )


def _refuse_incomplete(finding: Finding, said: Planned) -> None:
    whole = (
        (finding.owner or said.owner, "--owner"),
        (finding.measure or said.measure, "--measure"),
        (finding.deadline or said.deadline, "--deadline"),
    )
    for there, option in whole:
        if not there:
            told = _("{finding} has no plan yet: {option} is required.")
            raise UsageError(told.format(finding=finding, option=option))


def _refuse_without_leave(finding: Finding, said: Planned) -> None:
    if not (said.allowed_by and said.reason):
        told = _(
            "{finding}: a deadline later than {day} is an extension: --allowed-by and --reason are required."
        )
        raise UsageError(told.format(finding=finding, day=finding.deadline))
    owners = filter(None, (finding.owner, said.owner))
    if any(same_person(said.allowed_by, owner) for owner in owners):
        told = _("{finding}: an extension is allowed by somebody else than its owner.")
        raise UsageError(told.format(finding=finding))


def claim(finding: Finding, person: str, text: str, files: Sequence[EvidenceFile], now: datetime) -> Event:
    """Raises UsageError: closed, or claimed already."""
    _refuse_closed(finding)
    if finding.claimed is not None:
        told = _("{finding} is claimed fixed already, by {person}.")
        raise UsageError(
            told.format(finding=finding, person=finding.claimed.person),
            hint=_("Test it again or review it: secaudit finding retest, secaudit finding review"),
        )
    return Event(now, EventKind.CLAIMED, person=person, text=text, files=tuple(files))


Undecidable = Callable[[Finding], str]
"""Why no scan can decide a finding any more, in words; "" where one can."""


def review(finding: Finding, said: Reviewed, undecidable: Undecidable) -> Event:
    """Raises UsageError: closed, not claimed, reviewed by who fixed it, before the claim, or a check decides it."""
    _refuse_closed(finding)
    for fixer in (finding.owner, finding.claimed.person if finding.claimed else ""):
        if fixer and same_person(fixer, said.reviewer):
            told = _("{finding}: {person} put it right: somebody else reviews it.")
            raise UsageError(told.format(finding=finding, person=fixer))
    reason = undecidable(finding) if finding.source is Source.SCAN else ""
    if finding.source is Source.SCAN and not reason:
        raise UsageError(
            _("{finding}: its check decides it: it closes when that passes.").format(finding=finding),
            hint=_("Test it again: secaudit finding retest {finding}").format(finding=finding),
        )
    if finding.source is not Source.SCAN:
        _refuse_unclaimed(finding)
    _refuse_early(finding, said)
    return Event(
        said.at,
        EventKind.CLOSED if said.fixed else EventKind.NOT_FIXED,
        person=said.reviewer,
        text="; ".join(filter(None, (said.text, reason))),
        reason=CloseReason.REVIEWED if said.fixed else None,
        files=said.files,
    )


def _refuse_unclaimed(finding: Finding) -> None:
    if finding.claimed is None:
        raise UsageError(
            _("{finding}: nobody claims that it is fixed.").format(finding=finding),
            hint=_("Who fixed it says so first: secaudit finding claim {finding}").format(finding=finding),
        )


def _refuse_early(finding: Finding, said: Reviewed) -> None:
    since = max(finding.failed_at, finding.claimed.at if finding.claimed else finding.failed_at)
    if said.at <= since:
        told = _("{finding}: a review is of a day on which it was claimed fixed, and after its last failure.")
        raise UsageError(told.format(finding=finding))
