"""Retention, backup, restore and doctor from the command line, and a workspace that cannot be written to."""

import json
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import Printed
from tests.ports import unused_port

pytestmark = pytest.mark.end_to_end

YEARS = "-1400 days"
READING = (
    ("results", ExitCode.CLEAN),
    ("ledger verify", ExitCode.CLEAN),
    ("prune --dry-run", ExitCode.CLEAN),
    ("finding list", ExitCode.CLEAN),
    ("report --out {out}/reports", ExitCode.CLEAN),
    ("backup {out}/b.tar.gz", ExitCode.CLEAN),
    ("backup --check {out}/b.tar.gz", ExitCode.CLEAN),
)
WRITING = {
    "scan": ExitCode.STORE,
    "judge latest": ExitCode.STORE,
    "prune": ExitCode.USAGE,
    "report": ExitCode.USAGE,
    "system add hr --name HR --organisation office --grade S1A1G1": ExitCode.USAGE,
}


# a command in this process: starting one costs more than most of them do
Command = Callable[..., Printed]


@pytest.fixture
def secaudit(capsys: pytest.CaptureFixture[str]) -> Command:
    def command(folder: Path, *arguments: str) -> Printed:
        code = run(["--workspace", str(folder), *arguments])
        printed = capsys.readouterr()
        return Printed(code, printed.out, printed.err)

    return command


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of an asset that refuses; the first one is made years old before the ledger hears of it."""
    folder = workspaces.make(tmp_path_factory.mktemp("upkeep") / "w", {"h1": unused_port()})
    assert workspaces.secaudit(folder, "scan").code == ExitCode.NOTHING_REACHED
    aged(folder, YEARS)
    (folder / "ledger.txt").unlink()
    assert workspaces.secaudit(folder, "scan").code == ExitCode.NOTHING_REACHED
    return folder


def aged(folder: Path, by: str) -> None:
    with sqlite3.connect(folder / "secaudit.db") as database:
        for table in ("runs", "visits"):
            database.execute(
                f"UPDATE {table} SET started_at = datetime(started_at, ?), ended_at = datetime(ended_at, ?)",
                (by, by),
            )
    database.close()


def copied(folder: Path, to: Path) -> Path:
    subprocess.run(["cp", "-a", str(folder), str(to)], check=True)
    return to


def doctored(secaudit: Command, folder: Path) -> dict[str, set[str]]:
    """Topic → the states of its lines."""
    found: dict[str, set[str]] = {}
    for line in json.loads(secaudit(folder, "doctor", "--format", "json").out):
        found.setdefault(line["topic"], set()).add(line["state"])
    return found


def test_a_workspace_is_pruned_backed_up_and_restored(
    secaudit: Command, scanned: Path, tmp_path: Path
) -> None:
    folder = copied(scanned, tmp_path / "w")
    told = json.loads(secaudit(folder, "prune", "--dry-run", "--format", "json").out)
    assert [(row["fate"], row["kind"]) for row in told] == [("goes", "runs")]
    done = secaudit(folder, "prune")
    assert (done.code, "Pruned: 1 runs" in done.err) == (ExitCode.CLEAN, True), done
    verified = secaudit(folder, "ledger", "verify")
    assert (verified.code, "1 of them say that something was pruned" in verified.out) == (
        ExitCode.CLEAN,
        True,
    )
    assert json.loads(secaudit(folder, "prune", "--dry-run", "--format", "json").out) == []
    assert doctored(secaudit, folder)["backup"] == {"fail"}
    file = tmp_path / "b.sealed"
    words = tmp_path / "words"
    words.write_text("correct horse battery\n", encoding="utf-8")
    words.chmod(0o600)
    sealed = ("--passphrase-from", f"file:{words}")
    assert secaudit(folder, "backup", str(file), *sealed).code == ExitCode.CLEAN
    found = doctored(secaudit, folder)
    assert (found["backup"], found["ledger"], found["database"]) == ({"ok"}, {"ok"}, {"ok"})
    assert secaudit(folder, "backup", "--check", str(file)).code == ExitCode.USAGE
    restored = secaudit(folder, "restore", str(file), str(tmp_path / "new"), *sealed)
    assert (restored.code, "ledger verify --anchor" in restored.err) == (ExitCode.CLEAN, True), restored
    for command in (("results", "--format", "json"), ("ledger", "show", "--format", "json")):
        assert secaudit(tmp_path / "new", *command) == secaudit(folder, *command)


@pytest.fixture
def read_only(scanned: Path, tmp_path: Path) -> Iterator[Path]:
    """The workspace as on a medium that nobody can write to."""
    place = tmp_path / "ro"
    place.mkdir()
    for command in (
        ["mount", "--bind", str(scanned), str(place)],
        ["mount", "-o", "remount,bind,ro", str(place)],
    ):
        mounted = subprocess.run(command, capture_output=True, check=False)
        if mounted.returncode:
            reason = f"nothing can be mounted: {mounted.stderr.decode(errors='replace').strip()}"
            pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_what_cannot_be_written_to_is_read_and_every_writer_says_so(
    secaudit: Command, read_only: Path, tmp_path: Path
) -> None:
    for command, code in READING:
        done = secaudit(read_only, *command.format(out=tmp_path).split())
        assert (command, done.code) == (command, code), done
    for command, code in WRITING.items():
        done = secaudit(read_only, *command.split())
        assert (command, done.code) == (command, code), done
        assert "ead-only" in done.err
        assert str(read_only) in done.err


def test_nothing_is_pruned_before_the_law_allows(secaudit: Command, scanned: Path) -> None:
    done = secaudit(scanned, "prune", "--older-than", "90d")
    assert done.code == ExitCode.USAGE
    assert "180d or more expected" in done.err
    assert "six months" in done.err


def test_a_newer_database_and_a_clock_that_was_set_back_are_refused_by_name(
    secaudit: Command, scanned: Path, tmp_path: Path
) -> None:
    folder = copied(scanned, tmp_path / "w")
    aged(folder, "+30 days")
    done = secaudit(folder, "prune", "--older-than", "180d")
    assert (done.code, "still to come: nothing was pruned" in done.err) == (ExitCode.USAGE, True), done
    assert doctored(secaudit, folder)["clock"] == {"fail"}
    with sqlite3.connect(folder / "secaudit.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '0999'")
    database.close()
    done = secaudit(folder, "prune")
    assert (done.code, "newer version of secaudit (form 0999)" in done.err) == (ExitCode.STORE, True), done
    assert doctored(secaudit, folder)["database"] == {"fail"}
    assert secaudit(folder, "backup", str(tmp_path / "b")).code == ExitCode.CLEAN
    done = secaudit(folder, "restore", str(tmp_path / "b"), str(tmp_path / "new"))
    assert (done.code, "form 0999" in done.err) == (ExitCode.USAGE, True), done


def test_doctor_tells_what_is_wrong_with_a_workspace_that_cannot_be_read(
    secaudit: Command, tmp_path: Path
) -> None:
    (tmp_path / "secaudit.yaml").write_text("office: [\n", encoding="utf-8")
    done = secaudit(tmp_path, "doctor", "--format", "csv")
    assert done.code == ExitCode.NOT_JUDGED
    assert "fail,settings" in done.out
    assert "Traceback" not in done.err
