"""Night after night from the command line: what is due, what is done already, what did not happen."""

import json
from pathlib import Path

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from secaudit.model.run import RunState
from tests.clocks import Clock
from tests.end_to_end.nights.calling import STAGES, nightly, runs, status
from tests.unit.notify import servers

pytestmark = pytest.mark.end_to_end


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


TOLD = """\
notices:
  mail: {{host: 127.0.0.1, port: {port}, security: none, sender: audit@example.gov.cn}}
  rules:
    - {{events: [watch, watch-failed, digest], to: [one@example.gov.cn]}}
"""
WATCH = "  watch: [{from: 2026-11-27, until: 2026-11-29, person: 值班员}]\n"


def test_a_watch_writes_its_report_every_night_and_touches_no_audit(
    folder: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    assert nightly(folder, "--mode", "watch") == ExitCode.USAGE
    assert "No period of heavy protection covers the night of 2026-11-27" in capsys.readouterr().err
    with servers.mail_server() as server, (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(WATCH + TOLD.format(port=server.port))
        settings.flush()
        for _night in range(2):
            assert nightly(folder, "--mode", "watch") == ExitCode.NOTHING_REACHED
            assert nightly(folder, "--mode", "watch") == ExitCode.NOTHING_REACHED  # it is done
            clock.later(days=1)
    subjects = [mail["Subject"] for mail in server.mails]
    assert [subject.split()[1] for subject in subjects] == ["2026-11-27", "2026-11-28"], "once a night"
    assert all("重保每日检查" in subject for subject in subjects)
    body = server.mails[1].get_body(("plain",))
    assert body
    assert "不能作零报告" in body.get_content()
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
