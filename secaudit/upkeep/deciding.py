"""What becomes of everything that a workspace keeps for a time: gathers what there is and what rests on what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from secaudit.model.delivery import Delivery
from secaudit.model.register import System
from secaudit.model.retention import Kind
from secaudit.store import Store, StoredRun, UnreadableRun
from secaudit.store.findings import UNSETTLED, Which
from secaudit.upkeep import holding, stock
from secaudit.upkeep.retention import Fate, Hold, Item, Limits, fates


@dataclass(frozen=True, slots=True)
class Known:
    """What is known apart from the database. ``is_alive``: whether the process of a run may still be at work."""

    workspace: Path
    systems: Sequence[System]
    deliveries: Sequence[Delivery]
    is_alive: Callable[[str], bool]


def decide(known: Known, store: Store | None, limits: Limits) -> list[Fate]:
    """The fate of every run and file, runs first and the oldest first. Raises UsageError, StoreError."""
    runs = [] if store is None else fates_of_runs(known, store, limits)
    files = list(stock.files_in(known.workspace))
    named = _named(known, store, files, limits)
    kept = [fate.item.id for fate in runs if not fate.goes]
    holds: dict[tuple[Kind, str], Hold] = {
        (item.kind, item.id): hold
        for item, hold in (
            *stock.held_reports(files, kept, known.deliveries),
            *stock.held_evidence(files, named),
        )
    }
    return [*runs, *fates(files, holds, limits)]


def _named(known: Known, store: Store | None, files: Sequence[Item], limits: Limits) -> dict[str, str]:
    """Digest of a file → who names it; looked for only where a file of evidence is old enough to go."""
    before = limits.before[Kind.EVIDENCE]
    if not any(item.kind is Kind.EVIDENCE and item.moment < before for item in files):
        return {}
    found = stock.digests_named(known.workspace)
    if store is not None:
        found |= {digest: f"F{number:06d}" for digest, number in store.findings.files_named()}
    return found


def fates_of_runs(known: Known, store: Store, limits: Limits) -> list[Fate]:
    """What rests on runs is looked for only where one is old enough to go."""
    runs = store.runs()
    items = list(stock.runs_in(runs))
    is_old = any(item.moment < limits.before[item.kind] for item in items)
    return list(fates(items, _held(known, store, runs) if is_old else {}, limits))


def _held(known: Known, store: Store, runs: Sequence[StoredRun]) -> dict[tuple[Kind, str], Hold]:
    @cache
    def is_whole(run_id: str, system_id: str) -> bool:
        """A run whose plan cannot be read counts as one: it stays for a version that reads it."""
        try:
            return holding.visits_all(store.run(run_id).plan, system_id)
        except UnreadableRun:
            return True

    registered = {asset.id for system in known.systems for asset in system.assets}
    visited = {asset: run for asset, run in store.newest_runs().items() if asset in registered}
    return holding.as_holds(
        holding.running(runs, known.is_alive),
        holding.newest(runs, known.systems, is_whole),
        holding.packaged(runs, known.deliveries, is_whole),
        holding.of_findings(store.findings.all(Which(stages=UNSETTLED))),
        holding.newest_visits(visited),
    )
