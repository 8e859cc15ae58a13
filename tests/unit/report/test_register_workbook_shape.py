"""Workbooks of another shape than the one that was written, and those that are none."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from secaudit.errors import ContentError, UsageError
from secaudit.report import handed_workbook
from tests.unit.report.register_workbooks import (
    SHEETS,
    edited,
    exported,
    planned,
    registered,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return registered(tmp_path)


def _rename(book: Workbook) -> None:
    book["资产"].title = "Sheet1"


def _extra_sheet(book: Workbook) -> None:
    book.create_sheet("备注")["A1"] = "x"


def _delete_sheet(book: Workbook) -> None:
    del book["人员"]


def _delete_column(book: Workbook) -> None:
    book["资产"].delete_cols(5)


def _extra_column(book: Workbook) -> None:
    book["资产"].cell(1, 30).value = "备注"


def _same_column(book: Workbook) -> None:
    book["资产"].cell(1, 30).value = "名称"


def _merge(book: Workbook) -> None:
    book["资产"].merge_cells("C2:C3")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (_rename, "the sheet 资产 expected"),
        (_extra_sheet, "no further sheets"),
        (_delete_sheet, "the sheet 人员 expected"),
        (_delete_column, "the columns 地址 / Address expected"),
        (_extra_column, "no further columns"),
        (_same_column, "each column once"),
        (_merge, "not merged"),
    ],
)
def test_a_workbook_of_another_shape_is_refused(
    workspace: Path, edit: Callable[[Workbook], object], said: str
) -> None:
    with pytest.raises(ContentError, match=said):
        planned(workspace, edited(exported(workspace), edit))


def test_columns_in_another_order_and_empty_sheets_do_no_harm(workspace: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["人员"]
        for row in sheet.iter_rows(min_col=3, max_col=4):
            row[0].value, row[1].value = row[1].value, row[0].value
        book.create_sheet("Sheet1")

    assert planned(workspace, edited(exported(workspace), edit)).changes == ()


def test_sorted_rows_are_the_same_rows(workspace: Path) -> None:
    def edit(book: Workbook) -> None:
        for title in SHEETS.values():
            sheet = book[title]
            covered = sheet.auto_filter.ref.rpartition(":")[2].rstrip("0123456789")
            assert covered == get_column_letter(sheet.max_column)
            rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
            for number, row in enumerate(reversed(rows), 2):
                for place, value in enumerate(row, 1):
                    cell: Any = sheet.cell(number, place)
                    cell.value = value
                    cell.data_type = "s" if isinstance(value, str) else cell.data_type

    assert planned(workspace, edited(exported(workspace), edit)).changes == ()


def test_workbooks_that_act_or_are_none_are_refused(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = exported(workspace)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    with pytest.raises(UsageError, match="macros"):
        planned(workspace, path)
    path = exported(workspace)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", b"x")
    with pytest.raises(UsageError, match="links to other files"):
        planned(workspace, path)
    empty = workspace / "empty.xlsx"
    Workbook().save(empty)
    with pytest.raises(UsageError, match="no register of secaudit"):
        planned(workspace, empty)
    monkeypatch.setattr(handed_workbook, "LIMIT_BYTES", 100)
    with pytest.raises(UsageError, match="too large"):
        planned(workspace, exported(workspace))
