"""From the command line to the store: plan, scan, results, assess, judge; exit codes; interruptions."""

import json
import re
import signal
import sqlite3
import subprocess
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.model.result import Verdict
from secaudit.store import open_store
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import Printed, secaudit
from tests.ports import unused_port

pytestmark = pytest.mark.end_to_end

JUDGED = (ExitCode.CLEAN, ExitCode.FINDINGS, ExitCode.NOT_JUDGED)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A workspace whose two assets, this machine and one that refuses, were scanned once."""

    folder: Path
    printed: Printed
    run: str


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    folder = tmp_path_factory.mktemp("scan") / "w"
    workspaces.make(folder, {"here": 0, "gone": unused_port()})
    printed = secaudit(folder, "scan")
    found = re.search(r"Run (\S+):", printed.out)
    assert found, printed
    return Scanned(folder, printed, found[1])


def listed(scanned: Scanned, *arguments: str) -> list[dict[str, Any]]:
    """The results as data."""
    printed = secaudit(scanned.folder, "results", "--format", "json", *arguments)
    assert printed.code == 0, printed
    rows: list[dict[str, Any]] = json.loads(printed.out)
    return rows


def test_the_verdicts_add_up_to_what_was_planned(scanned: Scanned) -> None:
    line = next(line for line in scanned.printed.out.splitlines() if "verdicts planned" in line)
    planned, *counts = (int(number) for number in re.findall(r"\b(\d+) (?:verdicts|[A-Z_]{4,})", line))
    assert planned == sum(counts) == len(listed(scanned))
    plan = json.loads(secaudit(scanned.folder, "plan", "--format", "json").out)
    assert planned == sum(len(asset["checks"]) for asset in plan["assets"])


def test_one_bad_host_does_not_stop_the_other(scanned: Scanned) -> None:
    assert scanned.printed.code == ExitCode.NOT_JUDGED
    assert "not reached: gone (127.0.0.1" in scanned.printed.err
    assert "Not reached" in scanned.printed.out
    assert "gone: connection refused: gone" not in scanned.printed.out
    assert f"secaudit --workspace {scanned.folder} scan --asset gone" in scanned.printed.out
    gone = listed(scanned, "--asset", "gone")
    here = listed(scanned, "--asset", "here")
    assert {row["verdict"] for row in gone} <= {"UNKNOWN", "MANUAL"}
    assert {row["verdict"] for row in here} & {"PASS", "FAIL"}


def test_the_summary_names_what_comes_next(scanned: Scanned) -> None:
    for following in (f"results {scanned.run}", "assess", f"report {scanned.run}"):
        assert f"secaudit --workspace {scanned.folder} {following}" in scanned.printed.out


def test_results_are_chosen(scanned: Scanned) -> None:
    rows = listed(scanned)
    failed = listed(scanned, scanned.run, "--verdict", "fail", "--asset", "here")
    assert failed == [row for row in rows if row["verdict"] == "FAIL" and row["asset"] == "here"]
    one = listed(scanned, "latest", "--check", rows[0]["check"])
    assert {row["check"] for row in one} == {rows[0]["check"]}
    table = secaudit(scanned.folder, "results", "--format", "csv").out.splitlines()
    assert table[0] == (
        "asset,object,verdict,severity,check,title,seen,authorisation,approver,document,"
        "accepted,accepted_kind,accepted_until,acceptances"
    )
    assert len(table) >= len(rows) + 1


def test_runs_are_listed(scanned: Scanned) -> None:
    (run,) = listed(scanned, "--runs")
    assert (run["run"], run["state"], run["systems"], run["assets"]) == (
        scanned.run,
        "complete",
        ["oa"],
        2,
    )


@pytest.mark.parametrize(
    "command",
    [
        ["results", "nope"],
        ["results", "--asset", "nope"],
        ["results", "--check", "nope"],
        ["judge", "nope"],
        ["assess", "nope"],
    ],
)
def test_what_is_not_there_is_named(scanned: Scanned, command: list[str]) -> None:
    printed = secaudit(scanned.folder, *command)
    assert printed.code == ExitCode.USAGE
    assert "nope" in printed.err


@pytest.mark.parametrize(
    "command", [["results"], ["results", "--runs"], ["assess"], ["judge", "latest"], ["report"]]
)
def test_looking_makes_no_database(tmp_path: Path, command: list[str]) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    printed = secaudit(folder, *command)
    assert printed.code == ExitCode.USAGE
    assert "Nothing was scanned yet" in printed.err
    assert not (folder / "secaudit.db").exists()


def test_a_mistyped_name_is_corrected(scanned: Scanned) -> None:
    printed = secaudit(scanned.folder, "results", "--asset", "her")
    assert "Did you mean: here" in printed.err


def test_judging_again_changes_nothing(scanned: Scanned) -> None:
    before = listed(scanned)
    printed = secaudit(scanned.folder, "judge", "latest", "--format", "json")
    assert printed.code == ExitCode.NOT_JUDGED
    assert json.loads(printed.out) == []
    assert f"{len(before)} verdicts, 0 changed, 0 new" in printed.err
    assert listed(scanned) == before


def test_the_figures_of_both_templates_hold_what_is_open(scanned: Scanned) -> None:
    for template, part, figure in (("2021", "score", "total"), ("2025", "rate", "strict")):
        printed = secaudit(scanned.folder, "assess", "--template", template, "--format", "json")
        assert printed.code == ExitCode.OPEN
        (system,) = json.loads(printed.out)["systems"]
        items = system["items"]
        assert system["applicable_items"] == len(items) == 211
        assert 0 <= system[part][figure]["low"] < system[part][figure]["high"] <= 100
        assert system["conclusion"]["final"] == system["conclusion"]["worst"] == ""
        told = [f"{step['step']} {name}" for step in system["open_steps"] for name in step["objects"]]
        assert len(told) == len(set(told)) == system["conclusion"]["refused_for"]["open_steps"]
    strict = Fraction(100 * sum(item["worst"] == "符合" for item in items), len(items))
    assert system["rate"]["strict"]["exact"][0] == str(strict)


def test_what_is_not_final_is_refused_or_a_range(scanned: Scanned) -> None:
    refused = secaudit(scanned.folder, "assess", "oa", "--template", "2025")
    assert refused.code == ExitCode.OPEN
    assert "No final conclusion for oa" in refused.out
    assert "pes.location.a#1" in refused.out
    assert "predicted conclusion" not in refused.out
    between = secaudit(scanned.folder, "assess", "oa", "--template", "2025", "--provisional")
    assert between.code == ExitCode.CLEAN
    assert "predicted conclusion, provisional: not compliant – " in between.out
    flat = secaudit(scanned.folder, "assess", "--template", "2021", "--format", "csv")
    assert (flat.code, flat.out.count("\n")) == (ExitCode.OPEN, 2)
    assert "--provisional" in flat.err


def test_every_open_step_is_listed_with_its_reason(scanned: Scanned) -> None:
    printed = secaudit(scanned.folder, "assess", "oa", "--open", "--format", "json")
    assert printed.code == ExitCode.CLEAN
    rows = json.loads(printed.out)
    (system,) = json.loads(secaudit(scanned.folder, "assess", "--format", "json").out)["systems"]
    assert len(rows) == system["coverage"]["open"]
    assert {row["reason"] for row in rows} == {"person", "person_rest", "evidence_missing"}


def test_every_item_of_the_level_is_assessed(scanned: Scanned) -> None:
    table = secaudit(scanned.folder, "assess", "oa").out
    total = next(line.split() for line in table.splitlines() if line.strip().startswith("together"))
    count, *conclusions, steps, machine, answered, person, missing = (int(word) for word in total[1:])
    assert count == sum(conclusions) == 211
    assert steps == machine + answered + person + missing
    assert machine > 0
    assert missing > 0
    listed_items = secaudit(scanned.folder, "assess", "oa", "--format", "csv").out.splitlines()
    assert len(listed_items) == 212


def test_the_database_is_the_owners_alone(scanned: Scanned) -> None:
    assert (scanned.folder / "secaudit.db").stat().st_mode & 0o777 == 0o600


def test_a_plan_shows_every_command_and_runs_none(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0}, authorised=False)
    printed = secaudit(folder, "plan")
    assert printed.code == 0
    assert "cat /etc/os-release" in printed.out
    assert "Not allowed yet" in printed.out
    assert "secaudit authorise add --system oa" in printed.out
    shown = json.loads(secaudit(folder, "plan", "oa", "--format", "json").out)
    assert [row["system"] for row in shown["missing"]] == ["oa"]
    assert shown["assets"][0]["logins"] == 1
    assert all(command["command"] for command in shown["assets"][0]["commands"])
    assert not (folder / "secaudit.db").exists()


def test_the_notice_for_the_approver(tmp_path: Path, scanned: Scanned) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0}, authorised=False)
    told = secaudit(folder, "plan", "--notice")
    assert told.code == 0
    assert "尚无有效授权" in told.out
    assert "cat /etc/os-release" in told.out
    written = secaudit(
        folder, "plan", "--notice", "--format", "html", "--lang", "en", "--out", str(tmp_path / "n.html")
    )
    assert written.code == 0, written
    assert "No authorisation is valid yet" in (tmp_path / "n.html").read_text(encoding="utf-8")
    assert (tmp_path / "n.html").stat().st_mode & 0o777 == 0o600
    assert not (folder / "secaudit.db").exists()
    measured = json.loads(secaudit(scanned.folder, "plan", "--notice", "--format", "json").out)
    assert measured["load"]["measured_assets"] == 1
    assert [item["id"] for item in measured["authorisations"]] == ["test"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "html"], "add --notice"),
        (["--out", "x"], "add --notice"),
        (["--lang", "en"], "add --notice"),
        (["--notice", "--format", "table"], "text, html, json"),
        (["--notice", "--out", "/proc/none/x"], "cannot be written"),
    ],
)
def test_what_is_no_notice_is_refused(scanned: Scanned, arguments: list[str], said: str) -> None:
    printed = secaudit(scanned.folder, "plan", *arguments)
    assert printed.code == ExitCode.USAGE
    assert said in printed.err


def test_results_name_the_authorisation(scanned: Scanned) -> None:
    rows = listed(scanned)
    assert {(row["authorisation"], row["approver"], row["document"]) for row in rows} == {
        ("test", "test", "test")
    }
    assert "approver" not in secaudit(scanned.folder, "results").out


def test_nothing_is_scanned_without_an_authorisation(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0}, authorised=False)
    printed = secaudit(folder, "scan")
    assert printed.code == ExitCode.USAGE
    assert f"secaudit --workspace {folder} authorise add --system oa" in printed.err
    assert not (folder / "secaudit.db").exists()


def test_nothing_is_scanned_in_a_blackout(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as file:
        file.write("\nblackouts: [{start: 2020-01-01, end: 2999-01-01, reason: 重保}]\n")
    printed = secaudit(folder, "scan")
    assert printed.code == ExitCode.USAGE
    assert "重保" in printed.err


def test_nothing_reached_is_an_exit_code_of_its_own(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"gone": unused_port()})
    assert secaudit(folder, "scan").code == ExitCode.NOTHING_REACHED


@pytest.mark.parametrize(
    "arguments", [["--resume", "--asset", "here"], ["--jobs", "0"], ["nope"], ["--resume"]]
)
def test_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    assert secaudit(folder, "scan", *arguments).code == ExitCode.USAGE


def test_an_interrupted_scan_goes_on(tmp_path: Path) -> None:
    with workspaces.silent_port() as port:
        folder = workspaces.make(tmp_path / "w", {"here": 0, "silent": port})
        with subprocess.Popen(
            workspaces.command(folder, "scan"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=workspaces.environment(),
        ) as scan:
            assert scan.stderr is not None
            assert scan.stderr.readline().startswith("[1/2] here:")
            scan.send_signal(signal.SIGINT)
            _out, told = scan.communicate(timeout=60)
    assert scan.returncode == ExitCode.INTERRUPTED
    assert f"secaudit --workspace {folder} scan --resume" in told
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        (run,) = store.runs()
        assert (run.state, store.visited(run.id)) == ("interrupted", ("here",))
    looked = secaudit(folder, "results", "--format", "json")
    assert looked.code == ExitCode.NOT_JUDGED
    assert f"run {run.id} is not complete (interrupted): 1 of 2 assets" in looked.err
    assert {row["asset"] for row in json.loads(looked.out)} == {"here"}
    resumed = secaudit(folder, "scan", "--resume")
    assert resumed.code == ExitCode.NOT_JUDGED
    assert "[1/1] not reached: silent (127" in resumed.err
    assert f"Run {run.id}:" in resumed.out
    assert "here:" not in resumed.err
    assert secaudit(folder, "scan", "--resume").code == ExitCode.USAGE


def test_two_scans_at_the_same_time_stay_whole(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0, "gone": unused_port()})
    scans = [
        subprocess.Popen(
            workspaces.command(folder, "scan"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=workspaces.environment(),
        )
        for _time in range(2)
    ]
    for scan in scans:
        _out, told = scan.communicate(timeout=300)
        assert scan.returncode == ExitCode.NOT_JUDGED, told
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        assert [(run.state, run.visits) for run in store.runs()] == [("complete", 2)] * 2
        for run in store.runs():
            planned = sum(len(asset.expected) for asset in store.run(run.id).plan.assets)
            assert planned == sum(len(record.results) for record in store.records(run.id))


@pytest.mark.parametrize("command", [["scan"], ["results"], ["assess"], ["judge", "latest"]])
def test_a_file_that_is_no_database(tmp_path: Path, command: list[str]) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    (folder / "secaudit.db").write_bytes(b"this is a text " * 400)
    printed = secaudit(folder, *command)
    assert printed.code == ExitCode.STORE
    assert "not a database" in printed.err


def test_a_database_of_a_newer_version(scanned: Scanned, tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    with (
        sqlite3.connect(scanned.folder / "secaudit.db") as source,
        sqlite3.connect(folder / "secaudit.db") as copy,
    ):
        source.backup(copy)
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
    printed = secaudit(folder, "scan")
    assert printed.code == ExitCode.STORE
    assert "newer version" in printed.err


def test_every_verdict_has_a_reason(scanned: Scanned) -> None:
    """What is not known says why, what failed says what was seen."""
    for row in listed(scanned):
        if row["verdict"] in (Verdict.UNKNOWN, Verdict.FAIL):
            assert row["seen"], row
