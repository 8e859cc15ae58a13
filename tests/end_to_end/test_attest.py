"""Answers of people, from the command line to the report."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import secaudit

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose only asset, this machine, was scanned once."""
    folder = tmp_path_factory.mktemp("attest") / "w"
    workspaces.make(folder, {"here": 0})
    assert secaudit(folder, "scan").code in (0, 1, 3)
    return folder


def test_an_answer_closes_its_step_and_shows_in_the_report(scanned: Path, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    shutil.copytree(scanned, folder)
    proof = tmp_path / "制度.pdf"
    proof.write_bytes(b"%PDF-1.4")
    step = "pss.issuing.a#1"
    said = (folder, "attest", "set", "oa", step, "--person", "张三", "--answer")
    before = attested(folder)
    assert secaudit(*said, "不适用").code == 2
    assert secaudit(*said, "符合", "--valid-until", "2020-01-01").code == 2
    assert attested(folder) == before == 0
    done = secaudit(*said, "符合", "--record", "<script>看过", "--file", str(proof))
    assert done.code == 0
    assert attested(folder) == 1
    (row,) = json.loads(secaudit(folder, "attest", "list", "--format", "json").out)
    assert (row["step"], row["answer"], row["state"], row["files"]) == (step, "符合", "valid", ["制度.pdf"])
    assert secaudit(folder, "report", "oa", "--out", str(tmp_path / "out")).code == 0
    page = next((tmp_path / "out").glob("*.html")).read_text(encoding="utf-8")
    assert "&lt;script&gt;看过" in page
    assert "制度.pdf" in page
    next((folder / "evidence").iterdir()).write_bytes(b"changed")
    (row,) = json.loads(secaudit(folder, "attest", "list", "--format", "json").out)
    assert row["state"] == "altered"
    assert attested(folder) == 0


def attested(folder: Path) -> int:
    """How many steps are decided by answers, as the report says."""
    table = secaudit(folder, "assess", "oa").out
    total = next(line.split() for line in table.splitlines() if line.strip().startswith("together"))
    return int(total[-3])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nope", "pss.issuing.a#1"], "is not registered"),
        (["oa", "pss.nope.a#1"], "is no step that oa"),
        (["oa", "pss.issuing.a#1", "--object", "nope"], "is no object of"),
        (["nope", "pss.issuing.a#1", "--organisation"], "is no organisation"),
        (["office", "ces.audit.a#1", "--organisation"], "is no step that an organisation answers"),
        (["oa", "pss.issuing.a#1", "--date", "2999-01-01"], "not in the future"),
        (["oa", "pss.issuing.a#1", "--file", "/nope"], "cannot be read"),
    ],
)
def test_an_answer_that_nobody_asked_for_is_refused(scanned: Path, arguments: list[str], told: str) -> None:
    refused = secaudit(scanned, "attest", "set", *arguments, "--answer", "符合", "--person", "张三")
    assert refused.code == 2
    assert told in refused.err
    assert not list((scanned / "attestations").glob("*.yaml"))


def test_a_questionnaire_goes_out_and_comes_back(scanned: Path, tmp_path: Path) -> None:
    folder, book = tmp_path / "workspace", tmp_path / "q.xlsx"
    shutil.copytree(scanned, folder)
    assert secaudit(folder, "attest", "export", "oa", "--out", str(book)).code == 0
    filled = fill(book, {"pss.issuing.a#1": "符合", "pss.policy.a#1": "不适用"}, files="制度.pdf")
    refused = secaudit(folder, "attest", "import", str(book))
    assert refused.code == 2
    assert "制度.pdf cannot be read" in refused.err
    assert not list((folder / "attestations").glob("*.yaml"))
    (tmp_path / "制度.pdf").write_bytes(b"%PDF-1.4")
    first = secaudit(folder, "attest", "import", str(book))
    assert first.code == 0
    assert f"{filled} new answers, 0 as they were" in first.out
    again = secaudit(folder, "attest", "import", str(book))
    assert f"0 new answers, {filled} as they were" in again.out
    assert attested(folder) == filled
    assert len(list((folder / "evidence").iterdir())) == 1
    assert secaudit(folder, "attest", "export", "oa", "--out", str(book)).code == 0
    (tmp_path / "制度.pdf").unlink()
    known = secaudit(folder, "attest", "import", str(book))
    assert f"0 new answers, {filled} as they were" in known.out


