"""A whole scan (visits, facts, judging, storing) against bare connections that run the same scripts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from bench.bare import bare_visit, script_of
from bench.figures import Row, Target
from bench.hosts import Scene
from bench.timing import in_turn
from secaudit.audit import Steps, run_audit
from secaudit.cli.visiting import no_bundles, visits
from secaudit.cli.wiring import open_workspace
from secaudit.model.pace import Pace

ROUNDS = 5
JOBS = 4


def scan(scene: Scene) -> tuple[Row, ...]:
    """Processor time of the controller, a host."""
    opened, key = open_workspace(scene.folder), scene.key()
    owed = [(asset, script_of(planned.probes, asset)) for planned, asset in scene.owed()]
    steps = Steps(
        visits=visits(scene.folder, Pace(jobs=JOBS), scene.rules, scene.secrets, no_bundles),
        authorise=opened.authorise,
        clock=lambda: datetime.now(UTC),
        on_visit=lambda _visit, _results: None,
    )
    with opened.open_store() as store, ThreadPoolExecutor(JOBS) as threads:  # both sides as many at once
        ours, bare = in_turn(
            lambda: run_audit(store, scene.plan, scene.rules, steps),
            lambda: list(threads.map(lambda one: bare_visit(one[0], key, one[1]), owed)),
            ROUNDS,
        )
    ours_ms, bare_ms = (1000 * side.cpu_s / len(owed) for side in (ours, bare))
    shown = f"a bare paramiko exec of the same script: {bare_ms:.1f} ms"
    return (
        Row("processor time of a scan, a host", f"{ours_ms:.1f} ms", shown, ours_ms / bare_ms, Target(5)),
    )
