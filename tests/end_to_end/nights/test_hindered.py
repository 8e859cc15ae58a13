"""Nights that something stands in the way of: what is done all the same, and what is told."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.schedule.lock import FILE, alone_in_night
from tests.clocks import Clock
from tests.end_to_end.nights.calling import ALLOWED, STAGES, nightly, runs, status
from tests.ports import unused_port
from tests.unit.notify import servers

pytestmark = pytest.mark.end_to_end

NEWER = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("update alembic_version set version_num = '9999'")
"""


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
    port = unused_port()
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
