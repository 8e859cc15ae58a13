"""History: two large runs compared, a year of nights kept, and a trend over it."""

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import big_system, nights
from bench.figures import NotHere, Row, Target
from bench.timing import Ended, program
from secaudit.cli.wiring import open_workspace
from secaudit.model.evidence import Observation, Visit
from secaudit.model.result import Result
from secaudit.model.run import AssetPlan, Run, RunState
from secaudit.register.starting import start_demo

ASSETS = 1000
# of so many assets one has a verdict that is another
ONE_IN = 20
HOSTS, NIGHTS = 100, 30
YEAR = 365
FEW_HOSTS = 50
LIMIT_S = {"diff": 5, "trend": 3}
LIMIT_GB = 2
LIMIT_SHARE = 0.03
DIFFERS = (0, 1, 3)
LATER = "r2"


def history() -> tuple[Row, ...]:
    """Processor time of both commands, and what nights add to a database."""
    with tempfile.TemporaryDirectory() as name:
        compared, results = _compared(Path(name, "diff"))
        evidence = _evidence(Path(name, "here"))
        few = _sizes(Path(name, "few"), evidence, FEW_HOSTS, 6, touched=0)
        many = _sizes(Path(name, "year"), evidence, HOSTS, NIGHTS, touched=nights.TOUCHED)
        _sizes(Path(name, "results"), (), HOSTS, YEAR, touched=nights.TOUCHED)
        trend = _command(Path(name, "results"), "trend", "--per", "day", "--periods", str(YEAR))
    added = (few[-1] - few[0]) / (len(few) - 1) / few[0]
    whole = many[0] + (many[-1] - many[0]) / (NIGHTS - 1) * (YEAR - 1)
    return (
        _time(
            "diff", f"diff of two runs of {results:,} results, {ASSETS // ONE_IN} assets changed", compared
        ),
        _time("trend", f"trend over {YEAR} nights of {HOSTS} hosts, day by day", trend),
        Row(
            f"what an unchanged night of {FEW_HOSTS} hosts adds (two answers of each changed)",
            f"{added * few[0] / 1e3:.0f} kB",
            f"the first: {few[0] / 1e6:.2f} MB",
            added,
            Target(LIMIT_SHARE),
        ),
        Row(
            f"database of a year of nights of {HOSTS} hosts, reckoned from {NIGHTS}",
            f"{whole / 1e6:.0f} MB",
            "absolute",
            whole / 1e9,
            Target(LIMIT_GB, "GB"),
        ),
    )


def _time(name: str, what: str, ended: Ended) -> Row:
    return Row(
        f"processor time of {what}",
        f"{ended.cpu_s:.1f} s, {ended.peak_bytes / 1e6:.0f} MB",
        "absolute",
        ended.cpu_s,
        Target(LIMIT_S[name], "s"),
    )


def _compared(folder: Path) -> tuple[Ended, int]:
    """A second run a day later in which every twentieth asset has verdicts of its own."""
    results = big_system.make(folder, ASSETS)
    with open_workspace(folder).open_store() as store:
        first = store.run(big_system.RUN)
        began = first.started_at + timedelta(days=1)
        store.create_run(Run(LATER, RunState.RUNNING, began, None, first.plan, first.versions))
        for number, planned in enumerate(first.plan.assets):
            visit = Visit(planned.asset_id, began, began + timedelta(seconds=2), began, "", ())
            store.save_visit(LATER, visit, list(_results(planned, changed=number % ONE_IN == 0)))
        store.finish_run(LATER, RunState.COMPLETE, began + timedelta(minutes=1))
    return _command(folder, "diff", big_system.RUN, LATER), results


def _results(planned: AssetPlan, *, changed: bool) -> Iterator[Result]:
    for number, expected in enumerate(planned.expected):
        other = changed and number % 10 == 0
        one = big_system.result(f"{planned.asset_id}{'/later' if other else ''}", expected)
        yield replace(one, asset_id=planned.asset_id, object_id=expected.object_id)


def _evidence(folder: Path) -> tuple[Observation, ...]:
    """What this machine answers."""
    start_demo(folder, platform.node(), "zh", datetime.now(UTC))
    ended = _command(folder, "scan", codes=(0, 1, 3))
    if ended.code not in DIFFERS:
        raise NotHere("this machine cannot be scanned")
    with open_workspace(folder).open_store() as store:
        run = store.runs()[0]
        (asset,) = store.visited(run.id)
        return store.observations(run.id, asset)


def _sizes(
    folder: Path, evidence: tuple[Observation, ...], hosts: int, count: int, *, touched: int
) -> list[int]:
    nights.make(folder, hosts)
    return list(nights.nights(folder, evidence, count, touched))


def _command(folder: Path, *arguments: str, codes: tuple[int, ...] = DIFFERS) -> Ended:
    command = [sys.executable, "-m", "secaudit", "--workspace", str(folder), *arguments]
    ended = program(command, folder, {**os.environ, "PYTHONPATH": str(Path.cwd())})
    assert ended.code in codes, (folder / "output").read_text(encoding="utf-8")[-2000:]
    return ended
