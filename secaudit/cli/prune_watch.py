"""The runs of nights of heavy protection, which lie apart: they are kept as long as the others."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from secaudit.audit.owner import is_alive
from secaudit.cli.wiring import Workspace, state_now
from secaudit.model.nightly import WATCH_DATABASE
from secaudit.model.retention import Kind
from secaudit.model.run import RunState
from secaudit.store import Store, open_store
from secaudit.upkeep.deciding import Known, fates_of_runs
from secaudit.upkeep.pruning import Pruned, given_back
from secaudit.upkeep.retention import Fate, Limits


@dataclass(frozen=True, slots=True)
class WatchRuns:
    """What becomes of them. ``writing``: such a night goes on."""

    fates: tuple[Fate, ...] = ()
    writing: bool = False

    @property
    def told(self) -> list[Fate]:
        """With the database that they are of, for people."""
        return [
            replace(one, item=replace(one.item, id=f"{WATCH_DATABASE}: {one.item.id}")) for one in self.fates
        ]


def watch_runs(opened: Workspace, limits: Limits, kinds: Collection[Kind]) -> WatchRuns:
    """The fate of each run of a watch; none where there never was one. No package and no finding rests on these."""
    file = opened.folder / WATCH_DATABASE
    if Kind.RUNS not in kinds or not file.is_file():
        return WatchRuns()
    with _watch_store(opened) as store:
        known = Known(opened.folder, opened.register.systems, (), is_alive)
        writing = any(state_now(run) is RunState.RUNNING for run in store.runs())
        return WatchRuns(tuple(fates_of_runs(known, store, limits)), writing)


def with_watch(done: Pruned, opened: Workspace, watched: WatchRuns) -> Pruned:
    """Take away those that go: what was done, with them. The ledger never spoke of them."""
    runs = [fate.item.id for fate in watched.fates if fate.goes]
    if not runs:
        return done
    with _watch_store(opened) as store:
        store.forget_runs(runs)
        store.sweep()
        room, kept = given_back(store, writing=watched.writing)
    return replace(
        done,
        runs=done.runs + len(runs),
        given_back_bytes=done.given_back_bytes + room,
        kept=done.kept or kept,
    )


def _watch_store(opened: Workspace) -> Store:
    return open_store(f"sqlite:///{opened.folder.resolve() / WATCH_DATABASE}")
