"""What people may do with findings on the command line, and what is refused: then nothing is written."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from secaudit import clock
from secaudit.assess import finding_acts
from secaudit.assess.finding_state import is_as_told
from secaudit.cli.finding_acting import put_on_record
from secaudit.cli.following import followed_line
from secaudit.cli.main import run
from secaudit.errors import UsageError
from secaudit.model.finding import CloseReason, EventKind, Finding, Stage
from secaudit.model.result import Verdict
from tests.unit.cli.finding_workspace import BEGUN, KNOWN, audit, in_days, make, store_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("findings") / "w")


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Path:
    """A copy for each test."""
    return Path(shutil.copytree(made, tmp_path / "w"))


@pytest.fixture
def proof(tmp_path: Path) -> str:
    file = tmp_path / "复核记录.pdf"
    file.write_bytes(b"%PDF-1.4")
    return str(file)


def finding(workspace: Path, *arguments: str) -> int:
    return run(["--workspace", str(workspace), "finding", *arguments])


def listed(workspace: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    finding(workspace, "list", "--format", "json", *arguments)
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def one(workspace: Path, number: int) -> Finding:
    with store_of(workspace) as store:
        return store.findings.with_history(number)


def everything(workspace: Path) -> list[Finding]:
    with store_of(workspace) as store:
        return list(store.findings.all_with_history())


PLAN = ("--owner", "张三", "--measure", "设为 90 天", "--deadline", in_days(20))
CLAIM = ("--by", "张三", "--note", "已设为 90 天")


def test_the_gravest_comes_first_and_what_is_left_out_is_told(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [row["number"] for row in listed(workspace, capsys)] == [
        *("F000003", "F000005", "F000001", "F000002")
    ]
    assert finding(workspace, "list") == 0
    printed = capsys.readouterr()
    assert "Maximum password age: root" in printed.out
    assert "4 findings; open 4; advisory, not shown (--advisory) 1" in printed.err
    assert listed(workspace, capsys, "--advisory")[-1]["advisory"] is True
    assert finding(workspace, "list", "--format", "csv") == 0
    assert capsys.readouterr().out.startswith("number,stage,severity")


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--severity", "medium"], ["F000001", "F000002"]),
        (["--source", "answer"], ["F000005"]),
        (["--check", KNOWN, "--asset", "h1"], ["F000001", "F000002"]),
        (["--stage", "planned"], ["F000001"]),
        (["--stage", "closed"], []),
        (["--owner", "张三"], ["F000001"]),
        (["--within", "30"], ["F000001"]),
        (["--within", "5"], []),
        (["--overdue"], []),
    ],
)
def test_lists_are_narrowed(
    workspace: Path, capsys: pytest.CaptureFixture[str], options: list[str], numbers: list[str]
) -> None:
    assert finding(workspace, "plan", "F1", *PLAN) == 0
    assert [row["number"] for row in listed(workspace, capsys, *options)] == numbers


def test_a_system_that_nobody_knows_is_refused(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert finding(workspace, "list", "--system", "crm") == 2
    assert "crm" in capsys.readouterr().err


def test_what_is_overdue_stands_first_and_is_the_exit_code(
    workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert finding(workspace, "plan", "2", *PLAN) == 0
    later = BEGUN.replace(year=BEGUN.year + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert finding(workspace, "list", "--overdue") == 1
    assert "overdue 1" in capsys.readouterr().err
    assert listed(workspace, capsys)[0]["number"] == "F000002"
    assert [row["number"] for row in listed(workspace, capsys, "--within", "0")] == ["F000002"]


def test_a_plan_an_extension_a_claim_and_evidence(workspace: Path, proof: str) -> None:
    assert finding(workspace, "plan", "F000001", *PLAN, "--notice", "整改〔2026〕1号") == 0
    assert finding(workspace, "plan", "1", "--deadline", in_days(10)) == 0
    later = ("--deadline", in_days(40))
    assert finding(workspace, "plan", "1", *later) == 2
    assert finding(workspace, "plan", "1", *later, "--allowed-by", "张 三", "--reason", "停机窗口") == 2
    assert finding(workspace, "plan", "1", *later, "--allowed-by", "李四", "--reason", "停机窗口") == 0
    assert finding(workspace, "claim", "1", *CLAIM, "--file", proof) == 0
    kept = next((workspace / "evidence").iterdir())
    assert kept.read_bytes() == b"%PDF-1.4"
    with store_of(workspace) as store:
        audit(store, 10, ("db",))  # tomorrow
    done = one(workspace, 1)
    assert [event.kind for event in done.history] == [
        EventKind.OPENED,
        EventKind.PLANNED,
        EventKind.PLANNED,
        EventKind.EXTENDED,
        EventKind.CLAIMED,
        EventKind.CLOSED,
    ]
    assert (done.history[3].person, done.history[3].text) == ("李四", "停机窗口")
    assert done.history[4].files[0].name == "复核记录.pdf"
    assert done.closed is not None
    assert (done.closed.reason, done.closed.run) == (CloseReason.PASSED, "r10")
    assert all(map(is_as_told, everything(workspace)))


def test_acts_may_name_what_findings_have_in_common(workspace: Path) -> None:
    assert finding(workspace, "plan", "--check", KNOWN, *PLAN) == 0
    assert finding(workspace, "claim", "--system", "oa", "--asset", "h1", "--severity", "medium", *CLAIM) == 0
    assert [found.stage for found in everything(workspace)] == [
        *(Stage.CLAIMED, Stage.CLAIMED, Stage.OPEN, Stage.OPEN, Stage.OPEN)
    ]


def test_an_answer_is_closed_by_a_reviewer_who_did_not_fix_it(workspace: Path, proof: str) -> None:
    review = ("review", "5", "--result", "fixed", "--evidence", proof, "--reviewer")
    assert finding(workspace, *review, "王五") == 2  # nobody claims it yet
    assert finding(workspace, "claim", "5", *CLAIM) == 0
    assert finding(workspace, *review, "张　三") == 2
    assert finding(workspace, "review", "5", "--result", "not-fixed", "--reviewer", "王五") == 0
    assert one(workspace, 5).stage is Stage.OPEN
    assert finding(workspace, "claim", "5", *CLAIM) == 0
    assert finding(workspace, *review, "王五", "--date", in_days(-1)) == 2  # before the claim
    assert finding(workspace, *review, "王五") == 0
    closed = one(workspace, 5).closed
    assert closed is not None
    assert (closed.reason, closed.reviewer, closed.files[0].name) == (
        CloseReason.REVIEWED,
        "王五",
        "复核记录.pdf",
    )


def test_what_a_scan_found_is_closed_by_a_reviewer_only_where_no_scan_can(
    workspace: Path, proof: str, capsys: pytest.CaptureFixture[str]
) -> None:
    review = ("review", "--result", "fixed", "--evidence", proof, "--reviewer", "王五")
    assert finding(workspace, *review, "1") == 2
    assert "it closes when that passes" in capsys.readouterr().err
    assert finding(workspace, *review, "1", "3") == 2
    assert one(workspace, 3).stage is Stage.OPEN  # all or none
    assert finding(workspace, *review, "3") == 0
    assert "its check is retired" in one(workspace, 3).history[-1].text
    with store_of(workspace) as store:
        audit(store, 1, (), Verdict.UNKNOWN)
    assert finding(workspace, *review, "1") == 2
    with store_of(workspace) as store:
        audit(store, 2, (), Verdict.NOT_APPLICABLE)
    assert finding(workspace, *review, "1") == 0
    assert "does not apply" in one(workspace, 1).history[-1].text
    file = workspace / "systems" / "oa.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("kind: linux", "kind: middleware"), encoding="utf-8"
    )
    assert finding(workspace, *review, "2") == 0
    assert "owed no more" in one(workspace, 2).history[-1].text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["plan", "F999", *PLAN], "There is no finding F000999"),
        (["plan", "x", *PLAN], "the number of a finding like F000123 expected"),
        (["plan", "0", *PLAN], "the number of a finding like F000123 expected"),
        (["plan", "1" * 40, *PLAN], "the number of a finding like F000123 expected"),
        (["plan", *PLAN], "Which findings?"),
        (["plan", "1", "--system", "oa", *PLAN], "not by both"),
        (["plan", "--system", "crm", *PLAN], "No finding that this could be done with"),
        (["plan", "1"], "has no plan yet: --owner is required"),
        (["plan", "1", *PLAN[:4]], "has no plan yet: --deadline is required"),
        (["plan", "1", *PLAN[:4], "--deadline", "2020-01-01"], "2020-01-01 has passed already"),
        (["plan", "1", *PLAN[:4], "--deadline", "2026-02-30"], "--deadline: a real date"),
        (["plan", "1", "--owner", "…"], "--owner: a name or number"),
        (["claim", "1", "--by", "-", "--note", "x"], "--by: a name or number"),
        (["claim", "1", "--by", "张三", "--note", "…"], "--note: a text expected"),
        (["claim", "1", *CLAIM, "--file", "/nowhere"], "/nowhere cannot be read"),
        (["review", "5", "--result", "fixed", "--reviewer", "王五"], "--evidence is required"),
        (
            ["review", "5", "--result", "not-fixed", "--reviewer", "王五", "--date", "2999-01-01"],
            "--date: a date that is not in the future",
        ),
        (["show", "F999"], "There is no finding F000999"),
        (["retest", "5"], "Nothing can be tested again by a visit"),
        (["retest", "1"], "its asset cannot be visited"),
        (["retest"], "Which findings?"),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(
    workspace: Path, capsys: pytest.CaptureFixture[str], arguments: Sequence[str], told: str
) -> None:
    before = everything(workspace)
    assert finding(workspace, *arguments) == 2
    assert told in capsys.readouterr().err
    assert everything(workspace) == before


def test_nothing_is_done_to_what_is_closed(workspace: Path, proof: str) -> None:
    with store_of(workspace) as store:
        audit(store, 1, ())
    assert finding(workspace, "plan", "1", *PLAN) == 2
    assert finding(workspace, "claim", "1", *CLAIM) == 2
    done = ("--reviewer", "王五", "--result", "fixed", "--evidence", proof)
    assert finding(workspace, "review", "1", *done) == 2


def test_what_is_claimed_is_planned_and_claimed_no_more(workspace: Path) -> None:
    assert finding(workspace, "claim", "1", *CLAIM) == 0
    assert finding(workspace, "claim", "1", *CLAIM) == 2
    assert finding(workspace, "plan", "1", *PLAN) == 2


def test_of_two_claims_at_once_one_counts(workspace: Path) -> None:
    def claim(person: str) -> bool:
        with store_of(workspace) as store:
            try:
                put_on_record(
                    workspace,
                    store,
                    "claim",
                    [1, 2],
                    lambda one: [finding_acts.claim(one, person, "已改", (), BEGUN)],
                )
            except UsageError:
                return False
            return True

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(claim, "甲乙丙丁")) == [False, False, False, True]
    people = {found.claimed.person for found in everything(workspace)[:2] if found.claimed}
    assert len(people) == 1


def test_a_page_says_what_failed_and_what_happened(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finding(workspace, "plan", "1", *PLAN) == 0
    with store_of(workspace) as store:
        audit(store, 1, (), Verdict.UNKNOWN)
    capsys.readouterr()
    assert finding(workspace, "show", "F000001") == 0
    page = capsys.readouterr().out
    for told in ("root: never expires (expected: 90)", "张三; 设为 90 天", "newest evidence", "remedy: "):
        assert told in page
    assert finding(workspace, "show", "1", "--format", "json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["failed_in"], said["newest"]["verdict"], said["decisive"]["verdict"]) == (
        "r0",
        "UNKNOWN",
        "FAIL",
    )


def test_a_finding_outlives_its_runs(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for table, column in (("visits", "run_id"), ("runs", "id"), ("followed", "run_id")):
        _execute(workspace, f"DELETE FROM {table} WHERE {column} = 'r0'")
    assert finding(workspace, "show", "1") == 0
    assert "Maximum password age: root" in capsys.readouterr().out


def test_changes_stand_in_the_ledger_and_a_state_that_was_tampered_with_is_seen(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finding(workspace, "claim", "1", *CLAIM) == 0
    capsys.readouterr()
    assert (
        run(["--workspace", str(workspace), "ledger", "show", "--kind", "finding", "--format", "json"]) == 0
    )
    assert [row["told"] for row in json.loads(capsys.readouterr().out)] == ["follow", "answers", "claim"]
    verify = ["--workspace", str(workspace), "ledger", "verify"]
    assert run(verify) == 0
    _execute(workspace, "UPDATE findings SET stage = 'closed' WHERE number = 2")
    assert run(verify) == 1
    assert "finding F000002 is not in the state" in capsys.readouterr().out
    _execute(workspace, "UPDATE findings SET stage = 'open' WHERE number = 2")
    _execute(workspace, "DELETE FROM finding_events WHERE finding = 1")
    assert run(verify) == 1


@pytest.mark.parametrize(
    "change",
    [
        "stage = 'gone'",
        "closed = x'7b'",
        "offender = x'22'",
        "deadline = 'x'",
        "severity = x'ff'",
        "reason = 'asset_removed'",
    ],
)
def test_a_row_that_is_no_finding_any_more_is_seen(
    workspace: Path, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    assert finding(workspace, "plan", "1", *PLAN) == 0
    _execute(workspace, f"UPDATE findings SET {change} WHERE number = 2")
    assert run(["--workspace", str(workspace), "ledger", "verify"]) == 1
    assert "findings cannot be held against their histories" in capsys.readouterr().out
    assert finding(workspace, "show", "2") == 5


def _execute(workspace: Path, statement: str) -> None:
    with sqlite3.connect(workspace / "secaudit.db") as connection:
        connection.execute(statement)
    connection.close()


def test_of_what_closed_is_told_how_much_is_only_registered_no_more() -> None:
    line = followed_line(Counter({EventKind.CLOSED: 3, CloseReason.ASSET_REMOVED: 2}))
    assert line == "findings: 3 closed; 2 of the closed are no longer registered"


def test_nothing_scanned_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = make(tmp_path / "w")
    (folder / "secaudit.db").unlink()
    for arguments in (["list"], ["show", "1"], ["plan", "1", *PLAN], ["retest", "--claimed"]):
        assert finding(folder, *arguments) == 2
        assert "Nothing was scanned yet" in capsys.readouterr().err
