"""kill -9, a full disk, a signal: the next call goes on, nothing is doubled or lost, and the ledger is whole."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from secaudit.cli.process import end_like_ctrl_c
from secaudit.model.run import RunState
from secaudit.schedule.journal import End, Journal, Mode, nights_on_record
from secaudit.schedule.lock import holder_of
from secaudit.store import open_store
from tests.end_to_end import workspaces
from tests.end_to_end.filling import BALLAST, fill
from tests.ports import unused_port

pytestmark = pytest.mark.end_to_end

SEED = 20261128
SETTINGS = "nightly: {formats: [json]}\n"
NEVER = "2030-12-31"
STORE, JOURNAL = "secaudit.store.store:Store", "secaudit.schedule.journal:Journal"
# before which call of what the process is killed; each is gone on from where the one before left
KILLS = (
    ("secaudit.schedule.lock:_write", 1),
    (f"{JOURNAL}.begin", 1),
    (f"{STORE}.create_run", 1),
    (f"{STORE}.save_visit", 1),
    (f"{STORE}.save_visit", 2),
    (f"{STORE}.finish_run", 1),
    (f"{JOURNAL}.enter", 2),
    ("secaudit.audit.follow:_follow_run", 1),
    ("secaudit.report.output:_replacing", 1),
    (f"{JOURNAL}.enter", 5),
    ("secaudit.handover.ledger:Ledger._append", 1),
    (f"{JOURNAL}.close", 1),
)
# where a night meets the full disk: the step, which call of it
FULL = {
    "the lock": ("secaudit.schedule.lock:_write", 1),
    "the beginning of the journal": (f"{JOURNAL}.begin", 1),
    "the run": (f"{STORE}.create_run", 1),
    "a visit": (f"{STORE}.save_visit", 1),
    "a line of the journal": (f"{JOURNAL}.enter", 3),
    "a report": ("secaudit.report.output:_replacing", 1),
}
# a report is a file that could not be written, and no trouble of the store
LIGHTER = {"a report": ExitCode.NOTHING_REACHED}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two assets that refuse, and a person's answer that is a finding."""
    folder = tmp_path_factory.mktemp("faults") / "w"
    workspaces.make(folder, {name: unused_port() for name in ("h1", "h2")})
    allowed = folder / "authorisations" / "test.yaml"
    allowed.write_text(
        allowed.read_text().replace(allowed.read_text().splitlines()[-1], f"valid_until: {NEVER}")
    )
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    answer = ["--answer", "不符合", "--person", "甲", "--record", "没有制度"]
    assert run(["-w", str(folder), "attest", "set", "oa", "pss.issuing.a#1", *answer]) == ExitCode.CLEAN
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "w"))


def nightly(folder: Path) -> int:
    return run(["-w", str(folder), "nightly"])


def before_call(step: str, call: int, act: Callable[[], None], patch: pytest.MonkeyPatch) -> None:
    """From here on that call of a function finds what ``act`` did."""
    module, _separator, path = step.partition(":")
    owner: Any = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    real, calls = getattr(owner, name), count(1)

    def watched(*arguments: Any, **named: Any) -> Any:
        if next(calls) == call:
            act()
        return real(*arguments, **named)

    patch.setattr(owner, name, watched)


def forked(folder: Path, step: str, call: int, act: Callable[[], None]) -> int:
    """A night in a process of its own where that happens before the call; its exit code, or less a signal."""
    child = os.fork()
    if child == 0:
        code = ExitCode.INTERNAL
        try:
            with pytest.MonkeyPatch.context() as patch:
                before_call(step, call, act, patch)
                end_like_ctrl_c()
                code = ExitCode(nightly(folder))
                sys.stderr.flush()
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def killed(folder: Path, step: str, call: int) -> int:
    """A night that is killed there."""
    return forked(folder, step, call, lambda: os.kill(os.getpid(), signal.SIGKILL))


def settled(folder: Path) -> None:
    """Everything of the night is there once."""
    (day,) = nights_on_record(folder)
    record = Journal(folder, day, Mode.AUDIT).read()
    assert record is not None
    assert record.code == ExitCode.NOTHING_REACHED
    assert {stage.end for stage in record.stages.values()} <= {End.DONE, End.IDLE}, record
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        assert [(one.state, one.visits) for one in store.runs()] == [(RunState.COMPLETE, 2)]
        (finding,) = store.findings.all()
        assert (finding.number, len(store.findings.with_history(1).history)) == (1, 1)
    (report,) = (folder / "reports").iterdir()
    assert report.suffix == ".json"
    assert holder_of(folder) is None
    assert run(["-w", str(folder), "ledger", "verify"]) == ExitCode.CLEAN


def test_a_night_that_is_killed_again_and_again_comes_to_its_end(folder: Path) -> None:
    """At the edge of every stage, each time gone on from where the kill before left it."""
    chance = random.Random(SEED)
    moments = sorted(chance.sample(range(len(KILLS)), 6))
    assert [killed(folder, *KILLS[moment]) for moment in moments] == [-signal.SIGKILL] * len(moments)
    assert nightly(folder) == ExitCode.NOTHING_REACHED
    settled(folder)


def test_what_a_kill_left_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert killed(folder, f"{JOURNAL}.enter", 2) == -signal.SIGKILL
    assert run(["-w", str(folder), "nightly", "--status"]) == ExitCode.NOT_JUDGED
    assert "broken off" in capsys.readouterr().out
    nightly(folder)
    assert "a night before was broken off without a word: process" in capsys.readouterr().err
    assert run(["-w", str(folder), "nightly", "--status"]) == ExitCode.NOT_JUDGED  # nothing was reached
    assert "broken off without a word" in capsys.readouterr().out


@pytest.fixture
def disk(template: Path, tmp_path: Path) -> Iterator[Path]:
    """The workspace on a disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", str(place)]
    mounted = subprocess.run(["mount", *options], capture_output=True, check=False)
    if mounted.returncode:
        reason = f"no disk of its own can be mounted: {mounted.stderr.decode(errors='replace').strip()}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    try:
        yield Path(shutil.copytree(template, place / "w"))
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("place", FULL)
def test_a_full_disk_is_told_and_the_night_goes_on_when_there_is_room(
    disk: Path, place: str, capfd: pytest.CaptureFixture[str]
) -> None:
    step, call = FULL[place]
    ended = forked(disk, step, call, lambda: fill(disk))
    told = capfd.readouterr().err
    assert ended == LIGHTER.get(place, ExitCode.STORE), told
    assert "No space left on device" in told or "The disk is full" in told
    assert "Traceback" not in told
    (disk / BALLAST).unlink()
    assert nightly(disk) == ExitCode.NOTHING_REACHED
    settled(disk)


def test_a_stop_by_systemd_ends_it_like_ctrl_c_and_frees_the_lock(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stopped = forked(folder, f"{STORE}.save_visit", 2, lambda: os.kill(os.getpid(), signal.SIGTERM))
    assert stopped == ExitCode.INTERRUPTED
    told = capfd.readouterr().err
    assert "interrupted; what was done is stored" in told
    assert f"within its window go on with: secaudit --workspace {folder} nightly" in told
    assert holder_of(folder) is None
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        assert [(one.state, one.visits) for one in store.runs()] == [(RunState.INTERRUPTED, 1)]
    assert nightly(folder) == ExitCode.NOTHING_REACHED
    settled(folder)
