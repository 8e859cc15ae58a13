"""A workbook that somebody hands over, as Excel, WPS or LibreOffice saved it: opened only when nothing in it acts."""

import warnings
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.errors import Problem, UsageError
from secaudit.language import _
from secaudit.model.text import Text
from secaudit.report.workbook_weight import LIMIT_CELLS, refuse_heavy

LIMIT_BYTES: Final = 100 * 1024 * 1024
LIMIT_UNPACKED_BYTES: Final = 500 * 1024 * 1024
LIMIT_ROWS: Final = 200_000
# Parts of a workbook that run or fetch something.
REFUSED: Final = {
    "vbaproject": "macros",
    "macrosheets": "macros",
    "externallinks": "links to other files",
    "querytables": "links to other files",
    "xl/connections": "links to other files",
    "activex": "controls",
    "embeddings": "embedded files",
}
# What zipfile, expat and openpyxl raise for a damaged part; openpyxl translates nothing and names no root of its own:
# a missing part KeyError, a bad attribute ValueError or TypeError, an encrypted member RuntimeError, an unknown packing
# NotImplementedError.
DAMAGED: Final = (
    *(InvalidFileException, zipfile.BadZipFile, zlib.error, ParseError, OSError, EOFError),
    *(LookupError, ValueError, TypeError, AttributeError, NotImplementedError, RuntimeError),
)


@dataclass(slots=True)
class Reading:
    """The words of a workbook in both languages, and the mistakes collected while reading."""

    file: str
    texts: Mapping[str, Text]
    problems: list[Problem] = field(default_factory=list)

    def complain(self, sheet: Worksheet, cell: Cell | None, expected: str) -> None:
        place = f"{sheet.title}!{cell.coordinate}" if cell is not None else sheet.title
        read = "" if cell is None or cell.value is None else repr(cell.value)[:80]
        self.problems.append(Problem(self.file, 0, place, read, expected))


def open_workbook(path: Path) -> Workbook:
    """The workbook with its formulas as texts; raises UsageError: unsafe, too large, damaged, none at all."""
    _refuse_unsafe(path)
    try:
        with zipfile.ZipFile(path) as archive:
            refuse_heavy(path, archive)
        with warnings.catch_warnings(
            action="ignore"
        ):  # what openpyxl leaves out; a bad date is a cell of errors
            return load_workbook(path, data_only=False, keep_links=False)
    except DAMAGED as error:
        raise UsageError(
            _("{path} cannot be read as a workbook: {reason}.").format(path=path, reason=error)
        ) from error


def _refuse_unsafe(path: Path) -> None:
    """Size first, then what the archive holds, before anything of it is unpacked."""
    try:
        size = path.stat().st_size
        if size > LIMIT_BYTES:
            told = _("{path} is too large: at most {limit} MiB are read.")
            raise UsageError(told.format(path=path, limit=LIMIT_BYTES // 1024 // 1024))
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=path, reason=reason)) from error
    except zipfile.BadZipFile as error:
        raise UsageError(
            _("{path} is no .xlsx workbook.").format(path=path),
            hint=_("Save it as “Excel workbook (.xlsx)” and import that."),
        ) from error
    if sum(member.file_size for member in members) > LIMIT_UNPACKED_BYTES:
        raise UsageError(
            _("{path} unpacks to more than {limit} MiB.").format(
                path=path, limit=LIMIT_UNPACKED_BYTES // 1024 // 1024
            )
        )
    for member in members:
        name = member.filename.lower()
        if kind := next((kind for part, kind in REFUSED.items() if part in name), None):
            told = _("{path} holds {kind}: such a workbook is not opened.")
            raise UsageError(
                told.format(path=path, kind=_unsafe_words()[kind]),
                hint=_("Save it as “Excel workbook (.xlsx)” without them."),
            )


def _unsafe_words() -> dict[str, str]:
    return {
        "macros": _("macros"),
        "links to other files": _("links to other files"),
        "controls": _("controls"),
        "embedded files": _("embedded files"),
    }


def is_plain(sheet: Worksheet, reading: Reading) -> bool:
    """Whether a sheet is of a size that is read and has no merged cells; what is wrong is complained of."""
    if sheet.max_row > LIMIT_ROWS:
        reading.complain(sheet, None, _("at most {limit} rows expected").format(limit=LIMIT_ROWS))
        return False
    if sheet.max_row * sheet.max_column > LIMIT_CELLS:
        told = _("at most {limit} cells expected, from the first to the last")
        reading.complain(sheet, None, told.format(limit=LIMIT_CELLS))
        return False
    if sheet.merged_cells.ranges:
        first = sorted(str(area) for area in sheet.merged_cells.ranges)[0]
        reading.problems.append(
            Problem(reading.file, 0, f"{sheet.title}!{first}", "", _("cells that are not merged expected"))
        )
        return False
    return True


def cell_text(cell: Cell) -> str:
    """What a cell shows: a date as 2026-11-28, whatever its format."""
    value: Any = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()
