"""The ledger, from the commands that act to the one that verifies."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import secaudit

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def acted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace after one scan, one answer and one more judgement."""
    folder = tmp_path_factory.mktemp("ledger") / "w"
    workspaces.make(folder, {"here": 0})
    assert secaudit(folder, "scan").code in (0, 1, 3)
    said = ("attest", "set", "oa", "pss.issuing.a#1", "--person", "张三", "--answer", "符合")
    assert secaudit(folder, *said).code == 0
    assert secaudit(folder, "judge", "latest").code in (0, 1, 3)
    return folder


@pytest.fixture
def folder(acted: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "w"
    shutil.copytree(acted, copied)
    return copied


def head_of(folder: Path) -> str:
    verified = secaudit(folder, "ledger", "verify")
    assert verified.code == 0, verified.out + verified.err
    return next(line for line in verified.out.splitlines() if line.startswith("head: "))[6:]


def test_every_act_is_entered(folder: Path) -> None:
    rows = json.loads(secaudit(folder, "ledger", "show", "--format", "json").out)
    kinds = [row["kind"] for row in rows]
    assert kinds == ["run", "followed", "finding", "authorisation", "attestation", "judgement", "followed"]
    assert rows[0]["told"] == "complete"
    assert [row["entry"] for row in rows] == [1, 2, 3, 4, 5, 6, 7]
    assert secaudit(folder, "ledger", "verify", "--anchor", head_of(folder)).code == 0


def test_what_was_changed_behind_it_is_named(folder: Path) -> None:
    answer = next((folder / "attestations").glob("*.yaml"))
    answer.write_text(answer.read_text(encoding="utf-8").replace("张三", "李四"), encoding="utf-8")
    with sqlite3.connect(folder / "secaudit.db") as database:
        database.execute("UPDATE visits SET authorisation = 'another'")
    verified = secaudit(folder, "ledger", "verify")
    assert verified.code == 1
    assert f"attestation {answer.name} is not what was entered" in verified.out
    assert "is not what was entered" in verified.out.replace(answer.name, "")


def test_a_run_that_findings_were_made_to_pass_over_is_seen(folder: Path) -> None:
    with sqlite3.connect(folder / "secaudit.db") as database:
        database.execute("DELETE FROM followed WHERE judgement = 1")
        database.execute("INSERT INTO followed VALUES ('another', 0, 1)")
    verified = secaudit(folder, "ledger", "verify")
    assert verified.code == 1
    assert "another#0 is not entered yet" in verified.out
    assert "#1 was entered and is gone" in verified.out


def test_an_act_taken_away_and_given_anew_under_its_name_is_seen(folder: Path) -> None:
    (file,) = (folder / "attestations").glob("*.yaml")
    file.unlink()
    said = ("attest", "set", "oa", "pss.issuing.a#1", "--person", "张三", "--answer", "不符合")
    assert secaudit(folder, *said).code == 0
    verified = secaudit(folder, "ledger", "verify")
    assert verified.code == 1
    assert f"attestation {file.name} was changed after it was entered" in verified.out


def test_a_broken_chain_is_named_and_goes_on(folder: Path) -> None:
    book = folder / "ledger.txt"
    book.write_bytes(book.read_bytes().replace(b'"id":"oa-', b'"id":"ob-'))
    verified = secaudit(folder, "ledger", "verify")
    assert verified.code == 1
    assert "broken at entry 5" in verified.err
    said = ("attest", "set", "oa", "pss.policy.a#1", "--person", "张三", "--answer", "符合")
    assert secaudit(folder, *said).code == 0
    assert "broken at entry 5" in secaudit(folder, "ledger", "show").err


def test_a_cut_tail_and_a_ledger_begun_anew_need_an_anchor(folder: Path, tmp_path: Path) -> None:
    head = head_of(folder)
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"ledger": head}), encoding="utf-8")
    book = folder / "ledger.txt"
    book.write_bytes(b"".join(book.read_bytes().splitlines(keepends=True)[:3]))
    assert "The chain of 3 entries is whole." in secaudit(folder, "ledger", "verify").out
    for anchor in (head, str(manifest)):
        verified = secaudit(folder, "ledger", "verify", "--anchor", anchor)
        assert verified.code == 1
        assert "broken at entry 4: it is missing" in verified.err
    book.unlink()
    assert secaudit(folder, "judge", "latest").code in (0, 1, 3)
    assert secaudit(folder, "ledger", "verify").code == 0
    assert secaudit(folder, "ledger", "verify", "--anchor", head).code == 1


def test_an_anchor_that_is_none_is_refused(folder: Path) -> None:
    refused = secaudit(folder, "ledger", "verify", "--anchor", "nonsense")
    assert refused.code == 2
    assert "nonsense is no head of a ledger" in refused.err


def test_an_act_stands_where_its_ledger_cannot_be_written(folder: Path) -> None:
    book = folder / "ledger.txt"
    book.unlink()
    book.mkdir()
    said = ("attest", "set", "oa", "pss.policy.a#1", "--person", "张三", "--answer", "符合")
    done = secaudit(folder, *said)
    assert done.code == 0
    assert "ledger.txt" in done.err
    book.rmdir()
    assert secaudit(folder, "judge", "latest").code in (0, 1, 3)
    assert secaudit(folder, "ledger", "verify").code == 0
