"""What a system owes and is judged on, from its file to the report: extensions, a sample, a room, a cloud platform."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end import workspaces
from tests.end_to_end.test_attest import fill
from tests.end_to_end.workspaces import secaudit

pytestmark = pytest.mark.end_to_end

MORE = """\
extensions: [cloud]
sampling:
  - {{kind: linux, assets: [here], person: 张三, date: 2026-03-01, reason: 同型号同配置}}
platform:
  name: 政务云
  filing_number: 11010099999-00009
  level: 3
  report_number: 11010099999-00009-26-0001-01
  report_date: {day}
  split: {split}
  provider: [cns.architecture.a, L3-CMS2]
"""


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This machine twice, one of them sampled; a room of the organisation; the platform's split is on record."""
    folder = workspaces.make(tmp_path_factory.mktemp("objects") / "w", {"here": 0, "other": 0})
    settings = folder / "secaudit.yaml"
    text = settings.read_text(encoding="utf-8")
    room = "    objects: [{id: room-1, kind: machine-room, name: 一号机房}]\n"
    name = text[text.index("name: ", text.index("organisations:")) :].partition("}")[0]
    text = text.replace(f"  - {{id: office, {name}}}\n", f"  - id: office\n    {name}\n{room}")
    settings.write_text(text, encoding="utf-8")
    add(folder, "责任划分书")
    assert secaudit(folder, "scan").code in (0, 1, 3)
    return folder


def add(folder: Path, split: str) -> None:
    """The system owes the extension and has a sample and a platform; ``split`` is its document."""
    file = folder / "systems" / "oa.yaml"
    own = file.read_text(encoding="utf-8").partition("extensions:")[0]
    more = MORE.format(day=datetime.now(UTC).date().isoformat(), split=split or '""')
    file.write_text(own + more, encoding="utf-8")


def assessed(folder: Path) -> dict[str, Any]:
    """The system as ``assess --format json`` prints it under the 2021 template."""
    shown = secaudit(folder, "assess", "oa", "--template", "2021", "--format", "json")
    assert shown.code == 6, shown
    (system,) = json.loads(shown.out)["systems"]
    assert isinstance(system, dict)
    return system


def test_extensions_are_asked_answered_and_counted(scanned: Path, tmp_path: Path) -> None:
    book = tmp_path / "q.xlsx"
    assert secaudit(scanned, "attest", "export", "oa", "--out", str(book)).code == 0
    filled = fill(book, {"L3-CES2-07#1": "部分符合", "L3-CES2-01#1": "符合", "L3-CMS2-07#1": "符合"})
    assert filled == 2  # the provider answers for what the platform has, not we
    assert secaudit(scanned, "attest", "import", str(book)).code == 0
    system = assessed(scanned)
    said = {item["unit"]: item["conclusion"] for item in system["items"]}
    assert len(said) == 211 + 46
    assert (said["L3-CES2-07"], said["L3-CES2-01"], said["L3-CES2-02"]) == ("部分符合", "符合", "待核实")
    assert [said[f"L3-CMS2-0{n}"] for n in (1, 5, 7, 9)] == ["不适用"] * 4
    assert said["L3-CNS1-03"] == "不适用"
    assert system["applicable_items"] == 211 + 46 - 8 - 1
    warned = secaudit(scanned, "attest", "set", "oa", "L3-CMS2-01#1", "--answer", "符合", "--person", "张三")
    assert (warned.code, "the register decides L3-CMS2-01#1" in warned.err) == (0, True)
    refused = secaudit(scanned, "attest", "set", "oa", "L3-CES3-01#1", "--answer", "符合", "--person", "张三")
    assert (refused.code, "is no step that oa" in refused.err) == (2, True)


def test_extensions_are_listed_with_who_decides_them(scanned: Path) -> None:
    listed = secaudit(
        scanned, "requirements", "list", "--level", "3", "--extension", "iot", "--format", "json"
    )
    assert len(json.loads(listed.out)) == 21
    coverage = secaudit(
        scanned, "requirements", "coverage", "--level", "3", "--extension", "iot", "--format", "json"
    )
    assert {row["state"] for row in json.loads(coverage.out)} == {"person"}
    shown = secaudit(scanned, "requirements", "show", "L4-CMS2-07")
    assert (shown.code, "8.2.6.2" in shown.out, "9.2.6.2" in shown.out) == (0, False, True)


def test_what_was_not_sampled_is_shown_and_is_no_object(scanned: Path, tmp_path: Path) -> None:
    system = assessed(scanned)
    assert system["unsampled"] == ["other"]
    assert all("other" not in row["objects"] for row in system["open_steps"])
    refused = secaudit(
        scanned, "attest", "set", "oa", "ces.audit.a#1", "--object", "other", "--answer", "符合", "--person", "张三"
    )  # fmt: skip
    assert (refused.code, "is no object of" in refused.err) == (2, True)
    assert secaudit(scanned, "report", "oa", "--format", "html,json", "--out", str(tmp_path)).code == 0
    view = json.loads(next(tmp_path.glob("*.json")).read_text(encoding="utf-8"))
    assert view["system"]["sampling"][0]["reason"] == "同型号同配置"
    places = [o for p in view["problems"] for group in p["groups"] for o in group["objects"]]
    assert {(o["asset"], "unsampled" in o) for o in places} == {("here", False), ("other", True)}
    page = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert "未抽中，不计入测评" in page
    assert "云计算扩展要求“供应链管理”第 1 项" in page


def test_a_shared_room_is_the_object_of_the_items_about_rooms(scanned: Path) -> None:
    rows = [row for row in assessed(scanned)["open_steps"] if row["step"] == "pes.lightning.a#1"]
    assert [(row["objects"], row["kind"]) for row in rows] == [(["room-1"], "machine-room")]


def test_an_organisation_is_asked_room_by_room(scanned: Path, tmp_path: Path) -> None:
    folder, book = tmp_path / "w", tmp_path / "q.xlsx"
    shutil.copytree(scanned, folder)
    assert secaudit(folder, "attest", "export", "office", "--organisation", "--out", str(book)).code == 0
    assert fill(book, {"pes.lightning.a#1": "符合", "pss.policy.a#1": "符合"}) == 2
    assert secaudit(folder, "attest", "import", str(book)).code == 0
    (file,) = (folder / "attestations").glob("office-*.yaml")
    assert "object: room-1" in file.read_text(encoding="utf-8")
    assert {row["unit"]: row["conclusion"] for row in assessed(folder)["items"]}["L3-PES1-07"] == "符合"
    for step, name in (("pes.lightning.a#1", "here"), ("ces.audit.a#1", "")):
        said = ("attest", "set", "office", step, "--object", name, "--organisation", "--person", "张三")
        assert secaudit(folder, *said, "--answer", "符合").code == 2


def test_without_the_split_the_providers_items_are_open_with_that_reason(
    scanned: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "w"
    shutil.copytree(scanned, folder)
    add(folder, "")
    assert secaudit(folder, "scan").code in (0, 1, 3)
    system = assessed(folder)
    rows = [row for row in system["open_steps"] if row["reason"] == "register"]
    assert {row["step"].partition("#")[0] for row in rows} == {
        "cns.architecture.a",
        *(f"L3-CMS2-0{n}" for n in (1, 2, 3, 4, 5, 7, 8, 9)),
    }
    assert {tuple(row["exemptions"]) for row in rows} == {("split_missing",)}
    listed = secaudit(folder, "assess", "oa", "--open", "--format", "csv").out
    assert "the document that divides the responsibility" in listed
