"""The workbook of findings as a department filled it in: what it plans and claims, or every bad cell by name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.register.values import has_control_characters, named_line, past_date, real_date
from secaudit.report.handed_workbook import Reading, cell_text, is_plain, open_workbook
from secaudit.report.rectification_workbook import (
    COLUMNS,
    COMPARED,
    MARK,
    TEXTS,
    Owner,
    given_digest,
    titles,
)
from secaudit.report.reported import dated
from secaudit.report.texts import load_texts

T = TypeVar("T")

TEXT_LIMIT: Final = 2000


@dataclass(frozen=True, slots=True)
class FilledFinding:
    """A row as it came back; ``places``: column → ``Sheet!K7``.

    ``revision``: of the white cells as they were sent; ``identity``: which finding the row was written of.
    """

    number: int
    revision: str
    identity: str
    places: Mapping[str, str]
    owner: str
    measure: str
    planned: date | None
    fixed: date | None
    note: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilledRectification:
    """What a workbook says: whose it is (``system`` or ``organisation``), and its rows."""

    kind: str
    owner: str
    rows: tuple[FilledFinding, ...]


def read_rectification(path: Path) -> FilledRectification:
    """The rows of a workbook. Raises ContentError with every bad cell, UsageError for no workbook of ours."""
    book = open_workbook(path)
    reading = Reading(path.name, load_texts(TEXTS))
    guide = next((sheet for sheet in book.worksheets if sheet["B1"].value == MARK), None)
    if guide is None:
        told = _("{path} is no workbook of findings: its first sheet is missing or changed.")
        raise UsageError(
            told.format(path=path),
            hint=_("Export one with: secaudit finding export --organisation ORGANISATION"),
        )
    owner = Owner(cell_text(guide["C3"]), cell_text(guide["B2"]), "", date.min)
    rows = [row for sheet in _sheets(book, guide, reading) for row in _rows(sheet, owner, reading)]
    _refuse_twice(rows, reading)
    if reading.problems:
        raise ContentError(tuple(reading.problems), hint=_("Nothing was imported."))
    return FilledRectification(owner.kind, owner.id, tuple(rows))


def _sheets(book: Workbook, guide: Worksheet, reading: Reading) -> list[Worksheet]:
    """Those with our headings, whatever they are called by now; others must be empty."""
    found: list[Worksheet] = []
    known = titles(reading.texts)
    for sheet in book.worksheets:
        heads = {cell_text(cell) for cell in next(sheet.iter_rows(max_row=1), ()) if isinstance(cell, Cell)}
        if sheet is not guide and heads & set(known):
            found.append(sheet)
    if not found:
        reading.problems.append(Problem(reading.file, 0, "", "", _("a sheet with the findings expected")))
    return found


def _rows(sheet: Worksheet, owner: Owner, reading: Reading) -> Iterator[FilledFinding]:
    if not is_plain(sheet, reading):
        return
    places = _places(sheet, reading)
    if places is None:
        return
    for cells in sheet.iter_rows(min_row=2):
        row = [cell for cell in cells if isinstance(cell, Cell)]  # none is merged: all of them
        named = {key: row[place] for key, place in places.items()}
        if any(cell_text(cell) for cell in named.values()):
            found = _Row(sheet, named, reading).read(owner)
            if found:
                yield found


def _places(sheet: Worksheet, reading: Reading) -> dict[str, int] | None:
    """Column → place from 0; headings in either language, in any order, each once; None where one is missing."""
    keys, places = titles(reading.texts), {}
    before = len(reading.problems)
    for place, cell in enumerate(next(sheet.iter_rows(min_row=1, max_row=1), ())):
        key = keys.get(cell_text(cell)) if isinstance(cell, Cell) else None
        if key in places and isinstance(cell, Cell):
            reading.complain(sheet, cell, _("each column once expected"))
        elif key:
            places[key] = place
    missing = [key for key in COLUMNS if key not in places]
    if missing:
        names = ", ".join(f"{reading.texts[key].zh} ({reading.texts[key].en})" for key in missing)
        told = _("the columns {columns} expected in the first row").format(columns=names)
        reading.complain(sheet, None, told)
    return places if len(reading.problems) == before else None


class _Row:
    """One row; mistakes go to the problems of the reading."""

    def __init__(self, sheet: Worksheet, cells: Mapping[str, Cell], reading: Reading) -> None:
        self.sheet, self.cells, self.reading = sheet, cells, reading

    def read(self, owner: Owner) -> FilledFinding | None:
        """None for a row with a mistake."""
        before = len(self.reading.problems)
        for cell in self.cells.values():
            if cell.data_type in ("f", "e"):
                self._complain(cell, _("a value expected, not a formula"))
        found = FilledFinding(
            *self._known(owner),
            {key: f"{self.sheet.title}!{cell.coordinate}" for key, cell in self.cells.items()},
            self._read("owner", named_line) or "",
            self._long("measure"),
            self._read("planned", lambda text: real_date(dated(text))),
            self._read("fixed", lambda text: past_date(dated(text))),
            self._long("note"),
            tuple(self._files()),
        )
        self._refuse_partial(found)
        return found if len(self.reading.problems) == before else None

    def _known(self, owner: Owner) -> tuple[int, str, str]:
        """Number, revision and identity of a row whose grey cells are as they were written out."""
        digest, _dash, rest = self._text("key").partition("-")
        revision, _dash, identity = rest.partition("-")
        given = {key: self._text(key) for key in COMPARED}
        given["deadline"] = dated(given["deadline"])
        number = given["number"].removeprefix("F")
        if not digest or not number.isdecimal() or digest != given_digest(owner, given):
            told = _(
                "a row as it was exported for {owner} expected: a grey cell was edited, "
                "or the row comes from another workbook"
            )
            self._complain(self.cells["number"], told.format(owner=owner.id))
            return 0, "", ""
        return int(number), revision, identity

    def _refuse_partial(self, found: FilledFinding) -> None:
        """A claim needs its day and who makes it; a plan who carries it out."""
        if (found.files or found.note) and not (found.planned or found.fixed):
            told = _("a planned day or the day on which it was fixed expected, where there is a note or file")
            self._complain(self.cells["fixed"], told)
        if (found.measure or found.planned or found.fixed) and not found.owner:
            self._complain(self.cells["owner"], _("the owner expected where a measure or a day is given"))

    def _text(self, key: str) -> str:
        return cell_text(self.cells[key])

    def _long(self, key: str) -> str:
        text = self._text(key)
        if len(text) > TEXT_LIMIT or has_control_characters(text.replace("\n", "")):
            told = _("a printable text of at most {limit} characters expected").format(limit=TEXT_LIMIT)
            self._complain(self.cells[key], told)
        return text

    def _files(self) -> Iterator[str]:
        for name in self._text("files").replace("；", ";").replace("\n", ";").split(";"):
            if name.strip():
                yield name.strip()

    def _read(self, key: str, read: Callable[[str], T]) -> T | None:
        text = self._text(key)
        if not text:
            return None
        try:
            return read(text)
        except ValueError as error:
            self._complain(self.cells[key], str(error))
            return None

    def _complain(self, cell: Cell, expected: str) -> None:
        self.reading.complain(self.sheet, cell, expected)


def _refuse_twice(rows: list[FilledFinding], reading: Reading) -> None:
    first: dict[int, str] = {}
    for row in rows:
        place = first.setdefault(row.number, row.places["number"])
        if place != row.places["number"]:
            told = _("each finding once expected; it stands at {place}, too").format(place=place)
            reading.problems.append(
                Problem(reading.file, 0, row.places["number"], f"F{row.number:06d}", told)
            )
