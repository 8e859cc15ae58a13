"""Questionnaires that come back wrong: every bad cell by sheet and place, and a workspace as it was before."""

import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.assess import catalogue_for
from secaudit.cli import attest_import
from secaudit.cli.main import run
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.register import Grade
from secaudit.register import load_register
from secaudit.register.attestations import load_attestations
from secaudit.register.attesting import add_attestations
from secaudit.register.starting import start_workspace
from secaudit.report.questionnaire import COLUMNS, Question, Sender, write_questionnaire
from tests.content import inventory

pytestmark = pytest.mark.end_to_end

STEP = "ces.authentication.a#1"
LEVEL_3 = "pes.anti-theft.c#1"  # no system of level 2 owes it
SHEET = "安全计算环境"
DAY = date(2026, 11, 1)
SYSTEM = """\
id: oa
name: 办公系统
organisation: office
grade: S2A2G2
assets:
  - {id: h1, kind: linux, name: 主机}
  - {id: h2, kind: linux, name: 主机}
"""
Edit = Callable[[Worksheet, Workbook], object]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a level-2 system; nothing was scanned. What ships is read once for all tests."""
    monkeypatch.setattr(attest_import, "content_of", lambda _workspace: inventory.shipped())
    start_workspace(tmp_path / "w", "局", "zh")
    (tmp_path / "w" / "systems" / "oa.yaml").write_text(SYSTEM, encoding="utf-8")
    return tmp_path / "w"


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A questionnaire of two questions, both answered."""
    catalogue = catalogue_for(inventory.shipped().catalogues, Grade(2, 2))
    item = next(item for item in catalogue.requirements if item.key == STEP.partition("#")[0])
    path = tmp_path_factory.mktemp("answered") / "q.xlsx"
    asked = [Question(item, item.steps[0], "h1"), Question(item, item.steps[0], "h2")]
    write_questionnaire(path, asked, Sender("system", "oa", "办公系统", "", DAY), "zh")
    edited(path, lambda sheet, _book: said(sheet, {}, row=3))
    return edited(path, lambda sheet, _book: said(sheet, {}))


@pytest.fixture
def book(folder: Path, answered: Path) -> Path:
    """That of this test."""
    return Path(shutil.copy(answered, folder.parent / "q.xlsx"))


def edited(path: Path, edit: Edit) -> Path:
    """The workbook as a person left it."""
    opened = load_workbook(path)
    edit(opened[SHEET], opened)
    opened.save(path)
    return path


def said(sheet: Worksheet, cells: dict[str, object], row: int = 2) -> None:
    """Answers a row, with these cells in place of the usual ones."""
    answered = {"answer": "符合", "record": "看过", "person": "张三", "date": DAY} | cells
    for key, value in answered.items():
        sheet.cell(row, COLUMNS.index(key) + 1).value = value  # type: ignore[assignment]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the workspace."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def member(path: Path, name: str) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"x")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"step": "ces.nope.a#1"}, "I2: ces.nope.a#1 is no step that oa"),
        ({"step": "not a step"}, "I2: not a step is no step"),
        ({"step": LEVEL_3}, f"I2: {LEVEL_3} is no step that oa (S2A2G2) owes"),
        ({"object": "h9"}, f"I2: h9 is no object of {STEP}: one of h1, h2 expected"),
        ({"valid_until": date(2026, 11, 2)}, "I2: valid_until has passed"),
        ({"date": datetime.now(UTC).date() + timedelta(days=2)}, "M2: a date that is not in the future"),
        ({"files": "没有.pdf"}, "没有.pdf cannot be read"),
        ({"files": "../q.xlsx"}, "is no name of a file beside the workbook"),
        ({"files": "q.xlsx; ."}, "I2: . is no name"),
        ({"answer": "基本符合"}, "I2: one of 符合"),
        ({"object": "h2"}, "I3: each question once expected"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_imported(
    folder: Path, book: Path, capsys: pytest.CaptureFixture[str], cells: dict[str, object], told: str
) -> None:
    edited(book, lambda sheet, _book: said(sheet, cells))
    before = contents(folder)
    assert run(["--workspace", str(folder), "attest", "import", str(book)]) == 2
    assert told in capsys.readouterr().err
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: edited(path, lambda sheet, _book: sheet.delete_cols(2)), f"{SHEET}: the columns 步骤 (Step)"),
        (lambda path: edited(path, lambda sheet, _book: sheet.merge_cells("A2:A3")), f"{SHEET}!A2:A3: cells that"),
        (lambda path: edited(path, lambda _sheet, book: book.remove(book.worksheets[0])), "its first sheet"),
        (lambda path: edited(path, lambda _sheet, book: set_owner(book, "elsewhere")), "elsewhere is not registered"),
        (lambda path: member(path, "xl/vbaProject.bin"), "holds macros"),
        (lambda path: member(path, "xl/externalLinks/externalLink1.xml"), "holds links to other files"),
        (lambda path: path.write_bytes(path.read_bytes()[:500]), "is no .xlsx workbook"),
    ],
)  # fmt: skip
def test_a_spoilt_workbook_is_refused_and_nothing_is_imported(
    folder: Path, book: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], object], told: str
) -> None:
    spoil(book)
    before = contents(folder)
    assert run(["--workspace", str(folder), "attest", "import", str(book)]) == 2
    assert told in capsys.readouterr().err
    assert contents(folder) == before


def set_owner(book: Workbook, name: str) -> None:
    book.worksheets[0]["B2"].value = name


@pytest.mark.parametrize(
    ("day", "counts", "answer"),
    [
        (date(2026, 10, 1), "the new one counts", "符合"),
        (DAY, "the new one counts", "符合"),
        (date(2026, 11, 2), "the one on record is later and counts", "不符合"),
    ],
)
def test_of_answers_that_contradict_the_later_counts_and_both_are_kept(
    folder: Path, book: Path, capsys: pytest.CaptureFixture[str], day: date, counts: str, answer: str
) -> None:
    old = Attestation(STEP, Answer.NOT_MET, "李四", day, date(2027, 9, 1), "看过", "h1", "oa")
    add_attestations(folder, [old], {}, datetime.now(UTC))
    assert run(["--workspace", str(folder), "attest", "import", str(book)]) == 0
    told = capsys.readouterr().out
    assert "2 new answers" in told
    assert f"{STEP} h1: 不符合 ({day}, 李四) on record, 符合 (2026-11-01, 张三) now; {counts}" in told
    found = load_attestations(folder, load_register(folder))
    assert sorted(one.answer for one in found if one.object_id == "h1") == ["不符合", "符合"]
    assert run(["--workspace", str(folder), "attest", "list", "--format", "csv"]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if ",h1," in line]
    assert [line.split(",")[3] for line in rows if ",replaced," not in line] == [answer]


def test_of_many_acts_of_one_day_the_last_counts(folder: Path) -> None:
    for number in range(1, 13):
        one = Attestation(STEP, Answer.MET, f"第{number}人", DAY, date(2027, 9, 1), "", "h1", "oa")
        add_attestations(folder, [one], {}, datetime.now(UTC))
    assert [one.person for one in load_attestations(folder, load_register(folder))][-1] == "第12人"
