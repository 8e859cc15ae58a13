"""The systems of an organisation as a workbook: a sheet a table, to be edited and read back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.document import Document
from secaudit.model.text import Language
from secaudit.register.service_text import services_text
from secaudit.register.tables import (
    PEOPLE,
    TABLES,
    Column,
    Form,
    Table,
    plain,
    plain_row,
    revision_of,
    value_at,
)
from secaudit.report.guide_sheet import write_guide
from secaudit.report.output import write_bytes
from secaudit.report.register_lists import Lists, worded
from secaudit.report.register_texts import TEXTS
from secaudit.report.sheets import GREY, LINE, LINE_HEIGHT, fit_page, lines, put, put_head
from secaudit.report.texts import Words, load_texts

MARK: Final = "secaudit-register-1"
SPARE_ROWS: Final = 20
WIDTHS: Final = {
    **dict.fromkeys(Form, 14),
    Form.LONG: 36,
    Form.LIST: 24,
    Form.SERVICES: 24,
    Form.WORDS: 20,
    Form.DATE: 12,
    Form.SWITCH: 10,
    Form.NUMBER: 12,
}
WIDE: Final = {"name": 22, "address": 18, "kind": 18, "evaluation_report": 30, "filing_number": 21, "id": 16}
ALIGNED: Final = Alignment(wrap_text=True, vertical="top", horizontal="left")
GIVEN: Final = Protection(locked=True)
OPEN: Final = Protection(locked=False)
NUMBERS: Final = {Form.DATE: "yyyy-mm-dd", Form.NUMBER: "0"}
"""Other columns are texts: no program makes a number of 00001 or a date of 3-1."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose systems they are, and when the workbook was written."""

    id: str
    name: str
    day: date


@dataclass(frozen=True, slots=True)
class _Line:
    """A row: the system it belongs to, its record, and the revision of what is in the register."""

    system: str
    record: Mapping[str, Any]
    revision: str


def columns_of(table: Table) -> list[str]:
    """The keys of the columns of its sheet: whose it is, its own, the revision."""
    return [*(["system"] if table.list_key else []), *(column.key for column in table.columns), "revision"]


def write_register_workbook(
    path: Path, documents: Sequence[Document], organisations: Iterable[str], owner: Owner, language: Language
) -> None:
    """The workbook of these system files; raises UsageError where it cannot be written."""
    words = Words(load_texts(TEXTS), language)
    book = Workbook()
    _guide(book.worksheets[0], owner, words)
    lists = Lists(words, sorted(organisations))
    for table in TABLES:
        rows = list(_rows(table, documents))
        _sheet(book.create_sheet(words(table.key)), table, rows, lists)
    lists.write(book.create_sheet(words("words")))
    stream = BytesIO()
    book.save(stream)
    write_bytes(path, [stream.getvalue()])


def _rows(table: Table, documents: Iterable[Document]) -> Iterator[_Line]:
    for document in documents:
        system = document.data["id"]
        records = (document.data.get(table.list_key) or []) if table.list_key else [document.data]
        whole = revision_of([plain_row(table, record) for record in records])
        for record in records:
            own = whole if table.key == PEOPLE else revision_of(plain_row(table, record))
            yield _Line(system, record, own)


def _guide(sheet: Worksheet, owner: Owner, words: Words) -> None:
    heads = [
        (words("title"), None),
        (words("owner"), owner.id or None),
        (words("owner_name"), owner.name or None),
        (words("written"), owner.day.isoformat()),
    ]
    write_guide(sheet, heads, {(1, 2): MARK}, words)


def _sheet(sheet: Worksheet, table: Table, rows: Sequence[_Line], lists: Lists) -> None:
    keys, own = columns_of(table), {column.key: column for column in table.columns}
    for place, key in enumerate(keys, 1):
        form = own[key].form if key in own else Form.TEXT
        put_head(sheet, place, lists.words(key), WIDE.get(key, WIDTHS[form]))
    last = len(rows) + 1 + SPARE_ROWS
    for number in range(2, last + 1):
        line = rows[number - 2] if number - 2 < len(rows) else None
        _line(sheet, number, table, line, lists.words)
    for place, key in enumerate(keys, 1):
        if rule := lists.rule(table, own.get(key), key):
            letter = get_column_letter(place)
            rule.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(rule)
    sheet.column_dimensions[get_column_letter(len(keys))].hidden = True
    sheet.row_dimensions[1].height = 2 * LINE_HEIGHT
    sheet.freeze_panes = "D2" if table.list_key else "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(keys))}{last}"  # who sorts moves the revisions along
    sheet.print_title_rows = "1:1"
    fit_page(sheet)


def _line(sheet: Worksheet, number: int, table: Table, line: _Line | None, words: Words) -> None:
    """A row of the register, or an empty one for something new; whose it is and its id stay as they are."""
    place, high = 1, 1
    if table.list_key:
        _cell(sheet, number, place, line.system if line else None, "@", given=line is not None)
        place += 1
    for column in table.columns:
        value = _shown(column, value_at(line.record, column.place), words) if line else None
        given = line is not None and column.key == "id"
        _cell(sheet, number, place, value, NUMBERS.get(column.form, "@"), given=given)
        high = max(
            high, lines(str(value), WIDE.get(column.key, WIDTHS[column.form])) if value is not None else 1
        )
        place += 1
    _cell(sheet, number, place, line.revision if line else None, "@", given=True)
    sheet.row_dimensions[number].height = LINE_HEIGHT * high


def _cell(sheet: Worksheet, row: int, place: int, value: Any, number_format: str, *, given: bool) -> None:
    cell = put(sheet, row, place, value)
    cell.border = LINE
    cell.alignment = ALIGNED
    cell.protection = GIVEN if given else OPEN
    cell.number_format = number_format
    if given:
        cell.fill = GREY


def _shown(column: Column, raw: Any, words: Words) -> Any:
    """The value of a record as its cell has it."""
    value = plain(column.form, raw)
    if value is None:
        return None
    match column.form:
        case Form.DATE:
            return date.fromisoformat(value)
        case Form.NUMBER:
            return value
        case Form.SWITCH:
            return words("yes" if value else "no")
        case Form.WORD:
            return worded(column, value, words)
        case Form.WORDS:
            return "\n".join(worded(column, one, words) for one in value)
        case Form.LIST:
            return "\n".join(value)
        case Form.SERVICES:
            return services_text(value)
        case _:
            return value
