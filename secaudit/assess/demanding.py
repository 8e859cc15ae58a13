"""By when a notice demands the rectification of a finding."""

from collections.abc import Mapping
from datetime import date, timedelta

from secaudit.model.content import Severity
from secaudit.model.finding import OURS, Event, EventKind, Finding
from secaudit.model.rectification import RectificationSettings, WorkDays


def days_after(day: date, count: int, work_days: WorkDays | None) -> date:
    """The day that is so many days later: calendar days, or those on which people work."""
    if work_days is None:
        return day + timedelta(days=count)
    while count:
        day += timedelta(days=1)
        count -= work_days.works(day)
    return day


def demanded_by(day: date, settings: RectificationSettings) -> Mapping[Severity, date]:
    """The deadline of each severity for a notice of that day."""
    return {severity: days_after(day, count, settings.work_days) for severity, count in settings.days.items()}


def deadline_of(finding: Finding, demanded: date, day: date) -> date:
    """What a notice of that day says of a finding (with its history): a deadline on record stays, unless it is ours,
    has passed, and no notice has set it: a notice that comes again puts nothing off, only an extension does.

    That of an authority is no longer ours to move. What a department planned by itself puts off nothing.
    """
    known = finding.deadline
    if known is None or (known < day and finding.source in OURS and not finding.notice):
        return demanded
    return min(known, demanded) if _is_their_own(finding) else known


def _is_their_own(finding: Finding) -> bool:
    """Whether the deadline is nothing but the day that a department planned in its answer."""
    last = next((event for event in reversed(finding.history) if event.deadline), None)
    return last is not None and last.kind is EventKind.PLANNED and last.person == last.owner != ""


def extensions_of(finding: Finding) -> list[tuple[date | None, Event]]:
    """Every extension on record with the deadline before it, since it was opened or opened again."""
    deadline: date | None = None
    found: list[tuple[date | None, Event]] = []
    for event in finding.history:
        if event.kind is EventKind.REOPENED:
            deadline, found = None, []
        if event.kind is EventKind.EXTENDED:
            found.append((deadline, event))
        deadline = event.deadline or deadline
    return found
