"""The view as a workbook that people filter and sort; written row by row, so its size costs no memory."""

import tempfile
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.report.output import write_bytes
from secaudit.report.safe import seen
from secaudit.report.sheet_list import SHEETS
from secaudit.report.sheets import LINE_HEIGHT, lines
from secaudit.report.tabular import Row, Sheet, marking, table_words
from secaudit.report.texts import Words

ROWS: Final = 1_048_576  # of a sheet, the head among them
CHUNK_BYTES: Final = 1 << 20
LINES_SHOWN: Final = 10
OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": False,
}
# words of the tables → colour of ink and ground; the words say the same to whoever prints in grey
COLOURS: Final = {
    "bad": ("#9C0006", "#FFC7CE", ("不符合", "FAIL", "not_met", "high")),
    "middle": ("#7F6000", "#FFEB9C", ("部分符合", "PARTIAL", "partly", "medium")),
    "good": ("#006100", "#C6EFCE", ("符合", "PASS", "met")),
    "open": ("#3F3F76", "#DDE3F3", ("待核实", "UNKNOWN", "open", "MANUAL")),
}
COLOURED: Final = ("conclusion", "state", "verdict", "severity")


def write_workbook(view: dict[str, Any], path: Path, language: Language) -> None:
    """The view as ``.xlsx``. Raises UsageError where it cannot be written."""
    words = table_words(language)
    try:
        with tempfile.TemporaryDirectory(prefix=".workbook-") as scratch:
            file = Path(scratch) / "book.xlsx"
            book = xlsxwriter.Workbook(str(file), {**OPTIONS, "tmpdir": scratch})
            _fill(book, view, words)
            book.close()
            with file.open("rb") as stream:
                write_bytes(path, iter(lambda: stream.read(CHUNK_BYTES), b""))
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=reason),
            hint=_("Make room for temporary files (TMPDIR), or have it written to another folder."),
        ) from error


def _fill(book: xlsxwriter.Workbook, view: dict[str, Any], words: Words) -> None:
    book.set_properties(
        {"title": words("title"), "subject": seen(view["system"]["name"]), "comments": words("statement")}
    )
    look = {"valign": "top", "font_size": 10, "border": 1, "border_color": "#C5CBD3"}
    text = book.add_format({**look, "text_wrap": True})
    number = book.add_format({**look, "align": "left"})
    head = book.add_format(
        {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "valign": "vcenter", "text_wrap": True}
    )
    for sheet in SHEETS:
        page = book.add_worksheet(words(f"sheet_{sheet.name}"))
        _prepare(page, sheet, view, words, head)
        last = _rows(page, sheet, view, words, text, number)
        if sheet.name != "summary":
            page.autofilter(0, 0, last, len(sheet.columns) - 1)
        _colour(book, page, sheet, last, words)


def _prepare(page: Worksheet, sheet: Sheet, view: dict[str, Any], words: Words, head: Format) -> None:
    """Heads, widths and how it prints: A4 across, the head on every page, marking and page numbers."""
    page.freeze_panes(1, 2 if sheet.name == "items" else 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_header(
        "&R&8"
        + words("marking", office=seen(view["document"]["office"]), marking=marking(view, words)).replace(
            "&", "&&"
        )
    )
    page.set_footer("&C&8" + words("page"))
    for place, (key, width) in enumerate(sheet.columns.items()):
        page.set_column(place, place, width)
        page.write_string(0, place, words(key), head)


def _rows(
    page: Worksheet, sheet: Sheet, view: dict[str, Any], words: Words, text: Format, number: Format
) -> int:
    """The number of the last row; raises UsageError where a sheet cannot hold all."""
    last = 0
    for last, row in enumerate(sheet.rows(view, words), 1):
        if last >= ROWS:
            raise UsageError(
                _("A sheet of a workbook holds no more than {rows} rows.").format(rows=ROWS),
                hint=_("Report fewer assets at once, or as csv."),
            )
        page.set_row(last, _height(row, sheet))
        for place, key in enumerate(sheet.columns):
            value = row[key]
            if isinstance(value, int):
                page.write_number(last, place, value, number)
            else:
                page.write_string(last, place, seen(str(value)), text)
    return last


def _height(row: Row, sheet: Sheet) -> float:
    """In points; beyond ten lines a row is cut on the screen, not in the cell."""
    most = max(lines(str(row[key]), width) for key, width in sheet.columns.items())
    return LINE_HEIGHT * min(most, LINES_SHOWN)


def _colour(book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet, last: int, words: Words) -> None:
    for place, key in enumerate(sheet.columns):
        for ink, ground, values in COLOURS.values() if key in COLOURED and last else ():
            for value in values:
                word = words.known(value, value)
                rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
                form = book.add_format({"font_color": ink, "bg_color": ground})
                page.conditional_format(1, place, last, place, {**rule, "format": form})
