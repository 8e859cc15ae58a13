"""Tables of a file that somebody hands over, a workbook or CSV: rows of cells below the first line of headings."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.register.csv_rows import csv_rows
from secaudit.register.list_text import list_text
from secaudit.report.handed_workbook import LIMIT_ROWS, cell_text, open_workbook
from secaudit.report.workbook_weight import LIMIT_CELLS

HEAD_ROWS: Final = 20  # titles, a number, whom it goes to stand above the headings of official lists


@dataclass(frozen=True, slots=True)
class Said:
    """A cell: what it shows, and where it stands (``line`` is 0 in a workbook, whose ``place`` is ``Sheet!B7``)."""

    text: str
    place: str
    line: int = 0
    is_formula: bool = False


@dataclass(frozen=True, slots=True)
class HandedTable:
    """``name`` is that of the sheet, "" in CSV; rows are read once, have a cell for every heading (one too many
    where a line of CSV has more) and are not empty."""

    name: str
    headings: tuple[Said, ...]
    rows: Iterable[tuple[Said, ...]]


@dataclass(frozen=True, slots=True)
class Handed:
    """``without``: the sheets that hold something and have no line of headings."""

    tables: tuple[HandedTable, ...]
    without: tuple[str, ...] = ()


IsHead = Callable[[Sequence[str]], bool]


def read_tables(path: Path, is_head: IsHead) -> Handed:
    """The tables of a file; ``is_head`` says whether a row of texts is one of headings.

    Raises UsageError (unsafe, too large, none at all), ContentError with what keeps tables from being read.
    """
    if path.suffix.lower() in (".csv", ".txt", ".tsv"):
        return _of_csv(path, is_head)
    problems: list[Problem] = []
    tables, without = [], []
    for sheet in open_workbook(path).worksheets:
        found = _of_sheet(sheet, path.name, is_head, problems)
        if found:
            tables.append(found)
        elif any(cell_text(cell) for row in sheet.iter_rows(max_row=HEAD_ROWS) for cell in _cells(row)):
            without.append(sheet.title)
    if problems:
        raise ContentError(tuple(problems), hint=_("Nothing was imported."))
    return Handed(tuple(tables), tuple(without))


def _of_sheet(sheet: Worksheet, file: str, is_head: IsHead, problems: list[Problem]) -> HandedTable | None:
    if sheet.max_row > LIMIT_ROWS or sheet.max_row * sheet.max_column > LIMIT_CELLS:
        told = _("at most {limit} rows expected").format(limit=LIMIT_ROWS)
        problems.append(Problem(file, 0, sheet.title, "", told))
        return None
    head = _head(sheet, is_head)
    if not head:
        return None
    for area in sorted(sheet.merged_cells.ranges, key=str):
        if area.max_row >= head:
            told = _("cells that are not merged expected")
            problems.append(Problem(file, 0, f"{sheet.title}!{area}", "", told))
            return None
    rows = (row for row in sheet.iter_rows(min_row=head + 1) if any(map(cell_text, _cells(row))))
    headings = next(sheet.iter_rows(min_row=head, max_row=head))
    return HandedTable(sheet.title, _line(sheet, headings), (_line(sheet, row) for row in rows))


def _head(sheet: Worksheet, is_head: IsHead) -> int:
    """The row of headings; 0 where there is none."""
    for number, row in enumerate(sheet.iter_rows(min_row=1, max_row=HEAD_ROWS), 1):
        if is_head([cell_text(cell) for cell in _cells(row)]):
            return number
    return 0


def _cells(row: Sequence[object]) -> list[Cell]:
    """Those that are no part of a merged area."""
    return [cell for cell in row if isinstance(cell, Cell)]


def _line(sheet: Worksheet, row: Sequence[object]) -> tuple[Said, ...]:
    return tuple(
        Said(cell_text(cell), f"{sheet.title}!{cell.coordinate}", is_formula=cell.data_type in ("f", "e"))
        for cell in _cells(row)
    )


def _of_csv(path: Path, is_head: IsHead) -> Handed:
    lines = list(csv_rows(list_text(path), path.name))
    for place, (number, cells) in enumerate(lines[:HEAD_ROWS]):
        if is_head(cells):
            names = tuple(cells)
            rows = (_csv_row(number, cells, names) for number, cells in lines[place + 1 :])
            headings = tuple(Said(name, name[:80], number) for name in names)
            return Handed((HandedTable("", headings, rows),))
    return Handed((), (path.name,) if lines else ())


def _csv_row(number: int, cells: Sequence[str], names: Sequence[str]) -> tuple[Said, ...]:
    """A cell for every heading, and those that stand below none."""
    padded = [*cells, *[""] * (len(names) - len(cells))]
    headings = [*names, *[""] * (len(padded) - len(names))]
    return tuple(Said(cell, name[:80], number) for cell, name in zip(padded, headings, strict=True))
