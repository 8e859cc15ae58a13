"""Acts on risks as files: what is written is read again, what is wrong is named, changed evidence lowers nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.errors import ContentError
from secaudit.model.register import Organisation, Register
from secaudit.model.risk import Ground, RiskAct
from secaudit.register.acts import evidence_place, read_evidence
from secaudit.register.risks import add_risk_decision, effective, load_risk_decisions
from tests.unit.assess.risk_samples import UNLIKELY, act
from tests.unit.assess.samples import system

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
REGISTER = Register(organisations=(Organisation("office", "局"),), systems=(system(),))
GROUND = Ground("h1", "linux.one", frozenset({"0123456789abcdef", "f" * 16}))


def written(workspace: Path, text: str) -> None:
    (workspace / "risks").mkdir(exist_ok=True)
    (workspace / "risks" / "oa-1.yaml").write_text(text, encoding="utf-8")


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    acts = [
        act(RiskAct.CONFIRM, GROUND, Ground("h2", "ces.x.a#1"), hazard=UNLIKELY, case="情形"),
        act(RiskAct.DOWNGRADE, GROUND, reason='一\n二: "三"'),
        act(RiskAct.EXCLUDE, grounds=()),
        act(RiskAct.RECTIFY, Ground("", "")),
        act(RiskAct.REVOKE, GROUND),
    ]
    places = [add_risk_decision(tmp_path, one, {}, NOW) for one in acts]
    assert places[0] == tmp_path / "risks" / "oa-20261128-1.yaml"
    assert {place.stat().st_mode & 0o777 for place in places} == {0o600}
    assert load_risk_decisions(tmp_path, REGISTER) == tuple(acts)


def test_acts_come_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    acts = [act(RiskAct.CONFIRM, GROUND, reason=f"第{number}次") for number in range(12)]
    for one in acts:
        add_risk_decision(tmp_path, one, {}, NOW)
    assert load_risk_decisions(tmp_path, REGISTER) == tuple(acts)


def test_changed_evidence_lowers_no_risk(tmp_path: Path) -> None:
    proof = tmp_path / "证明.pdf"
    proof.write_bytes(b"%PDF")
    file, content = read_evidence(proof)
    acts = [
        replace(act(what, GROUND), files=(file,))
        for what in (RiskAct.CONFIRM, RiskAct.DOWNGRADE, RiskAct.RECTIFY, RiskAct.REVOKE)
    ]
    for one in acts:
        add_risk_decision(tmp_path, one, {file.sha256: content}, NOW)
    found = load_risk_decisions(tmp_path, REGISTER)
    assert effective(tmp_path, found) == acts
    (tmp_path / evidence_place(file.sha256)).write_bytes(b"other")
    assert effective(tmp_path, found) == acts[:1]


GOOD = {
    "system": "oa",
    "risk": "HR-15",
    "act": "downgrade",
    "level": "low",
    "reason": "理由",
    "measure": "措施",
    "person": "张三",
    "date": "2026-11-01",
    "valid_until": "2027-11-01",
    "grounds": "[{object: h1, source: linux.one}]",
}


def test_a_file_by_hand_is_read(tmp_path: Path) -> None:
    written(tmp_path, "".join(f"{key}: {text}\n" for key, text in GOOD.items()))
    (one,) = load_risk_decisions(tmp_path, REGISTER)
    assert one.grounds == (Ground("h1", "linux.one"),)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"system": "nope"}, "one that is registered"),
        ({"risk": "hr15"}, "a risk like"),
        ({"act": "ignore"}, "one of confirm"),
        ({"level": "none"}, "one of medium"),
        ({"level": ""}, "a level goes with a downgrade"),
        ({"act": "confirm"}, "a level goes with a downgrade"),
        ({"measure": '" "'}, "names the measure"),
        ({"reason": "---"}, "punctuation alone"),
        ({"person": "---"}, "punctuation alone"),
        ({"date": "2999-01-01"}, "not in the future"),
        ({"valid_until": "2026-10-31"}, "on or after date"),
        ({"valid_until": "2099-12-31"}, "at most three years"),
        ({"grounds": "[]"}, "at least one ground"),
        ({"grounds": "[{object: h1, seen: [root]}]"}, "16 digits"),
        ({"act": "exclude", "level": "~", "grounds": "[{object: h1}]"}, "a whole condition"),
        ({"hazard": "{relevant: true, severe: true}"}, "likely"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, fields: dict[str, str], expected: str) -> None:
    written(tmp_path, "".join(f"{key}: {text}\n" for key, text in (GOOD | fields).items()))
    with pytest.raises(ContentError) as refused:
        load_risk_decisions(tmp_path, REGISTER)
    assert expected in str(refused.value)
    assert "risks/oa-1.yaml" in str(refused.value)


def test_a_wrong_act_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ContentError):
        add_risk_decision(tmp_path, act(RiskAct.DOWNGRADE, GROUND, measure=" "), {"0" * 64: b"x"}, NOW)
    assert not (tmp_path / "risks").exists()
    assert not (tmp_path / "evidence").exists()
