"""Night after night from the command line: what is due, what is done already, what failed, what did not happen."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from secaudit.model.run import RunState
from secaudit.schedule.lock import FILE, alone_in_night
from secaudit.store import open_store
from tests.clocks import Clock
from tests.end_to_end import workspaces
from tests.unit.notify import servers

pytestmark = pytest.mark.end_to_end

SETTINGS = """\
nightly:
  window: "23:00-05:00"
  last_start: "04:30"
  formats: [json]
"""
# 23:10 in Shanghai
EVENING = datetime(2026, 11, 27, 15, 10, tzinfo=UTC)
ALLOWED = """\
id: test
systems: [oa]
approver: test
document: test
valid_from: 2026-01-01
valid_until: 2030-12-31
"""
NEWER = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("update alembic_version set version_num = '9999'")
"""
STAGES = [
    "workspace",
    "scan",
    "judge",
    "findings",
    "assess",
    "reports",
    "ledger",
    "packages",
    "notices",
    "retention",
    "backup",
]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(EVENING, monkeypatch)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose one asset refuses: a night there is over at once."""
    folder = workspaces.make(tmp_path_factory.mktemp("nightly") / "w", {"h1": workspaces.refused_port()})
    (folder / "authorisations" / "test.yaml").write_text(ALLOWED, encoding="utf-8")
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "w"))


def nightly(folder: Path, *arguments: str) -> int:
    return run(["-w", str(folder), "nightly", *arguments])


def status(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    capsys.readouterr()
    code = nightly(folder, "--status", "--format", "json")
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return code, rows


def runs(folder: Path) -> list[RunState]:
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        return [run.state for run in store.runs()]


def test_a_night_is_carried_out_once(folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    assert nightly(folder) == ExitCode.NOTHING_REACHED
    code, (row,) = status(folder, capsys)
    assert (code, row["night"], row["state"], row["code"]) == (3, "2026-11-27", "gap", 3)
    assert list(row["stages"]) == STAGES
    assert {name: stage["end"] for name, stage in row["stages"].items()} == {
        **dict.fromkeys(STAGES, "done"),
        **dict.fromkeys(("judge", "packages", "notices", "retention", "backup"), "idle"),
    }
    reports = sorted(file.name for file in (folder / "reports").iterdir())
    assert len(reports) == 1
    clock.later(hours=3)
    before = (folder / "nights" / "2026-11-27.jsonl").read_bytes()
    assert nightly(folder) == ExitCode.NOTHING_REACHED
    assert "the night of 2026-11-27 is done" in capsys.readouterr().err
    assert (folder / "nights" / "2026-11-27.jsonl").read_bytes() == before
    assert runs(folder) == [RunState.COMPLETE]
    assert run(["-w", str(folder), "ledger", "verify"]) == ExitCode.CLEAN
    clock.later(hours=21)
    nightly(folder)
    assert len(runs(folder)) == 2


def test_of_two_scans_of_a_system_in_one_night_the_newer_counts(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    for _hand in range(2):
        run(["-w", str(folder), "scan", "oa"])
        clock.later(minutes=1)
    assert nightly(folder) == ExitCode.NOTHING_REACHED
    _code, (row,) = status(folder, capsys)
    assert (row["assets"], row["unreached"]) == (1, 1)
    assert len(runs(folder)) == 2


def test_nights_that_did_not_happen_are_told_by_the_next(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(folder, capsys) == (4, [])
    nightly(folder)
    clock.later(days=3)
    clock.later(minutes=-30)  # tonight's window is not open yet: only the two before are missed
    code, rows = status(folder, capsys)
    assert (code, [row["state"] for row in rows]) == (4, ["missed", "missed", "gap"])
    clock.later(minutes=30)
    nightly(folder)
    assert "2 nights before did not happen: 2026-11-28, 2026-11-29" in capsys.readouterr().err
    code, rows = status(folder, capsys)
    assert (code, [row["night"] for row in rows]) == (
        3,
        ["2026-11-30", "2026-11-29", "2026-11-28", "2026-11-27"],
    )
    assert rows[0]["missed"] == ["2026-11-28", "2026-11-29"]


def test_outside_of_the_window_nothing_is_done(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.later(hours=12)
    assert nightly(folder) == ExitCode.USAGE
    assert "it opens again at 2026-11-28 23:00+08:00" in capsys.readouterr().err
    assert not (folder / "nights").exists()
    assert nightly(folder, "--any-time") == ExitCode.NOTHING_REACHED
    assert (folder / "nights" / "2026-11-27.jsonl").exists()


def test_after_the_last_start_nothing_is_visited_and_that_is_a_gap(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.later(hours=5, minutes=30)
    assert nightly(folder) == ExitCode.NOT_JUDGED
    _code, (row,) = status(folder, capsys)
    assert row["state"] == "failed"
    assert "no visit begins after 2026-11-28 04:30+08:00: oa not scanned" in row["stages"]["scan"]["told"]
    assert runs(folder) == []


def test_a_system_that_nobody_allowed_keeps_no_other_from_being_scanned(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (folder / "systems" / "oa.yaml").read_text(encoding="utf-8")
    other = text.replace("id: oa", "id: hr").replace("id: h1", "id: h2")
    (folder / "systems" / "hr.yaml").write_text(other, encoding="utf-8")
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write("backup: {folder: backups}\n")
    assert nightly(folder) == ExitCode.NOTHING_REACHED
    told = capsys.readouterr().err
    assert "on record. → " in told
    assert f"goes on with it: secaudit --workspace {folder} nightly" in told
    (first,) = (folder / "backups").iterdir()
    clock.later(minutes=20)
    _code, (row,) = status(folder, capsys)
    assert row["stages"]["scan"]["end"] == "failed"
    assert "hr: " in row["stages"]["scan"]["told"]
    assert row["stages"]["reports"]["end"] == "done"
    allowed = ALLOWED.replace("id: test", "id: hr").replace("[oa]", "[hr]")
    (folder / "authorisations" / "hr.yaml").write_text(allowed, encoding="utf-8")
    nightly(folder)
    _code, (row,) = status(folder, capsys)
    assert (row["stages"]["scan"]["end"], row["assets"], len(row["runs"])) == ("done", 2, 2)
    assert {file.name.split("-")[0] for file in (folder / "reports").iterdir()} == {"oa", "hr"}
    (second,) = (folder / "backups").iterdir()
    assert second.name > first.name  # one backup a night: the newer holds all of the older


def test_what_this_night_would_do(folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write("  systems: {oa: sat}\n")
    assert nightly(folder, "--dry-run") == ExitCode.CLEAN
    assert "is scanned on other days" in capsys.readouterr().out
    assert not (folder / "secaudit.db").exists()
    assert not (folder / "nights").exists()
    nightly(folder)
    assert runs(folder) == []
    clock.later(days=1)
    capsys.readouterr()
    nightly(folder, "--dry-run", "--format", "json")
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["system"], row["why"], row["assets"]) == ("oa", "due", 1)
    nightly(folder)
    assert runs(folder) == [RunState.COMPLETE]


def test_a_confined_night_says_nothing_of_this_machine_itself(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "systems" / "oa.yaml"
    reach = "{id: here, kind: linux, name: x, reach: {transport: local}}"
    file.write_text(f"{file.read_text(encoding='utf-8')}  - {reach}\n", encoding="utf-8")
    monkeypatch.setenv("SECAUDIT_CONFINED", "1")
    assert nightly(folder) == ExitCode.NOT_JUDGED
    _code, (row,) = status(folder, capsys)
    assert "oa: here: this night is confined" in row["stages"]["scan"]["told"]
    assert runs(folder) == []


def test_a_broken_register_is_a_failed_stage_on_record(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "systems" / "oa.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("S3A3G3", "S9"), encoding="utf-8")
    assert nightly(folder) == ExitCode.NOT_JUDGED
    _code, (row,) = status(folder, capsys)
    assert row["stages"]["workspace"]["end"] == "failed"
    assert "oa.yaml" in row["stages"]["workspace"]["told"]
    skipped = {name for name, stage in row["stages"].items() if stage["end"] == "skipped"}
    assert skipped == set(STAGES) - {"workspace", "notices"}
    file.write_text(text, encoding="utf-8")
    assert nightly(folder) == ExitCode.NOTHING_REACHED
    _code, (row,) = status(folder, capsys)
    assert row["state"] == "gap"


NOTICES = """\
notices:
  mail: {{host: 127.0.0.1, port: {port}, security: none, sender: audit@example.gov.cn}}
  rules:
    - {{events: [digest, night-failed], to: [one@example.gov.cn]}}
