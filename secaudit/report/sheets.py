"""How the sheets of our workbooks look, and how their cells are written."""

from typing import Any, Final

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from rich.cells import cell_len

LINE_HEIGHT: Final = 15.5
# what no XML may hold, and with it no workbook
NO_XML: Final = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}
GREY: Final = PatternFill("solid", fgColor="EDEFF2")
HEAD: Final = PatternFill("solid", fgColor="1F4E79")
THIN: Final = Side("thin", color="C5CBD3")
LINE: Final = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)


def fit_page(sheet: Worksheet) -> None:
    """A4 across, as wide as one page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def put_head(sheet: Worksheet, place: int, text: str, width: int) -> None:
    """The heading of a column, and its width."""
    cell = put(sheet, 1, place, text)
    cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.column_dimensions[get_column_letter(place)].width = width


def lines(text: str, width: int) -> int:
    """How many lines a text takes in a column: no program grows rows by itself when it opens a file."""
    return sum(-(-cell_len(line) // int(width * 0.85)) or 1 for line in text.split("\n"))


def put(sheet: Worksheet, row: int, column: int, value: Any) -> Any:
    """A cell; a text stays a text, whatever it begins with: no formula comes from a name or a record."""
    cell = sheet.cell(row, column)
    cell.value = value.translate(NO_XML) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