def test_a_correction_back_and_lost_evidence_are_new_answers(scanned: Path, tmp_path: Path) -> None:
    folder, book, step = tmp_path / "workspace", tmp_path / "q.xlsx", "pss.issuing.a#1"
    shutil.copytree(scanned, folder)
    (tmp_path / "制度.pdf").write_bytes(b"%PDF-1.4")
    assert secaudit(folder, "attest", "export", "oa", "--out", str(book)).code == 0
    fill(book, {step: "符合"}, files="制度.pdf")
    assert "1 new answers" in secaudit(folder, "attest", "import", str(book)).out
    (kept,) = (folder / "evidence").iterdir()
    kept.write_bytes(b"changed")
    assert "1 new answers" in secaudit(folder, "attest", "import", str(book)).out
    assert kept.read_bytes() == b"%PDF-1.4"
    said = ("attest", "set", "oa", step, "--person", "张三", "--answer", "不符合", "--date", "2026-11-01")
    assert secaudit(folder, *said).code == 0
    assert "1 new answers" in secaudit(folder, "attest", "import", str(book)).out
    assert "0 new answers, 1 as they were" in secaudit(folder, "attest", "import", str(book)).out


def test_two_systems_answer_the_same_each_for_itself(tmp_path: Path) -> None:
    folder, book = tmp_path / "w", tmp_path / "q.xlsx"
    workspaces.make(folder, {"here": 0})
    for name in ("oa", "ob"):
        text = f"id: {name}\nname: 系统\norganisation: office\ngrade: S2A2G2\nassets:\n"
        asset = f"  - {{id: app-{name}, kind: application, name: 应用, reach: {{transport: none}}}}\n"
        (folder / "systems" / f"{name}.yaml").write_text(text + asset, encoding="utf-8")
    for name in ("oa", "ob"):
        assert secaudit(folder, "scan", name).code == 0
        assert secaudit(folder, "attest", "export", name, "--out", str(book)).code == 0
        fill(book, {"pss.issuing.a#1": "符合"})
        assert "1 new answers" in secaudit(folder, "attest", "import", str(book)).out


def test_an_organisation_answers_for_its_systems(scanned: Path, tmp_path: Path) -> None:
    folder, book = tmp_path / "workspace", tmp_path / "q.xlsx"
    shutil.copytree(scanned, folder)
    assert secaudit(folder, "attest", "export", "office", "--organisation", "--out", str(book)).code == 0
    fill(book, {"pss.issuing.a#1": "符合"})
    assert secaudit(folder, "attest", "import", str(book)).code == 0
    assert attested(folder) == 1
    assert secaudit(folder, "attest", "export", "oa", "--out", str(book)).code == 0
    shown = secaudit(folder, "attest", "import", str(book))
    assert "0 new answers, 1 as they were" in shown.out


def fill(book: Path, answers: dict[str, str], files: str = "") -> int:
    """Answers these steps as a person would; how many were there."""
    opened, filled = load_workbook(book), 0
    for sheet in opened.worksheets[1:]:
        keys = {str(cell.value): place for place, cell in enumerate(sheet[1], 1)}
        for row in range(2, sheet.max_row + 1):
            said = answers.get(str(sheet.cell(row, keys["步骤"]).value))
            if said:
                filled += 1
                for head, value in (
                    ("答复", said),
                    ("记录", "看过"),
                    ("答复人", "张三"),
                    ("日期", date(2026, 11, 1)),
                ):
                    sheet.cell(row, keys[head]).value = value
                sheet.cell(row, keys["证据文件"]).value = files or None
    opened.save(book)
    return filled
