"""Notices with figures of nobody: to try a way, and to look at a template."""

from datetime import date, timedelta

from secaudit.model.notice import (
    FAILURES,
    Notice,
    NoticeCounts,
    NoticeDeadline,
    NoticeEvent,
    NoticePart,
    OrganisationName,
    WatchVerdict,
    number_told,
)


def sample(event: NoticeEvent, office: OrganisationName, night: date) -> Notice:
    """A notice of that event about the office itself."""
    soon, late = (NoticeDeadline(number_told("2026-1"), night + timedelta(days=days), 2) for days in (3, -7))
    due = {
        NoticeEvent.DIGEST: (late, soon),
        NoticeEvent.DEADLINE: (soon,),
        NoticeEvent.OVERDUE: (late,),
        NoticeEvent.TEST: (late, soon),
    }
    part = NoticePart(
        office,
        systems=2,
        counts=NoticeCounts(new=3, closed=1, open=12, overdue=2, due_soon=2, gaps=5, unreached=1),
        due=due.get(event, ()),
        packages=(soon,) if event in (NoticeEvent.PACKAGE_DUE, NoticeEvent.TEST) else (),
        returned=(number_told("2026-2"),) if event is NoticeEvent.PACKAGE_RETURNED else (),
    )
    verdict = WatchVerdict.CHANGED if event is NoticeEvent.WATCH else None
    return Notice(event, night, failed=event in FAILURES, parts=(part,), verdict=verdict)
