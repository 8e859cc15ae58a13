"""The empty list of outside findings as a workbook, with the choices that the register has."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.content.folder import content_dir
from secaudit.model.content import Severity
from secaudit.model.register import System
from secaudit.model.text import Language
from secaudit.report.output import write_bytes
from secaudit.report.reported_columns import SHOWN
from secaudit.report.sheets import LINE, LINE_HEIGHT, fit_page, put, put_head
from secaudit.report.texts import Words, load_texts

TEXTS: Final = content_dir("reports") / "outside-findings" / "texts.yaml"
ROWS: Final = 200
TIPS: Final = 6
WIDTHS: Final[Mapping[str, int]] = {
    "number": 14,
    "system": 14,
    "asset": 18,
    "title": 34,
    "description": 40,
    "severity": 10,
    "item": 18,
    "remedy": 34,
    "document": 20,
    "issued_by": 18,
    "date": 12,
    "deadline": 12,
}
DAYS: Final = ("date", "deadline")


def write_reported_template(path: Path, systems: Sequence[System], language: Language) -> None:
    """The workbook; raises UsageError where it cannot be written."""
    words = Words(load_texts(TEXTS), language)
    book = Workbook()
    _guide(book.worksheets[0], words)
    _list(book.create_sheet(words("list")), systems, words)
    _choices(book.create_sheet(words("words")), systems)
    stream = BytesIO()
    book.save(stream)
    write_bytes(path, [stream.getvalue()])


def _guide(sheet: Worksheet, words: Words) -> None:
    sheet.title = words("guide")
    put(sheet, 1, 1, words("title")).font = Font(bold=True, size=16)
    for number in range(1, TIPS):
        cell = put(sheet, 1 + number, 1, f"{number}. {words(f'how_{number}')}")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[cell.row].height = 2 * LINE_HEIGHT + 3
    sheet.column_dimensions["A"].width = 110
    fit_page(sheet)


def _list(sheet: Worksheet, systems: Sequence[System], words: Words) -> None:
    place_of_language = 0 if words.language == "zh" else 1
    letters: dict[str, str] = {}
    for place, (key, names) in enumerate(SHOWN.items(), 1):
        put_head(sheet, place, names[place_of_language], WIDTHS[key])
        letters[key] = get_column_letter(place)
        for number in range(2, ROWS + 2):
            cell = put(sheet, number, place, None)
            cell.border, cell.alignment = LINE, Alignment(wrap_text=True, vertical="top")
            cell.number_format = "yyyy-mm-dd" if key in DAYS else "@"
    for key, rule in _rules(systems, words).items():
        rule.add(f"{letters[key]}2:{letters[key]}{ROWS + 1}")
        sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    fit_page(sheet)


def _rules(systems: Sequence[System], words: Words) -> Mapping[str, DataValidation]:
    """Drop-downs; those of systems and assets warn only, for a name or an address may be written as well."""
    severities = ",".join(words(severity.value) for severity in reversed(Severity))
    rules = {"severity": DataValidation("list", formula1=f'"{severities}"', allow_blank=True)}
    assets = sum(len(system.assets) for system in systems)
    for key, letter, count in (("system", "A", len(systems)), ("asset", "B", assets)):
        area = f"='{words('words')}'!${letter}$2:${letter}${max(count, 1) + 1}"
        rules[key] = DataValidation("list", formula1=area, allow_blank=True, errorStyle="information")
    for key in DAYS:
        rules[key] = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
    return rules


def _choices(sheet: Worksheet, systems: Sequence[System]) -> None:
    put_head(sheet, 1, "system", 20)
    put_head(sheet, 2, "asset", 24)
    for number, system in enumerate(systems, 2):
        put(sheet, number, 1, system.id)
    assets = [asset.id for system in systems for asset in system.assets]
    for number, asset in enumerate(assets, 2):
        put(sheet, number, 2, asset)
    sheet.sheet_state = "hidden"
