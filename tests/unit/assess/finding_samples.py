"""Checks, evidence and findings of one host, for tests of what becomes of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from secaudit.assess.finding_state import applied
from secaudit.assess.findings import Changes, Evidence, Rulebook
from secaudit.model.content import Check, Severity
from secaudit.model.finding import Event, EventKind, Finding, Seen, Source, Stage
from secaudit.model.result import Verdict
from secaudit.model.text import Text

TITLE = Text("口令最长使用期限", "Maximum password age")
AGE, KEYS = "linux.age", "linux.keys"
RULES = Rulebook(
    {
        AGE: Check(AGE, TITLE, Severity.MEDIUM, "linux", (), TITLE),
        KEYS: Check(KEYS, TITLE, Severity.LOW, "linux", (), TITLE, advisory=True),
    },
    {"ces.authentication.a#4": (AGE, KEYS)},
)


def night(number: float) -> datetime:
    """When the evidence of that night was collected."""
    return datetime(2026, 3, 1, 22, tzinfo=UTC) + timedelta(days=number)


def seen(verdict: Verdict, *offenders: str, check: str = AGE, object_id: str = "") -> Seen:
    """A result."""
    return Seen(check, object_id, verdict, offenders)


def evidence(number: float, *results: Seen, again: bool = False) -> Evidence:
    """What host h1 showed in a night."""
    return Evidence("oa", "h1", f"r{number}", night(number), results, again)


def finding(offender: str = "root", **changed: object) -> Finding:
    """One that night 0 opened."""
    one = Finding(
        1,
        Source.SCAN,
        "oa",
        "h1",
        AGE,
        offender,
        TITLE,
        Severity.MEDIUM,
        False,
        night(0),
        "r0",
        night(0),
        "r0",
    )
    return replace(one, **changed)  # type: ignore[arg-type]


def claimed(number: float, **changed: object) -> Finding:
    """The same, claimed fixed on that day."""
    return applied(finding(**changed), Event(night(number), EventKind.CLAIMED, person="张三"))  # type: ignore[arg-type]


def carried_out(known: Iterable[Finding], changes: Changes) -> list[Finding]:
    """Findings after changes; new ones get the next numbers."""
    by_number = {one.number: one for one in known}
    for before, event in changes.happened:
        by_number[before.number] = applied(by_number[before.number], event)
    for one in changes.opened:
        number = len(by_number) + 1
        by_number[number] = replace(one, number=number)
    return list(by_number.values())


def stages(known: Iterable[Finding]) -> dict[str, Stage]:
    """Offender → stage."""
    return {one.offender: one.stage for one in known}


def kinds(changes: Changes) -> Sequence[EventKind]:
    """What happened to known findings."""
    return [event.kind for _finding, event in changes.happened]
