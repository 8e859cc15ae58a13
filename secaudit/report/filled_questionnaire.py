"""A questionnaire that people filled in, as Excel, WPS or LibreOffice saved it: answers, or every bad cell by name."""

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.model.attestation import Answer
from secaudit.model.text import Text
from secaudit.register.attestations import last_day, last_valid
from secaudit.register.values import has_control_characters, named_line, past_date
from secaudit.report.questionnaire import COLUMNS, MARK, TEXTS
from secaudit.report.texts import load_texts

T = TypeVar("T")

LIMIT_BYTES: Final = 100 * 1024 * 1024
LIMIT_UNPACKED_BYTES: Final = 500 * 1024 * 1024
LIMIT_ROWS: Final = 200_000
RECORD_LIMIT: Final = 4000
# Parts of a workbook that run or fetch something.
REFUSED: Final = {
    "vbaproject": "macros",
    "externallinks": "links to other files",
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
REQUIRED: Final = ("step", "object", "answer", "record", "files", "person", "date", "valid_until")


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row with an answer; ``place`` is ``安全管理制度!I7``, ``files`` are names beside the workbook."""

    place: str
    row: int
    step_id: str
    object_id: str
    answer: Answer
    record: str
    files: tuple[str, ...]
    person: str
    day: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Filled:
    """What a workbook says: whose it is (``system`` or ``organisation``), its answers, how many rows have none."""

    kind: str
    owner: str
    rows: tuple[FilledRow, ...]
    unanswered: int


@dataclass(slots=True)
class _Reading:
    """The words of a questionnaire in both languages, and the mistakes collected while reading."""

    file: str
    texts: Mapping[str, Text]
    problems: list[Problem] = field(default_factory=list)

    def complain(self, sheet: Worksheet, cell: Cell | None, expected: str) -> None:
        place = f"{sheet.title}!{cell.coordinate}" if cell is not None else sheet.title
        read = "" if cell is None or cell.value is None else repr(cell.value)[:80]
        self.problems.append(Problem(self.file, 0, place, read, expected))


def read_questionnaire(path: Path) -> Filled:
    """The answers of a workbook. Raises ContentError with every bad cell, UsageError for no workbook of ours."""
    _refuse_unsafe(path)
    try:
        book = load_workbook(path, data_only=False, keep_links=False)
    except DAMAGED as error:
        raise UsageError(
            _("{path} cannot be read as a workbook: {reason}.").format(path=path, reason=error)
        ) from error
    reading = _Reading(path.name, load_texts(TEXTS))
    guide = next((sheet for sheet in book.worksheets if sheet["B1"].value == MARK), None)
    if guide is None:
        raise UsageError(
            _("{path} is no questionnaire of secaudit: its first sheet is missing or changed.").format(
                path=path
            ),
            hint=_("Export one with: secaudit attest export OWNER"),
        )
    rows: list[FilledRow] = []
    unanswered = 0
    for sheet in book.worksheets:
        if sheet is guide:
            continue
        for filled in _rows(sheet, reading):
            if filled is None:
                unanswered += 1
            else:
                rows.append(filled)
    _refuse_twice(rows, reading)
    if reading.problems:
        raise ContentError(tuple(reading.problems))
    return Filled(str(guide["C3"].value), str(guide["B2"].value), tuple(rows), unanswered)


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


def _rows(sheet: Worksheet, reading: _Reading) -> Iterator[FilledRow | None]:
    """The rows below the heading; None for one without an answer."""
    if sheet.max_row > LIMIT_ROWS:
        reading.complain(sheet, None, _("at most {limit} rows expected").format(limit=LIMIT_ROWS))
        return
    if sheet.merged_cells.ranges:
        first = sorted(str(area) for area in sheet.merged_cells.ranges)[0]
        reading.problems.append(
            Problem(reading.file, 0, f"{sheet.title}!{first}", "", _("cells that are not merged expected"))
        )
        return
    texts = reading.texts
    places = _places(sheet, texts)
    if missing := [key for key in REQUIRED if key not in places]:
        names = ", ".join(f"{texts[key].zh} ({texts[key].en})" for key in missing)
        reading.complain(
            sheet, None, _("the columns {columns} expected in the first row").format(columns=names)
        )
        return
    for cells in sheet.iter_rows(min_row=2):
        row = [cell for cell in cells if isinstance(cell, Cell)]  # none is merged: all of them
        named = {key: row[place] for key, place in places.items()}
        if any(cell.value is not None for cell in named.values()):
            yield _row(sheet, named, reading)


def _places(sheet: Worksheet, texts: Mapping[str, Text]) -> dict[str, int]:
    """Key → column from 0; headings in either language, in any order."""
    keys = {text: key for key in COLUMNS for text in (texts[key].zh, texts[key].en)}
    return {
        keys[str(cell.value).strip()]: place
        for place, cell in enumerate(next(sheet.iter_rows(min_row=1, max_row=1), ()))
        if cell.value is not None and str(cell.value).strip() in keys
    }


def _row(sheet: Worksheet, cells: Mapping[str, Cell], reading: _Reading) -> FilledRow | None:
    before = len(reading.problems)
    for cell in cells.values():
        if cell.data_type in ("f", "e"):
            reading.complain(sheet, cell, _("a value expected, not a formula"))
    said = {key: cells[key] for key in REQUIRED}
    if all(_text(said[key]) == "" for key in ("answer", "record", "person", "date")):
        return None
    answer = _read(
        sheet,
        said["answer"],
        Answer,
        reading,
        _("one of {choices} expected").format(choices=", ".join(Answer)),
    )
    person = _read(sheet, said["person"], named_line, reading)
    day = _read(sheet, said["date"], past_date, reading)
    until = _read(sheet, said["valid_until"], last_day, reading) if _text(said["valid_until"]) else None
    record = _text(said["record"])
    if len(record) > RECORD_LIMIT or has_control_characters(record.replace("\n", "")):
        reading.complain(
            sheet,
            said["record"],
            _("a printable text of at most {limit} characters expected").format(limit=RECORD_LIMIT),
        )
    if answer is Answer.NOT_APPLICABLE and not record:
        reading.complain(
            sheet, said["record"], _("a reason is required for {answer} (record)").format(answer=answer.value)
        )
    if day and until and until < day:
        reading.complain(sheet, said["valid_until"], _("valid_until on or after date expected"))
    if len(reading.problems) > before or answer is None or person is None or day is None:
        return None
    of_all, about = reading.texts["all_objects"], _text(said["object"])
    return FilledRow(
        f"{sheet.title}!{said['answer'].coordinate}",
        said["answer"].row,
        _text(said["step"]),
        "" if about in (of_all.zh, of_all.en) else about,
        answer,
        record,
        tuple(
            name.strip()
            for name in _text(said["files"]).replace("；", ";").replace("\n", ";").split(";")
            if name.strip()
        ),
        person,
        day,
        until or last_valid(day),
    )


def _text(cell: Cell) -> str:
    """What a cell shows: a date as 2026-11-28, whatever its format."""
    value: Any = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()


def _read(
    sheet: Worksheet, cell: Cell, read: Callable[[str], T], reading: _Reading, expected: str = ""
) -> T | None:
    text = _text(cell)
    if read in (past_date, last_day):
        text = text.replace("/", "-")
    try:
        return read(text)
    except ValueError as error:
        reading.complain(sheet, cell, expected or str(error))
        return None


def _refuse_twice(rows: list[FilledRow], reading: _Reading) -> None:
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        key = (row.step_id, row.object_id)
        if key in first:
            told = _("each question once expected; it is answered at {place}, too").format(place=first[key])
            reading.problems.append(Problem(reading.file, 0, row.place, row.step_id, told))
        first.setdefault(key, row.place)
