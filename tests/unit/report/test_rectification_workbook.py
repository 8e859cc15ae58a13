"""The workbook that departments fill in: what comes back, and every edit that is refused by its cell."""

import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from secaudit.errors import ContentError, UsageError
from secaudit.model.content import Severity
from secaudit.model.finding import Finding, Source, Stage
from secaudit.model.text import Language, Text
from secaudit.report.filled_rectification import FilledRectification, read_rectification
from secaudit.report.finding_detail import Detail
from secaudit.report.rectification_workbook import COLUMNS, Owner, revision_of, write_rectification

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OWNER = Owner("organisation", "office", "市信息中心", date(2026, 3, 2))
DETAIL = Detail(
    "办公系统",
    "门户",
    Text("180 天", "180 days"),
    Text("90 天", "90 days"),
    remedy=Text("chage -M 90", "chage -M 90"),
)


def finding(number: int, **more: Any) -> Finding:
    known: dict[str, Any] = {
        "source": Source.SCAN,
        "system": "oa",
        "asset": "web1",
        "check": "linux.a",
        "offender": "=cmd()\x07",
        "title": Text("口令最长使用期限", "Maximum password age"),
        "severity": Severity.HIGH,
        "advisory": False,
        "opened": NOW,
        "opened_in": "r1",
        "failed_at": NOW,
        "failed_in": "r1",
    }
    return Finding(number, **(known | more))


FINDINGS = (
    finding(7, deadline=date(2026, 4, 1), stage=Stage.PLANNED, notice="2026-1"),
    finding(12, asset="", offender="", owner="信息中心", measure="改配置"),
)


def exported(path: Path, language: Language = "zh", owner: Owner = OWNER) -> Path:
    file = path / "out.xlsx"
    write_rectification(file, [(one, DETAIL) for one in FINDINGS], owner, language)
    return file


def letter(key: str) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[COLUMNS.index(key)]


def filled(path: Path, change: Callable[[Workbook], object], language: Language = "zh") -> Path:
    file = exported(path, language)
    book = load_workbook(file)
    change(book)
    book.save(file)
    return file


def cells(**values: Any) -> Callable[[Workbook], None]:
    """Fill in row 2."""

    def change(book: Workbook) -> None:
        for key, value in values.items():
            book.worksheets[1][f"{letter(key)}2"] = value

    return change


def refused(file: Path) -> list[tuple[str, str]]:
    with pytest.raises(ContentError) as caught:
        read_rectification(file)
    return [(problem.field, problem.expected) for problem in caught.value.problems]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_nobody_touched_comes_back_as_it_was(tmp_path: Path, language: Language) -> None:
    back = read_rectification(exported(tmp_path, language))
    assert (back.kind, back.owner) == ("organisation", "office")
    assert [(row.number, row.owner, row.measure, row.revision) for row in back.rows] == [
        (7, "", "", revision_of(FINDINGS[0])),
        (12, "信息中心", "改配置", revision_of(FINDINGS[1])),
    ]
    assert {(row.planned, row.fixed, row.note, row.files) for row in back.rows} == {(None, None, "", ())}


def answered(back: FilledRectification) -> tuple[Any, ...]:
    row = back.rows[0]
    return row.owner, row.measure, row.planned, row.fixed, row.note, row.files, row.places["fixed"][-2:]


def test_what_was_filled_in_is_read(tmp_path: Path) -> None:
    file = filled(
        tmp_path,
        cells(
            owner="王岗",
            measure="改为 90 天",
            planned=datetime(2026, 3, 20),  # noqa: DTZ001 - a cell has no zone
            fixed="2026/3/1",
            note="已重启\n服务",
            files="a.png；b.txt",
        ),
    )
    told = (
        "王岗",
        "改为 90 天",
        date(2026, 3, 20),
        date(2026, 3, 1),
        "已重启\n服务",
        ("a.png", "b.txt"),
        "N2",
    )
    assert answered(read_rectification(file)) == told


def test_sheets_may_be_renamed_and_columns_moved_and_rows_sorted(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book.worksheets[1]
        sheet.title = "甲"
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        for number, row in enumerate([rows[0], rows[2], rows[1]], 1):
            for place, value in enumerate(reversed(row), 1):
                sheet.cell(number, place).value = value

    assert [row.number for row in read_rectification(filled(tmp_path, change)).rows] == [12, 7]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("number", "F000012"),
        ("number", "F000008"),
        ("number", None),
        ("number", "7"),
        ("system", "人事系统 (hr)"),
        ("asset", "其他"),
        ("problem", "无问题"),
        ("deadline", date(2027, 4, 1)),
        ("deadline", None),
        ("key", None),
        ("key", "0" * 20 + "-" + "0" * 12),
    ],
)
def test_an_edited_grey_cell_is_noticed(tmp_path: Path, key: str, value: Any) -> None:
    told = refused(filled(tmp_path, cells(**{key: value})))
    assert (told[0][0], "a grey cell was edited" in told[0][1]) == (f"问题整改表!{letter('number')}2", True)


