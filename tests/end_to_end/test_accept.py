"""Acceptances, from the command line to exit codes and the report; the assessment never hears of them."""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.cli.main import run
from secaudit.register.accepting import add_acceptance
from secaudit.register.times import in_zone
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import Printed, secaudit
from tests.unit.assess.acceptances import ONE

pytestmark = pytest.mark.end_to_end

SAID = {
    "--kind": "risk",
    "--reason": "老设备不支持",
    "--measure": "仅允许堡垒机访问",
    "--requester": "张三",
    "--approver": "李四",
    "--document": "安办〔2026〕7号",
}


def today() -> date:
    """As the office's clocks have it."""
    return in_zone(datetime.now(UTC)).date()


def in_days(days: int) -> str:
    """A day from today as an option says it."""
    return (today() + timedelta(days=days)).isoformat()


def adding(arguments: Iterable[str], changed: Mapping[str, str]) -> list[str]:
    """``accept add oa`` with these options in place of the usual ones; "" leaves one out."""
    said = {**SAID, "--until": in_days(30)} | {f"--{name}": text for name, text in changed.items()}
    options = [part for name, text in said.items() if text for part in (name, text)]
    return ["accept", "add", "oa", *options, *arguments]


def accept(folder: Path, *arguments: str, **changed: str) -> Printed:
    """The same, done."""
    return secaudit(folder, *adding(arguments, changed))


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose only asset, this machine, was scanned once."""
    folder = tmp_path_factory.mktemp("accept") / "w"
    workspaces.make(folder, {"here": 0})
    assert secaudit(folder, "scan").code in (1, 3)
    return folder


@pytest.fixture
def workspace(scanned: Path, tmp_path: Path) -> Path:
    """Its own copy for each test."""
    return Path(shutil.copytree(scanned, tmp_path / "w"))


def failures(folder: Path) -> list[dict[str, str]]:
    """The failures that ``results`` lists."""
    shown = secaudit(folder, "results", "--verdict", "FAIL", "--verdict", "PARTIAL", "--format", "json")
    rows: list[dict[str, str]] = json.loads(shown.out)
    return rows


def test_an_accepted_failure_stays_one_and_is_marked(workspace: Path, tmp_path: Path) -> None:
    proof = tmp_path / "批复.pdf"
    proof.write_bytes(b"%PDF-1.4")
    check = failures(workspace)[0]["check"]
    before = secaudit(workspace, "assess", "oa", "--format", "json").out
    figures = secaudit(workspace, "assess", "oa", "--template", "2021", "--format", "json").out
    done = accept(workspace, "--file", str(proof), check=check)
    assert done.code == 0, done.err
    marked = [row for row in failures(workspace) if row["accepted"]]
    assert {row["check"] for row in marked} == {check}
    assert marked[0]["accepted"] == f"accepted until {in_days(30)}"
    assert secaudit(workspace, "assess", "oa", "--format", "json").out == before
    assert secaudit(workspace, "assess", "oa", "--template", "2021", "--format", "json").out == figures
    assert secaudit(workspace, "report", "oa", "--out", str(tmp_path / "out")).code == 0
    page = next((tmp_path / "out").glob("*.html")).read_text(encoding="utf-8")
    assert f"已接受，至 {in_days(30)}" in page
    assert "批复.pdf" in page
    next((workspace / "evidence").iterdir()).write_bytes(b"changed")
    assert states(workspace) == ["altered"]
    assert not any(row["accepted"] for row in failures(workspace))


def states(folder: Path) -> list[str]:
    """What the acceptances on record are worth."""
    rows = json.loads(secaudit(folder, "accept", "list", "--format", "json").out)
    return [row["state"] for row in rows]


def test_a_run_whose_failures_are_all_accepted_finds_nothing_new(workspace: Path) -> None:
    for check in sorted({row["check"] for row in failures(workspace)}):
        until = today() + timedelta(days=30)
        add_acceptance(
            workspace, replace(ONE, check=check, start=today(), until=until), {}, datetime.now(UTC)
        )
    judged = secaudit(workspace, "judge", "latest")
    unknown = secaudit(workspace, "results", "--verdict", "UNKNOWN", "--format", "json").out
    assert judged.code == (3 if json.loads(unknown) else 0)
    assert f"accepted or deferred, the first until {in_days(30)}" in judged.err
    scan = secaudit(workspace, "scan")
    assert scan.code == judged.code
    assert "they stay failures" in scan.out


def test_a_revoked_one_covers_nothing(workspace: Path) -> None:
    check = failures(workspace)[0]["check"]
    assert accept(workspace, check=check).code == 0
    (row,) = json.loads(secaudit(workspace, "accept", "list", "--format", "json").out)
    said = ("accept", "revoke", row["id"], "--person", "王五", "--reason", "已整改")
    assert secaudit(workspace, *said).code == 0
    assert states(workspace) == ["revoked"]
    assert not any(row["accepted"] for row in failures(workspace))
    again = secaudit(workspace, *said)
    assert (again.code, "is revoked already" in again.err) == (2, True)
    assert secaudit(workspace, "accept", "revoke", "oa-1", "--person", "a", "--reason", "b").code == 2


def test_an_asset_that_is_gone_is_told(workspace: Path) -> None:
    check = failures(workspace)[0]["check"]
    assert accept(workspace, "--asset", "here", check=check).code == 0
    system = workspace / "systems" / "oa.yaml"
    text = system.read_text(encoding="utf-8").replace("id: here", "id: elsewhere")
    system.write_text(text, encoding="utf-8")
    assert states(workspace) == ["gone"]
    assert "subject gone" in secaudit(workspace, "accept", "list").out


CHECK = "linux.identity.password_max_age"


@pytest.mark.parametrize(
    ("changed", "arguments", "told"),
    [
        ({"check": ""}, [], "Either --check or --step"),
        ({"check": CHECK, "step": "ces.authentication.a#4"}, [], "Either --check or --step"),
        ({"check": "linux.identity.password_max_ag"}, [], f"Did you mean: {CHECK}"),
        ({"check": "", "step": "ces.nope.a#1"}, [], "is no step that oa"),
        ({"check": CHECK}, ["--asset", "nope"], "nope is no asset of oa"),
        (
            {"check": "", "step": "ces.authentication.a#4"},
            ["--offender", "root"],
            "--offender goes with --check",
        ),
        ({"check": CHECK, "approver": " 张　三"}, [], "somebody else"),
        ({"check": CHECK, "approver": "…"}, [], "--approver: a name or number"),
        ({"check": CHECK, "measure": "-"}, [], "--measure: a text expected"),
        ({"check": CHECK, "until": ""}, [], "--until is required"),
        ({"check": CHECK, "until": "2026-02-30"}, [], "--until: a real date"),
        ({"check": CHECK, "until": "2020-01-01"}, [], "ended before it counts"),
        ({"check": CHECK, "until": "2999-01-01"}, [], "at most 365 days"),
        ({"check": CHECK, "kind": "deferral"}, [], "--deadline is required"),
        ({"check": CHECK, "deadline": "2027-01-01"}, [], "goes with no other kind"),
        ({"check": CHECK, "kind": "deferral", "deadline": "2999-01-01"}, [], "on or before --until"),
        ({"check": CHECK}, ["--file", "/nope"], "cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused(
    scanned: Path,
    capsys: pytest.CaptureFixture[str],
    changed: dict[str, str],
    arguments: list[str],
    told: str,
) -> None:
    assert run(["--workspace", str(scanned), *adding(arguments, changed)]) == 2
    assert told in capsys.readouterr().err
    assert not list((scanned / "acceptances").glob("*.yaml"))


def test_the_office_says_how_long_one_may_hold(workspace: Path) -> None:
    with (workspace / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write("acceptance_days: 10\n")
    refused = accept(workspace, check=CHECK)
    assert (refused.code, "at most 10 days" in refused.err) == (2, True)
    deferred = accept(workspace, check=CHECK, kind="deferral", deadline=in_days(10), until="")
    assert deferred.code == 0, deferred.err
    assert states(workspace) == ["valid"]
