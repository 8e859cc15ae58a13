"""What the newest evidence says of a finding, and whether any evidence can still decide it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from secaudit.assess.findings import DECISIVE
from secaudit.cli.wiring import Workspace
from secaudit.cli.words import gap_word, spoken
from secaudit.content import Content
from secaudit.language import _
from secaudit.model.finding import Finding, Source
from secaudit.model.result import Result, Verdict
from secaudit.store import Store, UnreadableRun

# how many visits are looked through for one that says something
VISITS: Final = 60


@dataclass(frozen=True, slots=True)
class Newest:
    """A result of the check of a finding; ``result`` is None where the visit owed none."""

    run: str
    at: datetime
    result: Result | None


def newest_of(store: Store, finding: Finding) -> tuple[Newest | None, Newest | None]:
    """The newest result at all, and the newest that decides; None where no visit has one."""
    first: Newest | None = None
    for run, at in store.visits_of(finding.asset)[:VISITS]:
        one = Newest(run, at, result_in(store, run, finding))
        first = first or one
        if one.result is not None and one.result.verdict in DECISIVE:
            return first, one
    return first, None


def result_in(store: Store, run: str, finding: Finding) -> Result | None:
    """The result of the check of a finding in a run; None where there is none, or none that can be read."""
    try:
        results = store.results_of(run, finding.asset)
    except UnreadableRun:
        return None
    where = finding.object_id or finding.asset
    return next((one for one in results if (one.check_id, one.object_id) == (finding.check, where)), None)


def undecidable(opened: Workspace, store: Store, content: Content, numbers: Sequence[int]) -> dict[int, str]:
    """Finding → why no scan can decide it any more; those that a scan can decide are left out.

    What is unknown or unreachable is not among them: its evidence is to be mended.
    """
    found: dict[int, str] = {}
    registered = {system.id for system in opened.register.systems}
    for number in numbers:
        finding = store.findings.with_history(number)
        if finding.source is Source.SCAN and (why := _why(store, content, registered, finding)):
            found[number] = why
    return found


def _why(store: Store, content: Content, registered: set[str], finding: Finding) -> str:
    if finding.system not in registered:
        return _("its system is registered no more")
    if finding.check not in content.checks:
        return _("its check is retired")
    newest = _newest_entered(store, finding)
    if newest is None:
        return ""
    if newest.result is None:
        return _("its check is owed no more")
    return {
        Verdict.NOT_APPLICABLE: _("its check does not apply any more"),
        Verdict.MANUAL: _("its check asks a person"),
    }.get(newest.result.verdict, "")


def _newest_entered(store: Store, finding: Finding) -> Newest | None:
    """The newest visit of a run that owed everything; of a part nothing follows about what is owed."""
    for run, at in store.visits_of(finding.asset)[:VISITS]:
        try:
            if not store.run(run).plan.only:
                return Newest(run, at, result_in(store, run, finding))
        except UnreadableRun:
            continue
    return None


def seen_of(result: Result, finding: Finding) -> str:
    """What a result says of a finding: what was seen of its offender, or why nothing is known."""
    if result.gap is not None:
        source = f"{result.gap_source}: " if result.gap_source else ""
        return f"{source}{gap_word(result.gap)}"
    mine = [one for one in result.offenders if finding.offender in ("", one.id)]
    told = _("{id}: {seen} (expected: {expected})")
    return "; ".join(
        told.format(id=one.id, seen=spoken(one.seen), expected=spoken(one.expected)) for one in mine
    )
