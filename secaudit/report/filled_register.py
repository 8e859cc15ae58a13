"""The workbook of an organisation as people saved it: the rows of its tables, or every bad cell by name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.model.text import Text
from secaudit.register.service_text import services_of_lines
from secaudit.register.tables import TABLES, Column, Form, Table
from secaudit.register.update import Row
from secaudit.report.handed_workbook import Reading, cell_text, is_plain, open_workbook
from secaudit.report.register_texts import TEXTS
from secaudit.report.register_workbook import MARK, columns_of
from secaudit.report.texts import load_texts

_DATE: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_SEPARATORS: Final = re.compile("[;\\n\uff1b]")
_BETWEEN_WORDS: Final = re.compile("[;,\\n\uff1b\uff0c\u3001]")


@dataclass(frozen=True, slots=True)
class FilledRegister:
    """What a workbook says: whose it is, and its rows."""

    organisation: str
    rows: tuple[Row, ...]


def read_register_workbook(path: Path) -> FilledRegister:
    """The rows of a workbook. Raises ContentError with every bad cell, UsageError for no workbook of ours."""
    book = open_workbook(path)
    guide = next((sheet for sheet in book.worksheets if sheet["B1"].value == MARK), None)
    if guide is None:
        told = _("{path} is no register of secaudit: its first sheet is missing or changed.")
        raise UsageError(
            told.format(path=path), hint=_("Export one with: secaudit system export ORGANISATION")
        )
    reading = Reading(path.name, load_texts(TEXTS))
    _refuse_strange(book, guide, reading)
    rows: list[Row] = []
    for table in TABLES:
        if (sheet := _sheet_of(book, table, reading)) is not None:
            rows += _rows(sheet, table, reading)
    if reading.problems:
        raise ContentError(tuple(reading.problems), hint=_("Nothing was imported."))
    return FilledRegister(cell_text(guide["B2"]), tuple(rows))


def _names(key: str, texts: Mapping[str, Text]) -> tuple[str, str]:
    return texts[key].zh, texts[key].en


def _refuse_strange(book: Workbook, guide: Worksheet, reading: Reading) -> None:
    """A sheet that is none of ours may be one of ours that was renamed."""
    known = {
        name for key in ("words", *(table.key for table in TABLES)) for name in _names(key, reading.texts)
    }
    for sheet in book.worksheets:
        empty = sheet.dimensions == "A1:A1" and sheet["A1"].value is None
        if sheet is not guide and sheet.title not in known and not empty:
            reading.complain(sheet, None, _("no further sheets expected"))


def _sheet_of(book: Workbook, table: Table, reading: Reading) -> Worksheet | None:
    names = _names(table.key, reading.texts)
    sheet = next((sheet for sheet in book.worksheets if sheet.title in names), None)
    if sheet is None:
        told = _("the sheet {name} expected, it is missing or renamed").format(name=names[0])
        reading.problems.append(Problem(reading.file, 0, names[0], "", told))
    return sheet


def _rows(sheet: Worksheet, table: Table, reading: Reading) -> Iterator[Row]:
    if not is_plain(sheet, reading):
        return
    before = len(reading.problems)
    places = _places(sheet, table, reading)
    if len(reading.problems) > before:
        return
    for cells in sheet.iter_rows(min_row=2):
        row = [cell for cell in cells if isinstance(cell, Cell)]  # none is merged: all of them
        named = {key: row[place] for key, place in places.items()}
        if any(cell_text(cell) for key, cell in named.items() if key != "revision"):
            yield _row(sheet, table, named, reading)


def _places(sheet: Worksheet, table: Table, reading: Reading) -> dict[str, int]:
    """Key → column from 0; headings in either language, in any order, each of ours once and no other."""
    keys = {name: key for key in columns_of(table) for name in _names(key, reading.texts)}
    places: dict[str, int] = {}
    for place, cell in enumerate(next(sheet.iter_rows(min_row=1, max_row=1), ())):
        if not isinstance(cell, Cell) or not cell_text(cell):
            continue
        key = keys.get(cell_text(cell))
        if key is None:
            reading.complain(sheet, cell, _("no further columns expected"))
        elif key in places:
            reading.complain(sheet, cell, _("each column once expected"))
        else:
            places[key] = place
    if missing := [key for key in columns_of(table) if key not in places]:
        names = ", ".join(" / ".join(_names(key, reading.texts)) for key in missing)
        reading.complain(
            sheet, None, _("the columns {columns} expected in the first row").format(columns=names)
        )
    return places


def _row(sheet: Worksheet, table: Table, cells: Mapping[str, Cell], reading: Reading) -> Row:
    for cell in cells.values():
        if cell.data_type in ("f", "e"):
            reading.complain(sheet, cell, _("a value expected, not a formula"))
    values = {column.key: _value(sheet, column, cells[column.key], reading) for column in table.columns}
    places = {key: f"{sheet.title}!{cell.coordinate}" for key, cell in cells.items()}
    system = values["id"] if not table.list_key else cell_text(cells["system"])
    return Row(table, str(system or ""), values, places, cell_text(cells["revision"]))


def _value(sheet: Worksheet, column: Column, cell: Cell, reading: Reading) -> Any:
    """The value as a system file has it; what cannot be one is complained of, or left for the register to judge."""
    text = cell_text(cell)
    if not text:
        return None
    match column.form:
        case Form.SWITCH:
            return _switch(sheet, cell, text, reading)
        case Form.NUMBER:
            return _number(sheet, cell, text, reading)
        case Form.DATE:
            match = _DATE.fullmatch(text)
            return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else text
        case Form.SCORE:
            return _score(cell, text)
        case Form.WORD:
            return _word(column, text, reading.texts)
        case Form.WORDS:
            return [_word(column, part, reading.texts) for part in _parts(_BETWEEN_WORDS, text)]
        case Form.LIST:
            return _parts(_SEPARATORS, text)
        case Form.SERVICES:
            services, wrong = services_of_lines(text)
            for _part in wrong:
                reading.complain(sheet, cell, _("PORT/tcp PURPOSE; PORT/udp PURPOSE expected"))
            return services
        case _:
            return text


def _parts(between: re.Pattern[str], text: str) -> list[str]:
    return [part.strip() for part in between.split(text) if part.strip()]


def _switch(sheet: Worksheet, cell: Cell, text: str, reading: Reading) -> bool | None:
    yes, no = _names("yes", reading.texts), _names("no", reading.texts)
    if text.lower() in (*yes, "true"):
        return True
    if text.lower() in (*no, "false"):
        return False
    reading.complain(sheet, cell, _("one of {choices} expected").format(choices=", ".join((*yes, *no))))
    return None


def _number(sheet: Worksheet, cell: Cell, text: str, reading: Reading) -> int | None:
    whole = re.fullmatch(r"([0-9]{1,18})(\.0+)?", text)
    if whole is None:
        reading.complain(sheet, cell, _("a whole number expected"))
        return None
    return int(whole[1])


def _score(cell: Cell, text: str) -> str:
    """A program that was given 92.5% keeps 0.925 and shows it as a percentage."""
    if isinstance(cell.value, (int, float)) and "%" in str(cell.number_format):
        return f"{cell.value * 100:.2f}".rstrip("0").rstrip(".") + "%"
    return text


def _word(column: Column, text: str, texts: Mapping[str, Text]) -> str:
    """The register's word for what people read; anything else as it is, for the register to refuse."""
    for choice in column.choices if column.words else ():
        if text in (choice, *_names(f"{column.words}_{choice}", texts)):
            return choice
    return text
