"""What another version of secaudit wrote holds up nothing else, and its evidence can be judged again."""

import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end.workspaces import authorise, make, secaudit
from tests.ports import unused_port


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two systems, each scanned; the results of the first are of another form."""
    folder = tmp_path_factory.mktemp("w")
    make(folder, {"oa-1": unused_port()}, system="oa")
    make(folder, {"portal-1": unused_port()}, system="portal")
    authorise(folder, "oa", "portal")
    for system in ("oa", "portal"):
        assert secaudit(folder, "scan", system).code == 4
    with sqlite3.connect(folder / "secaudit.db") as connection:
        connection.execute("UPDATE visits SET results = circumstances WHERE asset_id = 'oa-1'")
    connection.close()
    return folder


@pytest.fixture(scope="module")
def run(workspace: Path) -> str:
    """The run that cannot be read."""
    with sqlite3.connect(workspace / "secaudit.db") as connection:
        (found,) = connection.execute("SELECT run_id FROM visits WHERE asset_id = 'oa-1'").fetchone()
    connection.close()
    return str(found)


@pytest.mark.parametrize("command", ["report", "assess"])
def test_the_other_systems_are_shown_and_the_run_is_named(workspace: Path, run: str, command: str) -> None:
    done = secaudit(workspace, command)
    assert done.code == 5
    assert f"results of run {run} cannot be read" in done.err
    assert f"secaudit --workspace {workspace} judge {run}" in done.err
    assert "portal" in done.out


def test_results_name_the_run(workspace: Path, run: str) -> None:
    assert secaudit(workspace, "results").code == 0  # the newest one
    done = secaudit(workspace, "results", run)
    assert (done.code, done.out) == (5, "")
    assert f"secaudit --workspace {workspace} judge {run}" in done.err


def test_the_evidence_can_be_judged_again(workspace: Path, run: str) -> None:
    assert secaudit(workspace, "judge", run).code == 4  # nothing was reached
    assert secaudit(workspace, "results", run).code == 0
    assert secaudit(workspace, "assess", "oa", "--provisional").code == 0
