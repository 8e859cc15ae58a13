"""A questionnaire that people filled in, as Excel, WPS or LibreOffice saved it: answers, or every bad cell by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.model.attestation import Answer
from secaudit.model.text import Text
from secaudit.register.attestations import held_too_long, last_day, last_valid
from secaudit.register.values import has_control_characters, named_line, past_date, says_something
from secaudit.report.handed_workbook import Reading, cell_text, is_plain, open_workbook
from secaudit.report.questionnaire import COLUMNS, MARK, TEXTS
from secaudit.report.texts import load_texts

T = TypeVar("T")

RECORD_LIMIT: Final = 4000
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


def read_questionnaire(path: Path) -> Filled:
    """The answers of a workbook. Raises ContentError with every bad cell, UsageError for no workbook of ours."""
    book = open_workbook(path)
    reading = Reading(path.name, load_texts(TEXTS))
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


def _rows(sheet: Worksheet, reading: Reading) -> Iterator[FilledRow | None]:
    """The rows below the heading; None for one without an answer."""
    if not is_plain(sheet, reading):
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


def _row(sheet: Worksheet, cells: Mapping[str, Cell], reading: Reading) -> FilledRow | None:
    before = len(reading.problems)
    for cell in cells.values():
        if cell.data_type in ("f", "e"):
            reading.complain(sheet, cell, _("a value expected, not a formula"))
    said = {key: cells[key] for key in REQUIRED}
    if all(cell_text(said[key]) == "" for key in ("answer", "record", "person", "date")):
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
    until = _read(sheet, said["valid_until"], last_day, reading) if cell_text(said["valid_until"]) else None
    record = cell_text(said["record"])
    if len(record) > RECORD_LIMIT or has_control_characters(record.replace("\n", "")):
        reading.complain(
            sheet,
            said["record"],
            _("a printable text of at most {limit} characters expected").format(limit=RECORD_LIMIT),
        )
    if answer is Answer.NOT_APPLICABLE and not says_something(record):
        reading.complain(
            sheet, said["record"], _("a reason is required for {answer} (record)").format(answer=answer.value)
        )
    if day and until and until < day:
        reading.complain(sheet, said["valid_until"], _("valid_until on or after date expected"))
    if day and until and held_too_long(day, until):
        reading.complain(sheet, said["valid_until"], _("valid_until at most three years after date expected"))
    if len(reading.problems) > before or answer is None or person is None or day is None:
        return None
    of_all, about = reading.texts["all_objects"], cell_text(said["object"])
    return FilledRow(
        f"{sheet.title}!{said['answer'].coordinate}",
        said["answer"].row,
        cell_text(said["step"]),
        "" if about in (of_all.zh, of_all.en) else about,
        answer,
        record,
        tuple(
            name.strip()
            for name in cell_text(said["files"]).replace("；", ";").replace("\n", ";").split(";")
            if name.strip()
        ),
        person,
        day,
        until or last_valid(day),
    )


def _read(
    sheet: Worksheet, cell: Cell, read: Callable[[str], T], reading: Reading, expected: str = ""
) -> T | None:
    text = cell_text(cell)
    if read in (past_date, last_day):
        text = text.replace("/", "-")
    try:
        return read(text)
    except ValueError as error:
        reading.complain(sheet, cell, expected or str(error))
        return None


def _refuse_twice(rows: list[FilledRow], reading: Reading) -> None:
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        key = (row.step_id, row.object_id)
        if key in first:
            told = _("each question once expected; it is answered at {place}, too").format(place=first[key])
            reading.problems.append(Problem(reading.file, 0, row.place, row.step_id, told))
        first.setdefault(key, row.place)
