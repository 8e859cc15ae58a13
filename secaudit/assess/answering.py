"""What the answer of a department makes of a finding: a plan, a claim, or the reason why neither."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from secaudit.language import _
from secaudit.model.attestation import EvidenceFile
from secaudit.model.finding import Event, EventKind, Finding, Stage


@dataclass(frozen=True, slots=True)
class FindingAnswer:
    """What a department says of a finding: who, how, by when, since when it is fixed.

    ``stale``: somebody else changed owner or measure since the department was asked.
    """

    owner: str
    measure: str
    planned: date | None = None
    fixed: date | None = None
    note: str = ""
    files: tuple[EvidenceFile, ...] = ()
    stale: bool = False


def after_answer(finding: Finding, answer: FindingAnswer, now: datetime) -> list[Event]:
    """The events that follow; ``finding`` has its history. Raises ValueError: the answer cannot be taken.

    What is on record already follows no second time. A closed finding takes no answer.
    """
    if finding.stage is Stage.CLOSED:
        return []
    return [*_plan(finding, answer, now), *_claim(finding, answer, now)]


def _plan(finding: Finding, answer: FindingAnswer, now: datetime) -> Iterator[Event]:
    changed = _changes(finding, answer)
    planned = answer.planned if answer.planned and not _is_planned(finding, answer.planned) else None
    if (changed or planned) and finding.claimed:
        raise ValueError(_("it is claimed fixed: it is planned no more"))
    if changed and answer.stale:
        raise ValueError(_("owner or measure were changed since this was exported; export it again"))
    if planned and finding.deadline and planned > finding.deadline:
        told = _("a day until the deadline {deadline} expected; an extension takes an approval")
        raise ValueError(told.format(deadline=finding.deadline.isoformat()))
    if changed or planned:
        note = "" if answer.fixed else answer.note
        yield Event(
            now,
            EventKind.PLANNED,
            person=answer.owner,
            text=_joined(planned.isoformat() if planned else "", note),
            owner=answer.owner,
            measure=answer.measure,
            deadline=planned if finding.deadline is None else None,
        )


def _changes(finding: Finding, answer: FindingAnswer) -> bool:
    """Whether the answer names another owner or measure; an empty cell wishes nothing."""
    return answer.owner not in ("", finding.owner) or answer.measure not in ("", finding.measure)


def _is_planned(finding: Finding, day: date) -> bool:
    plans = [event for event in finding.history if event.kind is EventKind.PLANNED]
    return bool(plans) and (plans[-1].deadline == day or plans[-1].text.startswith(day.isoformat()))


def _claim(finding: Finding, answer: FindingAnswer, now: datetime) -> Iterator[Event]:
    if answer.fixed is None:
        return
    text = _joined(answer.fixed.isoformat(), answer.note)
    said = (answer.owner, text, answer.files)
    claims = [event for event in finding.history if event.kind is EventKind.CLAIMED]
    if said not in [(event.person, event.text, event.files) for event in claims]:
        if finding.claimed:
            told = _("it is claimed fixed already, by {person}")
            raise ValueError(told.format(person=finding.claimed.person))
        yield Event(now, EventKind.CLAIMED, person=answer.owner, text=text, files=answer.files)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
