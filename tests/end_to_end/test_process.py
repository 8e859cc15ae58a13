"""The process: full disks, encodings that lack characters, readers that leave, signals."""

import json
import os
import pty
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.wiring import state_now
from secaudit.store import open_store
from tests.end_to_end import workspaces
from tests.ports import unused_port

pytestmark = pytest.mark.end_to_end


@pytest.mark.parametrize(
    "arguments", [["--help"], ["system", "list"], ["system", "list", "--format", "json"]]
)
def test_output_that_cannot_be_written_is_one_line(tmp_path: Path, arguments: list[str]) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            workspaces.command(folder, *arguments),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=workspaces.environment(),
        )
    assert done.returncode == ExitCode.USAGE
    assert done.stderr == "secaudit: standard output cannot be written: No space left on device\n"


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        workspaces.command(folder, "system", "list", "--format", "csv"),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env=workspaces.environment(),
    )
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == ExitCode.CLEAN


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
@pytest.mark.parametrize("language", ["C.UTF-8", "zh_CN.UTF-8"])
def test_characters_that_the_terminal_lacks_do_not_stop_a_command(
    tmp_path: Path, encoding: str, language: str
) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    done = subprocess.run(
        workspaces.command(folder, "system", "show", "oa"),
        capture_output=True,
        check=False,
        env={**workspaces.environment(), "PYTHONIOENCODING": encoding, "LC_ALL": language},
    )
    assert (done.returncode, done.stderr) == (ExitCode.CLEAN, b"")
    if encoding == "gbk":  # where ASCII is set click takes it for a mistake and writes UTF-8
        assert "oa" in done.stdout.decode(encoding)


def test_a_path_that_is_no_text_here_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    """As where a workspace of a UTF-8 locale is used in one of GBK or ASCII."""
    folder = workspaces.make(tmp_path / "市 办", {"here": 0})
    before = set(folder.rglob("*"))
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        workspaces.command(folder, "scan"),
        capture_output=True,
        text=True,
        check=False,
        env={**workspaces.environment(), **ascii_only},
    )
    assert done.returncode == ExitCode.USAGE
    assert "is no text in the encoding of this locale, ascii" in done.stderr
    assert "LC_ALL=C.UTF-8 secaudit" in done.stderr
    assert set(folder.rglob("*")) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_scan_that_is_told_to_end_is_closed(tmp_path: Path, number: signal.Signals) -> None:
    with workspaces.silent_port() as port:
        folder = workspaces.make(tmp_path / "w", {"gone": unused_port(), "silent": port})
        with subprocess.Popen(
            workspaces.command(folder, "scan"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=workspaces.environment(),
        ) as scan:
            assert scan.stderr is not None
            assert scan.stderr.readline().startswith("[1/2] not reached: gone")
            scan.send_signal(number)
            _out, told = scan.communicate(timeout=60)
    assert scan.returncode == ExitCode.INTERRUPTED
    assert "interrupted; what was visited is stored" in told
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        assert [run.state for run in store.runs()] == ["interrupted"]


def test_a_scan_whose_terminal_is_gone_is_closed(tmp_path: Path) -> None:
    with workspaces.silent_port() as port:
        folder = workspaces.make(tmp_path / "w", {"gone": unused_port(), "silent": port})
        ours, its = pty.openpty()
        with subprocess.Popen(
            ["setsid", "--ctty", *workspaces.command(folder, "scan")],
            stdin=its,
            stdout=its,
            stderr=its,
            env=workspaces.environment(),
        ) as scan:
            os.close(its)
            shown = b""
            while b"not reached" not in shown:
                shown += os.read(ours, 4096)
            os.close(ours)
            assert scan.wait(timeout=60) == ExitCode.INTERRUPTED
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        assert [(run.state, run.visits) for run in store.runs()] == [("interrupted", 1)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_ends_at_once_and_the_run_can_be_resumed(
    tmp_path: Path, number: signal.Signals
) -> None:
    """The store is locked by somebody else, so that the first signal cannot close the run."""
    with workspaces.silent_port() as port:
        folder = workspaces.make(tmp_path / "w", {"gone": unused_port(), "silent": port})
        with subprocess.Popen(
            workspaces.command(folder, "scan"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=workspaces.environment(),
        ) as scan:
            assert scan.stderr is not None
            assert scan.stderr.readline().startswith("[1/2] not reached: gone")
            other = sqlite3.connect(folder / "secaudit.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            scan.send_signal(number)
            with pytest.raises(subprocess.TimeoutExpired):
                scan.wait(timeout=0.5)
            scan.send_signal(number)
            assert scan.wait(timeout=10) == ExitCode.INTERRUPTED
        other.close()
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        assert [(state_now(run), run.visits) for run in store.runs()] == [("interrupted", 1)]
    assert workspaces.secaudit(folder, "scan", "--resume").code == ExitCode.NOTHING_REACHED


def test_what_nohup_ignores_stays_ignored(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    program = (
        f"kill -HUP $$; exec {' '.join(workspaces.command(folder, 'system', 'list', '--format', 'json'))}"
    )
    done = subprocess.run(
        ["nohup", "sh", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env=workspaces.environment(),
    )
    assert [row["id"] for row in json.loads(done.stdout)] == ["oa"]
