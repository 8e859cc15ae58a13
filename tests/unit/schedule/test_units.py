"""Units and crontab lines: what systemd says of them, and that nothing in a name breaks out of its line."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.cli.exit_codes import ExitCode
from secaudit.errors import UsageError
from secaudit.schedule.calendar import calendar_from, systemd_text
from secaudit.schedule.crontab import cron_lines, jobs_in, with_job, without_job
from secaudit.schedule.journal import Mode
from secaudit.schedule.units import (
    Job,
    calendar_in,
    mode_in,
    refuse_unusual,
    service_text,
    timer_text,
    user_in,
    workspace_in,
)

JOB = Job(
    workspace=Path("/srv/secaudit/portal"),
    office="市局信息中心",
    command=(sys.executable, "-P", "-m", "secaudit", "--workspace", "/srv/secaudit/portal", "nightly"),
    user="daemon",
    language="zh_CN.UTF-8",
    writable=[Path("/srv/reports")],
)
NIGHT = calendar_from("mon-fri 23:10")
HAS_SYSTEMD = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")


def analyzed(tmp_path: Path, job: Job, *arguments: str) -> str:
    """What systemd-analyze says of the units; CalledProcessError where it refuses them."""
    files = [tmp_path / f"{job.name}.service", tmp_path / f"{job.name}.timer"]
    texts = service_text(job), timer_text(job, systemd_text(NIGHT, "Asia/Shanghai"), 300, made_up=True)
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    wanted = files[:1] if "security" in arguments else files
    done = subprocess.run(
        ["systemd-analyze", *arguments, *map(str, wanted)], capture_output=True, text=True, check=True
    )
    return done.stdout + done.stderr


@HAS_SYSTEMD
@pytest.mark.parametrize("user", ["daemon", ""])
def test_systemd_takes_both_units_without_a_word(tmp_path: Path, user: str) -> None:
    assert analyzed(tmp_path, replace(JOB, user=user), "verify", "--man=no") == ""


def test_findings_gaps_and_a_stop_are_no_failure_of_the_service() -> None:
    (line,) = [line for line in service_text(JOB).splitlines() if line.startswith("SuccessExitStatus=")]
    fine = {ExitCode.FINDINGS, ExitCode.NOT_JUDGED, ExitCode.INTERRUPTED}
    assert {int(code) for code in line.partition("=")[2].split()} == fine


@HAS_SYSTEMD
def test_systemd_calls_the_exposure_ok(tmp_path: Path) -> None:
    told = analyzed(tmp_path, JOB, "security", "--offline=true", "--threshold=25")  # of 100
    assert "OK" in told.splitlines()[-1]


@HAS_SYSTEMD
@pytest.mark.parametrize("name", ["市 局", "a%h b", "a$HOME", 'q"uote', "back\\slash", "it's", "-x;reboot"])
def test_unusual_paths_stay_paths(tmp_path: Path, name: str) -> None:
    workspace = tmp_path / name
    workspace.mkdir()
    job = replace(JOB, workspace=workspace, command=(*JOB.command[:-2], str(workspace), "nightly"))
    assert analyzed(tmp_path, job, "verify", "--man=no") == ""
    assert workspace_in(service_text(job)) == workspace


def test_what_a_unit_says_is_read_back() -> None:
    timer = timer_text(JOB, systemd_text(NIGHT, "Asia/Shanghai"), 300, made_up=False)
    assert workspace_in(timer) == JOB.workspace
    assert calendar_in(timer) == "Mon..Fri *-*-* 23:10:00 Asia/Shanghai"
    assert user_in(service_text(JOB)) == "daemon"
    assert workspace_in("[Unit]\n") is None
    assert (calendar_in(""), user_in("")) == ("", "")


def test_a_confined_night_is_told_so_and_another_is_not() -> None:
    assert "SECAUDIT_CONFINED=1" in service_text(JOB)
    assert "ReadWritePaths=/srv/secaudit/portal -/srv/reports" in service_text(JOB)
    free = service_text(replace(JOB, confined=False))
    assert "SECAUDIT_CONFINED" not in free
    assert "NoNewPrivileges" not in free
    own = service_text(replace(JOB, user=""))
    assert "NoNewPrivileges=yes" in own
    assert "ProtectSystem" not in own  # a user's manager may not


def test_workspaces_of_one_name_have_units_of_their_own() -> None:
    other = replace(JOB, workspace=Path("/home/a/portal"))
    assert JOB.name != other.name
    assert JOB.name.startswith("secaudit-nightly-portal-")
    assert replace(JOB, workspace=Path("/srv/局")).name.startswith("secaudit-nightly-workspace-")


def test_a_watch_stands_beside_the_nights() -> None:
    watch = replace(JOB, command=(*JOB.command, "--mode", "watch"), mode=Mode.WATCH)
    assert watch.name.startswith("secaudit-nightly-watch-portal-")
    assert (mode_in(service_text(JOB)), mode_in(service_text(watch))) == (Mode.AUDIT, Mode.WATCH)
    both = with_job("", JOB.workspace, cron_lines(JOB, NIGHT, "/usr/bin/logger"))
    both = with_job(both, JOB.workspace, cron_lines(watch, NIGHT, "/usr/bin/logger"), Mode.WATCH)
    assert [mode_in(line) for _workspace, line in jobs_in(both)] == [Mode.AUDIT, Mode.WATCH]
    assert [mode_in(line) for _workspace, line in jobs_in(without_job(both, JOB.workspace, Mode.AUDIT))] == [
        Mode.WATCH
    ]
    assert without_job(both, JOB.workspace) == ""


@given(office=st.text(max_size=60))
def test_no_name_of_an_office_begins_a_line(office: str) -> None:
    usual = service_text(replace(JOB, office="x")).splitlines()
    assert len(service_text(replace(JOB, office=office)).split("\n")) == len(usual) + 1


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\x1bb"])
def test_a_path_that_no_line_can_hold_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="without control characters"):
        refuse_unusual(Path("/srv") / name)


OTHERS = [
    "",
    "MAILTO=root\n",
    "5 4 * * * /usr/bin/backup % x\n# secaudit nightly: /other\n1 2 * * * secaudit nightly\n",
]


@pytest.mark.parametrize("others", [*OTHERS, "0 1 * * * no-line-end"])
def test_the_lines_of_others_stay(others: str) -> None:
    lines = cron_lines(JOB, NIGHT, "/usr/bin/logger")
    once = with_job(others, JOB.workspace, lines)
    assert once.startswith(others)
    assert with_job(once, JOB.workspace, lines) == once
    assert (JOB.workspace, lines.splitlines()[1]) in list(jobs_in(once))
    moved = with_job(once, JOB.workspace, cron_lines(JOB, calendar_from("01:00"), ""))
    assert moved.count("/srv/secaudit/portal nightly") == 1
    assert without_job(moved, JOB.workspace).rstrip("\n") == others.rstrip("\n")


def test_a_mark_whose_job_somebody_took_away_takes_no_other_line_with_it() -> None:
    crontab = f"# secaudit nightly: {JOB.workspace}\n5 4 * * * /usr/bin/backup\n"
    assert without_job(crontab, JOB.workspace) == "5 4 * * * /usr/bin/backup\n"


def test_a_cron_line_is_safe_for_sh_and_cron() -> None:
    workspace = Path("/srv/100% it's $HOME; x")
    job = replace(JOB, workspace=workspace, command=("/opt/py", "-m", "secaudit", str(workspace), "nightly"))
    line = cron_lines(job, NIGHT, "").splitlines()[1]
    fields = line.split(" ", 5)
    assert fields[:5] == ["10", "23", "*", "*", "1,2,3,4,5"]
    assert "%" not in line.replace("\\%", "")
    printed = subprocess.run(
        ["/bin/sh", "-c", fields[5].replace("\\%", "%").replace("/opt/py", "printf '%s\\n'")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout.splitlines() == ["-m", "secaudit", str(workspace), "nightly"]
