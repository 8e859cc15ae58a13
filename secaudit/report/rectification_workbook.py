"""Findings as a workbook for the departments that fix them, to be filled in and read back."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.content.folder import content_dir
from secaudit.model.finding import Finding
from secaudit.model.text import Language, Text
from secaudit.report.finding_detail import Detail, problem_title
from secaudit.report.guide_sheet import write_guide
from secaudit.report.output import write_bytes
from secaudit.report.safe import shown
from secaudit.report.sheets import GREY, LINE, LINE_HEIGHT, fit_page, lines, put, put_head
from secaudit.report.texts import Words, load_texts

TEXTS: Final = content_dir("reports") / "rectification-workbook" / "texts.yaml"
MARK: Final = "secaudit-rectification-1"
GIVEN: Final = (
    *("number", "system", "asset", "problem", "severity", "seen", "expected", "remedy", "notice", "deadline"),
)
FILLED: Final = ("owner", "measure", "planned", "fixed", "note", "files")
COLUMNS: Final = (*GIVEN, *FILLED, "key")
COMPARED: Final = ("number", "system", "asset", "problem", "deadline")
"""The given columns of which an edit is noticed."""
WIDTHS: Final[Mapping[str, int]] = dict(
    zip(COLUMNS, (11, 16, 16, 28, 8, 30, 24, 34, 18, 12, 14, 30, 13, 13, 24, 18, 10), strict=True)
)
DAYS: Final = ("deadline", "planned", "fixed")
ROW_LINES: Final = 12


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose findings they are (``kind`` is ``system`` or ``organisation``), and when they were written out."""

    kind: str
    id: str
    name: str
    day: date


Row = tuple[Finding, Detail]


def write_rectification(path: Path, rows: Sequence[Row], owner: Owner, language: Language) -> None:
    """The workbook; raises UsageError where it cannot be written."""
    write_bytes(path, [rectification_bytes(rows, owner, language)])


def rectification_bytes(rows: Sequence[Row], owner: Owner, language: Language) -> bytes:
    """The workbook as a file."""
    words = Words(load_texts(TEXTS), language)
    book = Workbook()
    _guide(book.worksheets[0], owner, len(rows), words)
    _sheet(book.create_sheet(words("findings")), rows, owner, words)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _guide(sheet: Worksheet, owner: Owner, count: int, words: Words) -> None:
    heads = [
        (words("title"), None),
        (words("owner_of"), owner.id),
        (words(f"{owner.kind}_of"), owner.name),
        (words("written"), owner.day.isoformat()),
        (words("count"), count),
    ]
    write_guide(sheet, heads, {(1, 2): MARK, (3, 3): owner.kind}, words)


def _sheet(sheet: Worksheet, rows: Sequence[Row], owner: Owner, words: Words) -> None:
    for place, key in enumerate(COLUMNS, 1):
        put_head(sheet, place, words(key), WIDTHS[key])
    for number, (finding, detail) in enumerate(rows, 2):
        _row(sheet, number, cells_of(finding, detail, owner, words))
    last = len(rows) + 1
    _rules(sheet, last)
    sheet.column_dimensions[get_column_letter(len(COLUMNS))].hidden = True
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{last}"
    sheet.print_title_rows = "1:1"
    _protect(sheet)
    fit_page(sheet)


def _row(sheet: Worksheet, number: int, cells: Mapping[str, Any]) -> None:
    tallest = max(lines(str(value), WIDTHS[key]) for key, value in cells.items() if value and key != "key")
    sheet.row_dimensions[number].height = LINE_HEIGHT * min(tallest, ROW_LINES)
    for place, (key, value) in enumerate(cells.items(), 1):
        cell = put(sheet, number, place, value)
        cell.border = LINE
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.protection = Protection(locked=key not in FILLED)
        cell.number_format = "yyyy-mm-dd" if key in DAYS else "@"
        if key not in FILLED:
            cell.fill = GREY


def cells_of(finding: Finding, detail: Detail, owner: Owner, words: Words) -> dict[str, Any]:
    """Column → what its cell holds."""
    language = words.language
    asset = detail.asset or words("itself")
    given = {
        "number": str(finding),
        "system": f"{detail.system} ({finding.system})",
        "asset": asset if asset == finding.asset or not finding.asset else f"{asset} ({finding.asset})",
        "problem": _problem(finding, detail, words),
        "severity": words(finding.severity.value),
        "seen": detail.seen.of(language) or None,
        "expected": detail.expected.of(language) or None,
        "remedy": detail.remedy.of(language) or None,
        "notice": finding.notice or finding.document or None,
        "deadline": finding.deadline,
    }
    key = f"{given_digest(owner, given)}-{revision_of(finding)}-{identity_of(finding)}"
    filled = dict.fromkeys(FILLED) | {"owner": finding.owner or None, "measure": finding.measure or None}
    return {**given, **filled, "key": key}


def _problem(finding: Finding, detail: Detail, words: Words) -> str:
    parts = (problem_title(finding, words), shown(finding.offender), detail.description)
    return "\n".join(part for part in parts if part)


def given_digest(owner: Owner, given: Mapping[str, Any]) -> str:
    """A digest of the given cells as they are shown, whatever spaces an office program makes of them."""
    squeezed = ("".join(_plain(given[key]).split()) for key in COMPARED)
    return hashlib.sha256("\0".join((owner.kind, owner.id, *squeezed)).encode()).hexdigest()[:20]


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def identity_of(finding: Finding) -> str:
    """A digest of what makes it this finding: in another database its number may be that of another one."""
    said = "\0".join((*finding.identity, finding.opened_in))
    return hashlib.sha256(said.encode(errors="backslashreplace")).hexdigest()[:12]


def revision_of(finding: Finding) -> str:
    """A digest of what the white cells held when they were written out."""
    said = "\0".join((finding.owner, finding.measure))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _rules(sheet: Worksheet, last: int) -> None:
    dates = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
    for key in ("planned", "fixed"):
        letter = get_column_letter(COLUMNS.index(key) + 1)
        dates.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(dates)


def _protect(sheet: Worksheet) -> None:
    """Against slips, not against people: without a password; the digest tells of an edit."""
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.formatCells = False
    protection.autoFilter = protection.sort = False


def titles(texts: Mapping[str, Text]) -> dict[str, str]:
    """Heading in either language → column."""
    return {name: key for key in COLUMNS for name in (texts[key].zh, texts[key].en)}
