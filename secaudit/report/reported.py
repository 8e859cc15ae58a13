"""A list of problems that somebody outside found, as they wrote it: what it reports, or every bad cell by name."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.model.register import Asset, System
from secaudit.model.reported import Reported
from secaudit.register.values import has_control_characters, past_date, real_date
from secaudit.report.handed_table import Handed, HandedTable, Said, read_tables
from secaudit.report.reported_columns import (
    REQUIRED,
    column_of,
    is_information,
    nearest_heading,
    severity_of,
    shown_columns,
)

T = TypeVar("T")

TITLE_LIMIT: Final = 200
TEXT_LIMIT: Final = 4000
HEADINGS_NEEDED: Final = 2
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T ][0-9:.]+)?")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a list is held against, and what counts for rows that do not say it.

    ``item_of``: (system, asset, what stands in the cell) → (requirement, check), raising ValueError.
    """

    systems: Sequence[System]
    item_of: Callable[[System, Asset | None, str], tuple[str, str]]
    system: System | None = None
    document: str = ""
    issued_by: str = ""
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A problem and the place of its row, for a person."""

    place: str
    said: Reported


@dataclass(slots=True)
class ReportedList:
    """What a list says. ``information``: rows that a scanner lists and that are no problems."""

    rows: list[Row] = field(default_factory=list)
    information: int = 0
    unknown: list[str] = field(default_factory=list)
    without: tuple[str, ...] = ()


def read_reported(path: Path, expected: Expected) -> ReportedList:
    """The problems of a workbook or CSV file. Raises ContentError with every bad cell, UsageError: no list at all."""
    handed = read_tables(path, _is_head)
    if not handed.tables:
        raise UsageError(
            _("{path} has no line of headings with {columns}.").format(
                path=path, columns=shown_columns(REQUIRED)
            ),
            hint=_("Write an empty list to fill in with: secaudit finding import --template FILE"),
        )
    reader = _Reader(path.name, expected)
    found = reader.whole(handed)
    if reader.problems:
        raise ContentError(tuple(reader.problems), hint=_("Nothing was imported."))
    return found


def _is_head(cells: Sequence[str]) -> bool:
    known = {column_of(cell) for cell in cells} - {None}
    return len(known) >= HEADINGS_NEEDED and bool(known & {"title", "severity"})


class _Reader:
    """Rows → problems of the list; mistakes go to ``problems``."""

    def __init__(self, file: str, expected: Expected) -> None:
        self.file, self.expected = file, expected
        self.problems: list[Problem] = []
        self.found = ReportedList()
        self.first: dict[tuple[str, ...], str] = {}

    def whole(self, handed: Handed) -> ReportedList:
        self.found.without = handed.without
        for table in handed.tables:
            columns = self._columns(table)
            for row in table.rows if columns else ():
                if len(row) > len(table.headings):
                    told = _("at most {count} cells expected").format(count=len(table.headings))
                    self._complain(row[len(table.headings)], told)
                else:
                    self._row({name: row[place] for name, place in columns.items()})
        return self.found

    def _columns(self, table: HandedTable) -> Mapping[str, int]:
        """Column → place; none where one is missing or there twice."""
        places: dict[str, int] = {}
        wrong = False
        for place, heading in enumerate(table.headings):
            name = column_of(heading.text)
            if name is None:
                self._unknown(heading)
            elif name in places:
                told = _("each column once expected; it stands at {place}, too")
                self._complain(heading, told.format(place=table.headings[places[name]].place))
                wrong = True
            else:
                places[name] = place
        missing = tuple(name for name in REQUIRED if name not in places)
        if missing:
            told = _("the columns {columns} expected").format(columns=shown_columns(missing))
            line = table.headings[0].line
            self.problems.append(Problem(self.file, line, table.name, "", told))
        return {} if missing or wrong else places

    def _unknown(self, heading: Said) -> None:
        near = nearest_heading(heading.text)
        if near:
            self._complain(heading, _("unknown heading; did you mean {name}?").format(name=near))
        elif heading.text:
            self.found.unknown.append(heading.text[:80])

    def _row(self, cells: Mapping[str, Said]) -> None:
        for cell in cells.values():
            if cell.is_formula:
                self._complain(cell, _("a value expected, not a formula"))
                return
        if is_information(cells["severity"].text):
            self.found.information += 1
            return
        before = len(self.problems)
        said = self._said(cells)
        if said is None or len(self.problems) > before:
            return
        place = cells["title"].place if not cells["title"].line else f"{self.file}:{cells['title'].line}"
        known = self.first.setdefault(said.identity, place)
        if known != place:
            told = _("each problem once expected; it stands at {place}, too").format(place=known)
            self._complain(cells["title"], told)
        self.found.rows.append(Row(place, said))

    def _said(self, cells: Mapping[str, Said]) -> Reported | None:
        title = self._text(cells, "title", TITLE_LIMIT)
        severity = severity_of(cells["severity"].text)
        if not title:
            self._complain(cells["title"], _("what is wrong expected, in one line"))
        if severity is None:
            self._complain(
                cells["severity"], _("one of {choices} expected").format(choices="高/high, 中/medium, 低/low")
            )
        found = self._where(cells)
        day = self._read(cells, "date", lambda text: past_date(dated(text)))
        deadline = (
            self._read(cells, "deadline", lambda text: real_date(dated(text))) or self.expected.deadline
        )
        if day and deadline and deadline < day:
            self._complain(
                cells.get("deadline", cells["title"]), _("a deadline on or after the date expected")
            )
        document = self._text(cells, "document", TITLE_LIMIT) or self.expected.document
        if not document:
            self._complain(
                cells.get("document", cells["title"]),
                _("the number of the document expected (column or --document)"),
            )
        if found is None or severity is None or not title or not document:
            return None
        system, asset = found
        item, check = self._item(cells, system, asset)
        number = self._text(cells, "number", TITLE_LIMIT)
        return Reported(
            system=system.id,
            asset=asset.id if asset else "",
            title=title,
            severity=severity,
            document=document,
            key=number or title,
            description=self._text(cells, "description", TEXT_LIMIT),
            remedy=self._text(cells, "remedy", TEXT_LIMIT),
            item=item,
            check=check,
            issued_by=self._text(cells, "issued_by", TITLE_LIMIT) or self.expected.issued_by,
            day=day,
            deadline=deadline,
        )

    def _where(self, cells: Mapping[str, Said]) -> tuple[System, Asset | None] | None:
        """System and asset; what a cell names must be registered."""
        name, about = (cells[key].text if key in cells else "" for key in ("system", "asset"))
        systems = [self.expected.system] if self.expected.system and not name else list(self.expected.systems)
        if name:
            systems = [one for one in systems if name in (one.id, one.name)]
            if not systems:
                self._complain(cells["system"], _("a registered system expected, by id or name"))
                return None
        if about:
            return self._asset(cells["asset"], systems)
        if len(systems) == 1:
            return systems[0], None
        self._complain(cells.get("system", cells["title"]), _("the system expected (column or --system)"))
        return None

    def _asset(self, cell: Said, systems: Sequence[System]) -> tuple[System, Asset] | None:
        hits = [
            (system, asset) for system in systems for asset in system.assets if _is_named(asset, cell.text)
        ]
        if len(hits) == 1:
            return hits[0]
        if hits:
            choices = ", ".join(f"{system.id}/{asset.id}" for system, asset in hits[:5])
            self._complain(
                cell,
                _("one asset expected; it may be {choices}: name the system or the id").format(
                    choices=choices
                ),
            )
        else:
            self._complain(
                cell,
                _("a registered asset expected, by id, name or address; leave it empty for the whole system"),
            )
        return None

    def _item(self, cells: Mapping[str, Said], system: System, asset: Asset | None) -> tuple[str, str]:
        return self._read(cells, "item", lambda text: self.expected.item_of(system, asset, text)) or ("", "")

    def _text(self, cells: Mapping[str, Said], name: str, limit: int) -> str:
        cell = cells.get(name)
        if cell is None or not cell.text:
            return ""
        lines = limit == TEXT_LIMIT
        shown = cell.text if lines else " ".join(cell.text.split())
        if len(shown) > limit or has_control_characters(shown.replace("\n", "").replace("\t", "")):
            self._complain(
                cell, _("a printable text of at most {limit} characters expected").format(limit=limit)
            )
        return shown

    def _read(self, cells: Mapping[str, Said], name: str, read: Callable[[str], T]) -> T | None:
        cell = cells.get(name)
        if cell is None or not cell.text:
            return None
        try:
            return read(cell.text)
        except ValueError as error:
            self._complain(cell, str(error))
            return None

    def _complain(self, cell: Said, expected: str) -> None:
        read = repr(cell.text)[:80] if cell.text else ""
        self.problems.append(Problem(self.file, cell.line, cell.place, read, expected))


def _is_named(asset: Asset, name: str) -> bool:
    return name.lower() in (asset.id.lower(), asset.name.lower(), asset.address.lower()) and bool(name)


def dated(text: str) -> str:
    """``2026年3月1日``, ``2026/3/1``, ``2026-03-01 08:00:00`` → ``2026-03-01``; other texts as they are."""
    match = _DAY.fullmatch(text)
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}" if match else text
