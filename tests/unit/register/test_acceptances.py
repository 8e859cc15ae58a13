"""Acceptances as files: what is written is read again, what is wrong is named, an act is never changed."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from secaudit.errors import ContentError
from secaudit.model.acceptance import Acceptance, Revocation
from secaudit.register.acceptances import AcceptancesOnRecord, load_acceptances, same_person
from secaudit.register.accepting import add_acceptance, revoke_acceptance
from secaudit.register.acts import evidence_place, read_evidence
from tests.unit.assess.acceptances import DAY, ONE, deferral

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
GOOD = {
    "system": "oa",
    "kind": "risk",
    "check": "linux.one",
    "reason": "老设备",
    "measure": "隔离",
    "requester": "张三",
    "approver": "李四",
    "document": "7号",
    "start": "2026-11-01",
    "until": "2027-03-01",
}


def written(workspace: Path, text: str, name: str = "oa-1.yaml") -> None:
    (workspace / "acceptances").mkdir(exist_ok=True)
    (workspace / "acceptances" / name).write_text(text, encoding="utf-8")


def fields(**changed: str) -> str:
    return "".join(f"{key}: {text}\n" for key, text in (GOOD | changed).items() if text)


def complaint(workspace: Path) -> str:
    with pytest.raises(ContentError) as refused:
        load_acceptances(workspace)
    return str(refused.value)


@pytest.mark.parametrize(
    "wanted",
    [
        ONE,
        replace(ONE, assets=("h1", "h2"), offenders=('用户 "root": 0', "#1"), reason="第一行\n第二行"),
        replace(ONE, check="", step="ces.x.a#1"),
        deferral(date(2026, 12, 31)),
    ],
)
def test_what_is_written_is_read_again(tmp_path: Path, wanted: Acceptance) -> None:
    proof = tmp_path / "批复.pdf"
    proof.write_bytes(b"%PDF")
    file, content = read_evidence(proof)
    wanted = replace(wanted, id="", files=(file,))
    kept = add_acceptance(tmp_path, wanted, {file.sha256: content}, NOW)
    assert kept == replace(wanted, id="oa-20261128-1")
    assert (tmp_path / "acceptances" / "oa-20261128-1.yaml").stat().st_mode & 0o777 == 0o600
    assert load_acceptances(tmp_path) == AcceptancesOnRecord((kept,), {}, frozenset())
    (tmp_path / evidence_place(file.sha256)).write_bytes(b"other")
    assert load_acceptances(tmp_path).altered == {file.sha256}


def test_a_revocation_is_an_act_of_its_own(tmp_path: Path) -> None:
    kept = add_acceptance(tmp_path, replace(ONE, id=""), {}, NOW)
    before = (tmp_path / "acceptances" / f"{kept.id}.yaml").read_bytes()
    said = Revocation(kept.id, "王五", DAY, "已整改")
    assert revoke_acceptance(tmp_path, "oa", said, NOW).name == "oa-20261128-2.yaml"
    record = load_acceptances(tmp_path)
    assert record.acceptances == (kept,)
    assert record.revocation(kept.id) == said
    assert record.revocation("other") is None
    assert (tmp_path / "acceptances" / f"{kept.id}.yaml").read_bytes() == before


def test_nothing_is_on_record_in_a_new_workspace(tmp_path: Path) -> None:
    assert load_acceptances(tmp_path) == AcceptancesOnRecord((), {}, frozenset())
    assert AcceptancesOnRecord().revocation("any") is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"kind": "waiver"}, "one of risk, deferral"),
        ({"check": ""}, "either check or step"),
        ({"step": "ces.x.a#1"}, "either check or step"),
        ({"check": "", "step": "nonsense"}, "a step like"),
        ({"check": "", "step": "ces.x.a#1", "offenders": "[root]"}, "offenders go with a check"),
        ({"reason": "'…'"}, "punctuation alone"),
        ({"measure": ""}, "measure"),
        ({"approver": "张三"}, "not the requester"),
        ({"until": "2026-10-31"}, "until on or after start"),
        ({"until": "2027-02-30"}, "a real date"),
        ({"deadline": "2026-12-01"}, "only with it"),
        ({"kind": "deferral"}, "goes with a deferral"),
        ({"kind": "deferral", "deadline": "2027-03-02"}, "from start to until"),
        ({"kind": "deferral", "deadline": "2026-10-31"}, "from start to until"),
        ({"colour": "red"}, "colour"),
        ({"assets": "h1"}, "assets"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, changed: dict[str, str], expected: str) -> None:
    written(tmp_path, fields(**changed))
    assert expected in complaint(tmp_path)
    assert "acceptances/oa-1.yaml" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("revocation", "expected"),
    [
        ("revokes: oa-9\nperson: 王五\ndate: 2026-11-01\nreason: 已整改\n", "the name of a file"),
        ("revokes: oa-2\nperson: 王五\ndate: 2026-11-01\nreason: 已整改\n", "the name of a file"),
        ("revokes: oa-1\nperson: 王五\ndate: 2999-01-01\nreason: 已整改\n", "not in the future"),
        ("revokes: oa-1\nperson: 王五\ndate: 2026-11-01\n", "reason"),
        ("revokes: [oa-1]\nperson: 王五\ndate: 2026-11-01\nreason: 已整改\n", "revokes"),
    ],
)
def test_a_wrong_revocation_is_named(tmp_path: Path, revocation: str, expected: str) -> None:
    written(tmp_path, fields())
    written(tmp_path, revocation, "oa-2.yaml")
    assert expected in complaint(tmp_path)
    assert "acceptances/oa-2.yaml" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("张三", " 张　三 ", True),
        ("Zhang San", "ＺＨＡＮＧ-ＳＡＮ", True),
        ("straße", "STRASSE", True),
        ("张三", "张三丰", False),
        ("张三 1", "张三 2", False),
    ],
)
def test_a_name_is_known_again(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same_person(other, one) is same


def test_a_wrong_acceptance_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        add_acceptance(tmp_path, replace(ONE, approver=" 张 三"), {"0" * 64: b"x"}, NOW)
    assert not (tmp_path / "acceptances").exists()
    assert not (tmp_path / "evidence").exists()
