"""The first sheet of a workbook that people fill in: whose it is, how to fill it in, and the mark its import knows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.report.sheets import LINE_HEIGHT, fit_page, put
from secaudit.report.texts import Words

TIPS: Final = 5
_MERGED: Final = 4
_WIDTHS: Final = {"A": 22, "B": 34, "C": 28, "D": 28}


def write_guide(
    sheet: Worksheet, heads: Sequence[tuple[str, Any]], marks: Mapping[tuple[int, int], str], words: Words
) -> None:
    """``heads``: heading and value, the first the title; ``marks``: row and column → what the import reads."""
    sheet.title = words("guide")
    for number, (head, value) in enumerate(heads, 1):
        put(sheet, number, 1, head).font = Font(bold=True, size=16 if number == 1 else 11)
        put(sheet, number, 2, value).alignment = Alignment(horizontal="left")
    for (row, column), mark in marks.items():
        put(sheet, row, column, mark).font = Font(color="C5CBD3", size=8)
    for number in range(1, TIPS + 1):
        cell = put(sheet, len(heads) + 1 + number, 1, f"{number}. {words(f'how_{number}')}")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=cell.row, end_row=cell.row, start_column=1, end_column=_MERGED)
        sheet.row_dimensions[cell.row].height = 2 * LINE_HEIGHT + 3
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    fit_page(sheet)
