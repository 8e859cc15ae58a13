"""Decisions on risks, from the command line to the figures."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import Printed, secaudit

pytestmark = pytest.mark.end_to_end

STEP = "mms.emergency-plans.a#1"  # HR-41: never downgraded, no major hazard
DOOR = "pes.physical-access.a#1"  # HR-01, A-01


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose only asset, this machine, was scanned once; two steps are answered as not met."""
    folder = tmp_path_factory.mktemp("risk") / "w"
    workspaces.make(folder, {"here": 0})
    assert secaudit(folder, "scan").code in (0, 1, 3)
    for step in (STEP, DOOR):
        answered(folder, step, "不符合")
    return folder


@pytest.fixture
def folder(scanned: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(scanned, tmp_path / "w"))


def answered(folder: Path, step: str, answer: str) -> None:
    done = secaudit(
        folder, "attest", "set", "oa", step, "--answer", answer, "--person", "张三", "--record", "看过"
    )
    assert done.code == 0


def decided(folder: Path, act: str, name: str, *more: str) -> Printed:
    return secaudit(folder, "risk", act, "oa", name, "--person", "李四", "--reason", "理由", *more)


def row(folder: Path, name: str) -> dict[str, Any]:
    rows = json.loads(secaudit(folder, "risk", "list", "oa", "--format", "json").out)
    (found,) = [one for one in rows if one["risk"] == name]
    return dict(found)


def figures(folder: Path, template: str = "2025") -> dict[str, Any]:
    printed = secaudit(folder, "assess", "oa", "--template", template, "--format", "json")
    assert printed.code == 6
    system: dict[str, Any] = json.loads(printed.out)["systems"][0]
    return system


def test_answers_propose_what_they_show(folder: Path) -> None:
    proposed = row(folder, "HR-41")
    assert (proposed["standing"], proposed["source"], proposed["downgradable"]) == ("undecided", STEP, "no")
    assert row(folder, "HR-01")["hazard"] == "A-01"
    assert {"HR-01", "HR-41"} <= set(figures(folder)["conclusion"]["refused_for"]["undecided_risks"])


CRITERIA = ("--relevant", "yes", "--severe", "yes", "--likely")


def test_a_hazard_is_confirmed_rectified_and_counted_all_the_same(folder: Path) -> None:
    assert "say whether it is relevant" in decided(folder, "confirm", "HR-01").err
    assert "go together" in decided(folder, "confirm", "HR-01", "--relevant", "yes").err
    assert decided(folder, "confirm", "HR-01", *CRITERIA, "yes").code == 0
    assert figures(folder)["hazards"]["text"] == "1"
    assert "A-01" in figures(folder)["hazards"]["sure"]
    assert "not shown to be rectified" in decided(folder, "rectify", "HR-01").err
    answered(folder, DOOR, "符合")
    assert row(folder, "HR-01")["standing"] == "confirmed"
    assert decided(folder, "rectify", "HR-01").code == 0
    assert figures(folder)["hazards"]["text"] == "1（1个已整改）"
    assert row(folder, "HR-01")["standing"] == "rectified"
    assert "HR-01" not in figures(folder, "2021")["high_risks"]["sure"]


def test_a_downgrade_needs_its_measure_and_is_refused_where_none_is_allowed(
    folder: Path, tmp_path: Path
) -> None:
    assert (
        "may never be downgraded"
        in decided(folder, "downgrade", "HR-41", "--measure", "措施", "--to", "low").err
    )
    assert decided(folder, "downgrade", "HR-01", "--to", "low").code == 2
    assert not list((folder / "risks").glob("*.yaml"))
    proof = tmp_path / "值守记录.pdf"
    proof.write_bytes(b"%PDF-1.4")
    done = decided(folder, "downgrade", "HR-01", "--measure", "专人值守", "--to", "low", "--file", str(proof))
    assert done.code == 0
    assert (row(folder, "HR-01")["standing"], row(folder, "HR-01")["files"]) == (
        "downgraded",
        ["值守记录.pdf"],
    )
    next((folder / "evidence").iterdir()).write_bytes(b"changed")
    assert row(folder, "HR-01")["standing"] == "undecided"


def test_another_answer_reopens_and_revoke_takes_back(folder: Path) -> None:
    assert decided(folder, "downgrade", "HR-01", "--measure", "专人值守", "--to", "low").code == 0
    secaudit(
        folder, "attest", "set", "oa", DOOR, "--answer", "不符合", "--person", "张三", "--record", "另一处"
    )
    assert row(folder, "HR-01")["standing"] == "undecided"
    assert decided(folder, "confirm", "HR-41").code == 0
    assert row(folder, "HR-41")["standing"] == "confirmed"
    assert decided(folder, "revoke", "HR-41").code == 0
    assert row(folder, "HR-41")["standing"] == "undecided"
    assert "Nothing was decided" in decided(folder, "revoke", "HR-29").err


def test_a_scope_is_excluded_and_a_hazard_is_there_by_hand(folder: Path) -> None:
    assert "concerns every system" in decided(folder, "exclude", "HR-41").err
    assert "HR-27" in figures(folder)["high_risks"]["may"]
    assert decided(folder, "exclude", "HR-27").code == 0
    assert "HR-27" not in figures(folder)["high_risks"]["may"]
    assert decided(folder, "confirm", "A-31", *CRITERIA, "yes", "--object", "here").code == 0
    assert figures(folder)["hazards"]["sure"] == ["A-31"]


@pytest.mark.parametrize(
    ("name", "told"), [("HR-99", "is no high-risk condition"), ("A-18", "through its conditions: HR-15")]
)
def test_what_is_no_risk_is_refused(folder: Path, name: str, told: str) -> None:
    refused = decided(folder, "confirm", name)
    assert refused.code == 2
    assert told in refused.err