def test_a_row_of_another_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = exported(tmp_path / "other", owner=Owner("organisation", "hr", "人事局", OWNER.day))
    pasted = [cell.value for cell in load_workbook(other).worksheets[1][2]]
    (told,) = refused(filled(tmp_path, lambda book: book.worksheets[1].append(pasted)))
    assert told[0] == "问题整改表!A4"


def test_a_finding_stands_once(tmp_path: Path) -> None:
    def twice(book: Workbook) -> None:
        sheet = book.worksheets[1]
        sheet.append([cell.value for cell in sheet[2]])

    (told,) = refused(filled(tmp_path, twice))
    assert told == ("问题整改表!A4", "each finding once expected; it stands at 问题整改表!A2, too")


@pytest.mark.parametrize(
    ("values", "key", "expected"),
    [
        ({"planned": "下周", "owner": "甲"}, "planned", "a real date"),
        ({"fixed": "2999-01-01", "owner": "甲"}, "fixed", "not in the future"),
        ({"owner": "…"}, "owner", "not punctuation alone"),
        ({"owner": "=1+1"}, "owner", "not a formula"),
        ({"measure": "a" * 2001, "owner": "甲"}, "measure", "at most 2000 characters"),
        ({"note": "a\u202eb", "owner": "甲", "fixed": "2026-03-01"}, "note", "a printable text"),
        ({"fixed": "2026-03-01"}, "owner", "the owner expected"),
        ({"measure": "改"}, "owner", "the owner expected"),
        ({"owner": "甲", "note": "好"}, "fixed", "where there is a note or file"),
        ({"owner": "甲", "files": "a.png"}, "fixed", "where there is a note or file"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, values: dict[str, Any], key: str, expected: str) -> None:
    (told,) = refused(filled(tmp_path, cells(**values)))
    assert (told[0], expected in told[1]) == (f"问题整改表!{letter(key)}2", True), told


@pytest.mark.parametrize("key", COLUMNS)
def test_a_column_that_is_gone_is_missed(tmp_path: Path, key: str) -> None:
    (told,) = refused(filled(tmp_path, lambda book: book.worksheets[1].delete_cols(COLUMNS.index(key) + 1)))
    assert told[0] == "问题整改表"
    assert "expected in the first row" in told[1]


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    (told,) = refused(filled(tmp_path, lambda book: book.worksheets[1].__setitem__("T1", "责任人")))
    assert told == ("问题整改表!T1", "each column once expected")


def test_a_workbook_without_its_sheets_is_none_of_ours(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no workbook of findings"):
        read_rectification(filled(tmp_path, lambda book: book.remove(book.worksheets[0])))
    (told,) = refused(filled(tmp_path, lambda book: book.remove(book.worksheets[1])))
    assert told[1] == "a sheet with the findings expected"


def test_grey_cells_are_locked_and_texts_of_targets_stay_texts(tmp_path: Path) -> None:
    sheet = load_workbook(exported(tmp_path)).worksheets[1]
    assert sheet.protection.sheet
    locked = {key for key in COLUMNS if sheet[f"{letter(key)}2"].protection.locked}
    assert locked == set(COLUMNS) - {"owner", "measure", "planned", "fixed", "note", "files"}
    problem = sheet[f"{letter('problem')}2"]
    assert (problem.data_type, problem.value) == ("s", "不满足：口令最长使用期限\n=cmd()\\x07")
    assert sheet.column_dimensions[letter("key")].hidden


@pytest.mark.skipif(which("soffice") is None, reason="needs LibreOffice")
def test_what_libreoffice_saved_is_read(tmp_path: Path) -> None:
    file = filled(tmp_path, cells(owner="王岗", fixed=date(2026, 3, 1)))
    options = [
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    (tmp_path / "back").mkdir()
    subprocess.run(
        ["soffice", *options, "--outdir", str(tmp_path / "back"), str(file)], check=True, capture_output=True
    )
    back = read_rectification(tmp_path / "back" / file.name)
    assert [(row.number, row.owner, row.fixed) for row in back.rows] == [
        (7, "王岗", date(2026, 3, 1)),
        (12, "信息中心", None),
    ]
