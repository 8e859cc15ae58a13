"""A scan that gives up at the right time: nothing vanishes, and the next step is told."""

import subprocess
from pathlib import Path

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.model.evidence import GapReason
from secaudit.store import open_store
from tests.end_to_end import workspaces
from tests.ports import unused_port

pytestmark = pytest.mark.end_to_end


def limited(folder: Path, limits: str) -> None:
    """Write limits into the settings of a workspace."""
    settings = folder / "secaudit.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + f"limits: {limits}\n", encoding="utf-8")


def reasons(folder: Path) -> dict[str, GapReason | None]:
    """Asset → why it was not reached, in the newest run."""
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        run = store.runs()[0]
        assert run.state == "complete"
        return {r.asset_id: r.gap.reason if r.gap else None for r in store.records(run.id)}


def test_a_zone_that_does_not_answer_is_left_alone_and_others_are_visited(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {f"h{n}": unused_port() for n in range(5)} | {"here": 0})
    limited(folder, "{jobs: 1, failures: 3}")
    done = workspaces.secaudit(folder, "scan")
    assert done.code == ExitCode.NOT_JUDGED
    found = reasons(folder)
    assert [found[f"h{n}"] for n in range(3)] == [GapReason.REFUSED] * 3
    assert [found[f"h{n}"] for n in range(3, 5)] == [GapReason.ZONE_STOPPED] * 2
    assert found["here"] is None
    assert "127.0.0.0/24: 3 assets in a row could not be entered: h0 (127.0.0.1 port" in done.out
    assert "scan --asset h3 --asset h4" in done.out


def test_a_deadline_leaves_a_gap_for_each_asset_that_it_cuts_off(tmp_path: Path) -> None:
    """The second visit waits for a place until the end of the run."""
    with workspaces.silent_port() as port:
        folder = workspaces.make(tmp_path / "w", {"h1": port, "h2": port})
        limited(folder, "{run_s: 1, per_segment: 1}")
        done = workspaces.secaudit(folder, "scan")
    assert reasons(folder) == {"h1": GapReason.CONNECT_TIMEOUT, "h2": GapReason.RUN_TIMEOUT}
    assert done.code == ExitCode.NOTHING_REACHED
    assert "allow more time" in done.out


@pytest.mark.parametrize("value", ["5", "24:00", "05:60", "05:00:00", "tomorrow"])
def test_a_deadline_that_is_no_time_is_refused(tmp_path: Path, value: str) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    done = workspaces.secaudit(folder, "scan", "--deadline", value)
    assert done.code == ExitCode.USAGE
    assert "a time of day like 05:00 expected" in done.err
    assert not (folder / "secaudit.db").exists()


def test_limits_that_are_nonsense_are_named_with_their_line(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    limited(folder, "{jobs: 0, zones: {dmz: {jobs: 1}}}")
    done = workspaces.secaudit(folder, "scan")
    assert done.code == ExitCode.USAGE
    assert "limits.jobs: a number from 1 to 256 expected" in done.err
    done = workspaces.secaudit(folder, "system", "validate")
    assert "limits.zones.dmz: the zone of an asset expected" in done.err + done.out


def test_two_scans_of_one_system_at_once_are_two_whole_runs(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0, "gone": unused_port()})
    scans = [
        subprocess.Popen(
            workspaces.command(folder, "scan"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=workspaces.environment(),
        )
        for _twice in range(2)
    ]
    told = [scan.communicate(timeout=120)[1] for scan in scans]
    assert [scan.returncode for scan in scans] == [ExitCode.NOT_JUDGED] * 2, told
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        runs = store.runs()
        assert [(run.state, run.visits) for run in runs] == [("complete", 2)] * 2
        spans = sorted(
            (record.started_at, record.ended_at)
            for run in runs
            for record in store.records(run.id)
            if record.asset_id == "here"
        )
    assert spans[0][1] <= spans[1][0], "one visit to an asset at a time"