"""


def test_people_are_told_of_a_register_that_broke_and_of_what_came_after(folder: Path, clock: Clock) -> None:
    file = folder / "systems" / "oa.yaml"
    text = file.read_text(encoding="utf-8")
    with servers.mail_server() as server, (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(NOTICES.format(port=server.port))
        settings.flush()
        file.write_text(text.replace("S3A3G3", "S9"), encoding="utf-8")
        assert nightly(folder) == ExitCode.NOT_JUDGED
        assert ["夜间审计未完成 2026-11-27" in mail["Subject"] for mail in server.mails] == [True]
        file.write_text(text, encoding="utf-8")
        clock.later(days=1)
        nightly(folder)
        told = [mail["Subject"] for mail in server.mails[1:]]
    assert [subject.split()[0] for subject in told] == ["【等保自查】等级保护自查每夜汇总"]
    assert all("2026-11-28" in subject for subject in told)


def test_a_mail_server_that_is_down_delays_the_notice_and_not_the_night(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    port = servers.free_port()
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(NOTICES.format(port=port))
    nightly(folder)
    _code, (row,) = status(folder, capsys)
    assert row["stages"]["notices"]["told"].startswith("1 put into the queue, 0 sent, 1 waiting; mail: ")
    assert row["stages"]["retention"]["end"] == "idle"
    clock.later(days=1)
    with servers.mail_server() as server:
        settings_text = (folder / "secaudit.yaml").read_text(encoding="utf-8")
        (folder / "secaudit.yaml").write_text(
            settings_text.replace(f"port: {port}", f"port: {server.port}"), encoding="utf-8"
        )
        nightly(folder)
        days = [mail["Subject"].split()[1] for mail in server.mails]
    assert days == ["2026-11-27", "2026-11-28"]


def test_two_at_once(folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with alone_in_night(folder, clock.now):
        assert nightly(folder) == ExitCode.STORE
        assert "Another night is under way in this workspace: process " in capsys.readouterr().err
        assert not (folder / "nights").exists()
    assert nightly(folder) == ExitCode.NOTHING_REACHED


def test_packages_that_are_due_and_cannot_be_built_are_skipped_with_the_reason(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    system = folder / "systems" / "oa.yaml"
    system.write_text(system.read_text(encoding="utf-8") + "agencies: [public-security]\n", encoding="utf-8")
    nightly(folder)
    _code, (row,) = status(folder, capsys)
    assert row["stages"]["packages"]["end"] == "skipped"
    assert "packages_by in secaudit.yaml names nobody" in row["stages"]["packages"]["told"]
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write("  packages_by: 安全管理员\n")
        settings.write("handover: {key: keys/k, certificate: keys/c, password: prompt}\n")
    nightly(folder)
    _code, (row,) = status(folder, capsys)
    assert "is asked for at a terminal" in row["stages"]["packages"]["told"]


def test_a_newer_database_is_told_and_left_alone(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    nightly(folder)
    clock.later(days=1)
    subprocess.run(
        [
            sys.executable,
            "-c",
            NEWER,
            str(folder / "secaudit.db"),
        ],
        check=True,
    )
    assert nightly(folder) == ExitCode.STORE
    code, rows = status(folder, capsys)
    assert (code, rows[0]["code"], rows[0]["stages"]["workspace"]["end"]) == (3, 3, "failed")
    assert "newer" in rows[0]["stages"]["workspace"]["told"]


def test_a_clock_that_was_set_back(folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    clock.later(days=4)  # it ran ahead by four days
    nightly(folder)
    clock.later(days=-4)
    assert nightly(folder) == ExitCode.NOTHING_REACHED
    _code, (row,) = status(folder, capsys)
    assert row["night"] == "2026-11-27"
    assert "nights of days to come are on record (2026-12-01)" in row["noted"][0]
    assert Path(row["stages"]["reports"]["told"].rpartition(" in ")[2]) == folder / "reports"
    assert {file.name.split("-")[1] for file in (folder / "reports").iterdir()} == {"20261127", "20261201"}
    assert len(runs(folder)) == 2
    clock.later(hours=3)
    nightly(folder)
    clock.later(hours=-2)  # within the night: it is the same one
    nightly(folder)
    assert len(runs(folder)) == 2


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    """The workspace on a file system that takes nothing."""
    options = ["mount", "--bind", str(folder), str(folder)]
    if subprocess.run(options, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_read_only_workspace_is_refused_and_counts_as_missed(
    read_only: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert nightly(read_only) == ExitCode.STORE
    assert f"{FILE} cannot be written: Read-only file system" in capsys.readouterr().err
    assert status(read_only, capsys) == (4, [])


@pytest.mark.parametrize(
    ("checks", "code"), [("linux.ssh.no_such_check", 2), ("linux.identity.no_empty_password", 4)]
)
def test_a_watch_looks_at_the_checks_that_its_period_names(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str], checks: str, code: int
) -> None:
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"  watch: [{{from: 2026-11-27, until: 2026-11-29, checks: [{checks}]}}]\n")
    nightly(folder, "--mode", "watch")
    told = capsys.readouterr().err
    assert ("1 checks" in told) is (code == 4)
    assert ("linux.ssh.no_such_check is no check" in told) is (code == 2)


WATCH = "  watch: [{from: 2026-11-27, until: 2026-11-29, person: 值班员}]\n"


def test_a_watch_writes_its_report_every_night_and_touches_no_audit(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert nightly(folder, "--mode", "watch") == ExitCode.USAGE
    assert "No period of heavy protection covers the night of 2026-11-27" in capsys.readouterr().err
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(WATCH)
    for _night in range(2):
        assert nightly(folder, "--mode", "watch") == ExitCode.NOTHING_REACHED
        assert nightly(folder, "--mode", "watch") == ExitCode.NOTHING_REACHED  # it is done
        clock.later(days=1)
    assert not (folder / "secaudit.db").exists()
    pages = sorted(file.name for file in (folder / "reports").iterdir())
    assert pages == [f"watch-2026-11-{day}.{kind}" for day in (27, 28) for kind in ("html", "xlsx")]
    page = (folder / "reports" / "watch-2026-11-28.html").read_text(encoding="utf-8")
    assert "未能核实" in page  # a host that is not reached is no zero
    assert "零报告</p>" not in page
    assert "值班员" in page
    capsys.readouterr()
    assert nightly(folder, "--mode", "watch", "--status", "--format", "json") == ExitCode.NOT_JUDGED
    rows = json.loads(capsys.readouterr().out)
    assert [row["night"] for row in rows] == ["2026-11-28", "2026-11-27"]
    clock.later(days=1)
    assert nightly(folder, "--mode", "watch") == ExitCode.CLEAN
    assert "covers the night of 2026-11-30: nothing to do" in capsys.readouterr().err
