"""The runs of a system that visited all of it: what counts as its state at a time."""

from collections.abc import Iterator

from secaudit.audit.planning import is_visited
from secaudit.model.run import RunState
from secaudit.store import Store, StoredRun, UnreadableRun


def whole_runs_of(store: Store, system_id: str) -> Iterator[StoredRun]:
    """The complete runs that visit all of a system that can be visited, the newest first."""
    for run in store.runs():
        if run.state is RunState.COMPLETE and system_id in run.systems and is_whole(store, run.id, system_id):
            yield run


def is_whole(store: Store, run_id: str, system_id: str) -> bool:
    """Whether a run visits all that could be visited, not only what ``--asset`` named or a retest needed.

    One whose plan cannot be read is not passed over: whoever reads it is told.
    """
    try:
        plan = store.run(run_id).plan
    except UnreadableRun:
        return True
    (system,) = (system for system in plan.systems if system.id == system_id)
    visited = {planned.asset_id for planned in plan.assets}
    return not plan.only and {a.id for a in system.assets if is_visited(a)} <= visited
