"""What the newest evidence says of a finding, and whether any evidence can still decide it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from secaudit.assess.findings import DECISIVE
from secaudit.audit.planning import expected_of
from secaudit.cli.wiring import Workspace
from secaudit.cli.words import gap_word, spoken
from secaudit.content import Content
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.finding import Finding, Source
from secaudit.model.register import System
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
    """The result of the check of a finding in a run; None where there is none, or none that can be read.

    A closed finding outlives its runs: they may have been pruned.
    """
    for asset in finding.asset_ids:
        try:
            results = store.results_of(run, asset)
        except (UnreadableRun, UsageError):
            continue
        where = finding.check, finding.object_id or asset
        return next((one for one in results if (one.check_id, one.object_id) == where), None)
    return None


def undecidable(opened: Workspace, store: Store, content: Content, numbers: Sequence[int]) -> dict[int, str]:
    """Finding → why no scan can decide it any more; those that a scan can decide are left out.

    What is unknown or unreachable is not among them: its evidence is to be mended.
    """
    found: dict[int, str] = {}
    for number in numbers:
        finding = store.findings.with_history(number)
        if finding.source is Source.SCAN and (why := _why(store, content, opened.register.systems, finding)):
            found[number] = why
    return found


def _why(store: Store, content: Content, systems: Iterable[System], finding: Finding) -> str:
    system = next((system for system in systems if system.id == finding.system), None)
    if system is None:
        return _("its system is registered no more")
    if finding.check not in content.checks:
        return _("its check is retired")
    if not _is_owed(system, content, finding):
        return _("its check is owed no more")
    newest = _newest_result(store, finding)
    return (
        {
            Verdict.NOT_APPLICABLE: _("its check does not apply any more"),
            Verdict.MANUAL: _("its check asks a person"),
        }.get(newest.verdict, "")
        if newest
        else ""
    )


def _is_owed(system: System, content: Content, finding: Finding) -> bool:
    """Whether the register and the profile of today ask for it, whatever other profile a run was made with."""
    asset = next((asset for asset in system.assets if asset.id == finding.asset), None)
    profile = content.profiles.get(system.profile or f"level-{system.level}")
    if asset is None or profile is None:
        return asset is not None
    where = finding.check, finding.object_id or finding.asset
    return any((one.check_id, one.object_id) == where for one in expected_of(asset, system, content, profile))


def _newest_result(store: Store, finding: Finding) -> Result | None:
    """The result of the newest visit that was asked for one."""
    results = (result_in(store, run, finding) for run, _at in store.visits_of(finding.asset)[:VISITS])
    return next((one for one in results if one is not None), None)


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
