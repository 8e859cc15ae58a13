"""kill -9 at thirty random moments of a scan of twelve hosts, then --resume: the same results, nothing doubled."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from secaudit.model.result import Result, Verdict
from secaudit.model.run import RunState
from secaudit.store import open_store
from tests.lab.audits import SCANNED, Key, key_of, scan
from tests.lab.hosts import TWELVE, Lab
from tests.lab.truth import SLIDING
from tests.lab.workspace import DATABASE, write

SEED = 20261128
KILLS, CHAINS, JOBS = 30, 5, 8
# the run began within the first kills of a chain: else there is nothing to resume, and the scan is begun again
BEGAN = "There is no interrupted run"


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """The results of a scan that nobody killed, and how long its command took."""

    results: dict[Key, Result]
    took_s: float


@pytest.fixture(scope="module")
def undisturbed(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """One scan of the twelve."""
    workspace = write(tmp_path_factory.mktemp("undisturbed") / "workspace", lab, TWELVE, jobs=JOBS)
    begun = time.monotonic()
    return Undisturbed(scan(workspace).results, time.monotonic() - begun)


def steady(results: Iterable[Result]) -> dict[Key, Result]:
    """The results as they are on every visit of the same hosts; of a growing log only that it was judged."""
    return {
        key_of(r): replace(r, verdict=Verdict.MANUAL, offenders=()) if r.check_id == SLIDING else r
        for r in results
    }


def command(workspace: Path, *arguments: str) -> list[str]:
    """The command line of a scan."""
    return [sys.executable, "-m", "secaudit", "--workspace", str(workspace), "scan", *arguments]


def ended(workspace: Path, kill_after_s: float | None) -> int:
    """Go on with the scan, or begin it; kill it then, if it still runs. Its exit code, -9 when it was killed."""
    for arguments in (("--resume",), ()):
        with subprocess.Popen(
            command(workspace, *arguments), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            try:
                _out, told = process.communicate(timeout=kill_after_s)
            except subprocess.TimeoutExpired:
                process.kill()
                _out, told = process.communicate()
        if BEGAN not in told:
            return process.returncode
    return process.returncode


@pytest.mark.parametrize("chain", range(CHAINS))
def test_what_was_killed_goes_on_to_the_same_results(
    lab: Lab, undisturbed: Undisturbed, tmp_path: Path, chain: int
) -> None:
    """Kill, go on, kill again: a chain ends when it was killed often enough."""
    workspace = write(tmp_path / "workspace", lab, TWELVE, jobs=JOBS)
    chance, shown = random.Random(SEED + chain), [f"seed {SEED + chain}"]
    killed = 0
    while killed < KILLS // CHAINS:
        moment = chance.uniform(0, undisturbed.took_s / 2)
        code = ended(workspace, moment)
        shown.append(f"{moment:.2f} s: {code}")
        assert code in (-9, *SCANNED), shown
        killed += code == -9
    assert ended(workspace, None) in SCANNED, shown
    with open_store(f"sqlite:///{workspace / DATABASE}") as store:
        for run in store.runs():
            assert (run.state, run.visits) == (RunState.COMPLETE, len(TWELVE)), shown
            results = [result for record in store.records(run.id) for result in record.results]
            assert max(Counter(map(key_of, results)).values()) == 1, shown
            assert steady(results) == steady(undisturbed.results.values()), shown
