"""What must stay whatever its age, because something rests on it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from secaudit.audit.planning import is_visited
from secaudit.model.delivery import Delivery, Event
from secaudit.model.finding import Finding
from secaudit.model.register import System
from secaudit.model.retention import Kind
from secaudit.model.run import Plan, RunState
from secaudit.register.times import beginning, in_zone
from secaudit.store import StoredRun
from secaudit.upkeep.retention import Hold, Reason

# run id → why it stays
RunHolds = dict[str, Hold]
# run, system → whether it visits all of the system that could be visited
Whole = Callable[[str, str], bool]


def running(runs: Iterable[StoredRun], is_alive: Callable[[str], bool]) -> RunHolds:
    """Runs that go on still."""
    alive = (run for run in runs if run.state is RunState.RUNNING and is_alive(run.owner))
    return {run.id: Hold(Reason.RUNNING, run.owner.partition("/")[0]) for run in alive}


def newest(runs: Sequence[StoredRun], systems: Iterable[System], is_whole: Whole) -> RunHolds:
    """Of each registered system the newest run, the newest complete and the newest whole one: assessments in force.

    ``runs``: the newest first.
    """
    found: RunHolds = {}
    for system in systems:
        own = [run for run in runs if system.id in run.systems]
        complete = [run for run in own if run.state is RunState.COMPLETE]
        whole = (run for run in complete if is_whole(run.id, system.id))
        for run in (next(iter(own), None), next(iter(complete), None), next(whole, None)):
            if run is not None:
                found[run.id] = Hold(Reason.NEWEST, system.id)
    return found


def visits_all(plan: Plan, system_id: str) -> bool:
    """Whether it visits all of a system that could be visited, not only what ``--asset`` named."""
    (system,) = (system for system in plan.systems if system.id == system_id)
    return {a.id for a in system.assets if is_visited(a)} <= {planned.asset_id for planned in plan.assets}


def newest_visits(visited: Mapping[str, str]) -> RunHolds:
    """Of each registered asset the run that visited it last (asset → run): a bundle is taken over from there."""
    return {run_id: Hold(Reason.NEWEST_VISIT, asset_id) for asset_id, run_id in visited.items()}


def packaged(runs: Sequence[StoredRun], events: Iterable[Delivery], is_whole: Whole) -> RunHolds:
    """The runs that packages were built from.

    One of an older version says its day and its systems alone: it rests on the newest whole run before that day or on
    one of the day.
    """
    found: RunHolds = {}
    for event in (event for event in events if event.event is Event.BUILT):
        if event.runs:
            found |= {run: Hold(Reason.PACKAGE, event.number) for run in event.runs if run not in found}
            continue
        midnight = beginning(event.day.isoformat())
        for system_id in event.systems:
            for run in _possible(runs, system_id, midnight, event, is_whole):
                found.setdefault(run.id, Hold(Reason.PACKAGE, event.number))
    return found


def _possible(
    runs: Sequence[StoredRun],
    system_id: str,
    midnight: datetime,
    event: Delivery,
    is_whole: Whole,
) -> Iterator[StoredRun]:
    complete = (run for run in runs if run.state is RunState.COMPLETE and system_id in run.systems)
    for run in complete:
        ended = run.ended_at or run.started_at
        if in_zone(run.started_at).date() > event.day:
            continue
        yield run
        if ended < midnight and is_whole(run.id, system_id):
            return


def of_findings(unsettled: Iterable[Finding]) -> RunHolds:
    """Runs whose evidence an open finding rests on: the one that opened it, and the one that failed last."""
    found: RunHolds = {}
    for finding in unsettled:
        for run_id in (finding.opened_in, finding.failed_in):
            found.setdefault(run_id, Hold(Reason.FINDING, str(finding)))
    return found


def as_holds(*parts: RunHolds) -> dict[tuple[Kind, str], Hold]:
    """The first reason of a run counts."""
    found: dict[tuple[Kind, str], Hold] = {}
    for part in parts:
        for run_id, hold in part.items():
            found.setdefault((Kind.RUNS, run_id), hold)
    return found
