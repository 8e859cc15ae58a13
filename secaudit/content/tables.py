"""Reference tables: CSV files in UTF-8 whose rows remember their lines and whose mistakes are collected."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from secaudit.errors import Problem
from secaudit.language import _

T = TypeVar("T")

ENDED: Final = date.min  # it has ended, on a day that nobody published


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it stands, its cells by column, and where its mistakes are collected."""

    file: str
    line: int
    cells: dict[str, str]
    problems: list[Problem]

    def text(self, column: str) -> str:
        """A cell that may not be empty."""
        cell = self.cells[column]
        if not cell:
            self.complain(column, _("is required"))
        return cell

    def optional(self, column: str) -> str:
        """A cell that may be empty."""
        return self.cells[column]

    def words(self, column: str) -> tuple[str, ...]:
        """The parts of a cell between semicolons; none when it is empty."""
        return tuple(part.strip() for part in self.cells[column].split(";") if part.strip())

    def number(self, column: str) -> int:
        """A whole number; 0 after a complaint."""
        return self.read(column, int, 0, _("a whole number expected"))

    def day(self, column: str) -> date | None:
        """A day as YYYY-MM-DD; None for an empty cell or ``false`` (no day is set), ENDED for ``true``."""
        if self.cells[column] in ("", "false"):
            return None
        if self.cells[column] == "true":
            return ENDED
        return self.read(column, date.fromisoformat, None, _("a day as YYYY-MM-DD expected"))

    def choice(self, column: str, choices: Sequence[str]) -> str:
        """One of the choices; the first one after a complaint."""
        if self.cells[column] in choices:
            return self.cells[column]
        self.complain(column, _("one of {choices} expected").format(choices=", ".join(choices)))
        return choices[0]

    def read(self, column: str, convert: Callable[[str], T], otherwise: T, expected: str) -> T:
        """The converted cell; ``otherwise`` after a complaint when ``convert`` raises ValueError."""
        try:
            return convert(self.cells[column])
        except ValueError:
            self.complain(column, expected)
            return otherwise

    def complain(self, column: str, expected: str) -> None:
        """Put a mistake on the list."""
        read = repr(self.cells[column])[:80] if self.cells.get(column) else ""
        self.problems.append(Problem(self.file, self.line, column, read, expected))


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file with exactly the named columns, in any order."""

    path: Path
    columns: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> Iterator[Row]:
        """The well-formed rows; what is malformed is on ``problems``."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as stream:
                yield from self._rows(csv.reader(stream, strict=True))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self._complain(0, str(error))

    def _rows(self, lines: Iterator[list[str]]) -> Iterator[Row]:
        header = next(lines, [])
        if sorted(header) != sorted(self.columns):
            return self._complain(
                1, _("the columns {columns} expected").format(columns=",".join(self.columns))
            )
        for number, cells in enumerate(lines, start=2):
            if len(cells) != len(header):
                self._complain(number, _("{count} cells expected").format(count=len(header)))
                continue
            yield Row(str(self.path), number, dict(zip(header, cells, strict=True)), self.problems)

    def _complain(self, line: int, expected: str) -> None:
        self.problems.append(Problem(str(self.path), line, "", "", expected))
