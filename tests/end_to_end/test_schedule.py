"""What starts the nights, from the command line: what would be written, what is refused, what is told."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from tests.end_to_end import workspaces

pytestmark = pytest.mark.end_to_end
PERIOD = "watch: [{from: 2026-11-27, until: 2026-11-29}]}"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = workspaces.make(tmp_path_factory.mktemp("schedule") / "w", {"h1": 22})
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write('nightly: {window: "23:00-05:00", last_start: "04:30", days: mon-fri}\n')
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "w"))


def schedule(folder: Path, *arguments: str) -> int:
    return run(["-w", str(folder), "schedule", *arguments])


def test_the_units_that_would_be_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ("install", "--dry-run", "--at", "mon-fri 23:10", "--jitter", "15m", "--run-as", "daemon")
    assert schedule(folder, *wanted) == ExitCode.CLEAN
    told = capsys.readouterr()
    assert "OnCalendar=Mon..Fri *-*-* 23:10:00 Asia/Shanghai" in told.out
    assert "RandomizedDelaySec=900" in told.out
    assert f"ExecStart={sys.executable} -P -m secaudit --workspace {folder} nightly" in told.out
    assert "User=daemon" in told.out
    assert "h1: no SSH agent runs at night" in told.err
    assert not (folder / "nights").exists()


def test_a_watch_is_scheduled_where_a_period_is_set(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ("install", "--dry-run", "--mode", "watch", "--at", "23:40")
    assert schedule(folder, *wanted) == ExitCode.USAGE
    assert "No period of heavy protection is set" in capsys.readouterr().err
    settings = folder / "secaudit.yaml"
    text = settings.read_text(encoding="utf-8").replace("days: mon-fri}", PERIOD)
    settings.write_text(text, encoding="utf-8")
    assert schedule(folder, *wanted) == ExitCode.CLEAN
    told = capsys.readouterr().out
    assert "secaudit-nightly-watch-" in told
    assert f"--workspace {folder} nightly --mode watch" in told


def test_by_default_they_start_when_the_window_opens(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert schedule(folder, "install", "--dry-run") == ExitCode.CLEAN
    assert "OnCalendar=*-*-* 23:00:00 Asia/Shanghai" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--at", "hourly"), "“hourly” is no time at which nights could start"),
        (("--at", "22:00"), "would not begin within 23:00 and 04:30"),
        (("--at", "04:00", "--jitter", "1h"), "would not begin within"),
        (("--at", "mon-thu 23:10"), "The nights of fri are expected"),
        (("--jitter", "7h"), "a time of at most six hours"),
        (("--run-as", "no-such-user"), "There is no user no-such-user"),
        (("--user", "--cron"), "--user goes neither with"),
    ],
)
def test_what_does_not_fit_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    assert schedule(folder, "install", "--dry-run", *arguments) == ExitCode.USAGE
    assert told in capsys.readouterr().err


def test_this_machine_itself_is_not_audited_by_a_confined_night(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspaces.make(folder, {"here": 0})
    assert schedule(folder, "install", "--dry-run") == ExitCode.USAGE
    assert "here: what a confined night sees of this machine itself" in capsys.readouterr().err
    assert schedule(folder, "install", "--dry-run", "--unconfined") == ExitCode.CLEAN
    assert "NoNewPrivileges" not in capsys.readouterr().out


def test_where_nothing_starts_the_nights(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert schedule(folder, "list", "--format", "json") == ExitCode.FINDINGS
    assert json.loads(capsys.readouterr().out) == []
    assert schedule(folder, "remove") == ExitCode.USAGE
    assert "Nothing starts the nights of" in capsys.readouterr().err
