"""Printing: tables for people and programs."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import click
from rich import box
from rich.cells import cell_len
from rich.console import Console, JustifyMethod, OverflowMethod
from rich.containers import Lines
from rich.table import Table
from rich.text import Text as RichText

from secaudit.cli.escaping import printable
from secaudit.cli.nothing import tell_nothing
from secaudit.cli.wrapping import wrapped
from secaudit.language import _
from secaudit.register.times import in_zone, shown

PIPED_WIDTH = 200
FOLD_WIDTH = 8
GAP = 2
PRINTED_AT_ONCE = 1 << 16
FORMATS = ("table", "json", "csv")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in a row (also its name in JSON and CSV), its heading, its alignment.

    ``words`` are what a person at a terminal reads for some values. ``fold`` is for texts: they break over lines
    where the terminal is narrow; ids, times and numbers never do.
    """

    key: str
    heading: str
    right: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    fold: bool = False


def format_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--format table|json|csv`` as ``output_format``."""
    option = click.option(
        "--format",
        "output_format",
        type=click.Choice(FORMATS),
        default="table",
        help=_("How to print the list."),
    )
    return option(command)


def show_rows(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], output_format: str) -> None:
    """Print rows as a table, as a JSON list of objects, or as CSV with formula-safe cells.

    Only a table looks at all of them before it prints the first.
    """
    match output_format:
        case "json":
            print_parts(_json(columns, rows))
        case "csv":
            print_parts(_csv(columns, rows))
        case _:
            _print_whole(columns, list(rows))


def print_parts(parts: Iterable[str]) -> None:
    """Print them, many at once: each print is handed to the system."""
    waiting: list[str] = []
    length = 0
    for part in parts:
        waiting.append(part)
        length += len(part)
        if length > PRINTED_AT_ONCE:
            click.echo("".join(waiting), nl=False)
            waiting, length = [], 0
    click.echo("".join(waiting), nl=False)


def _json(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """As ``json.dumps`` of the list would write it."""
    before = "[\n  "
    for row in rows:
        picked = {column.key: row.get(column.key) for column in columns}
        text = json.dumps(picked, ensure_ascii=False, indent=2, default=_cell)
        yield before + text.replace("\n", "\n  ")  # within texts line ends are escaped
        before = ",\n  "
    yield "\n]\n" if before.startswith(",") else "[]\n"


def _print_whole(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> None:
    """A table that does not fit although its texts fold stays whole: the terminal breaks its lines.

    A column without a single value is left out. Without a single row a line says so.
    """
    if not rows:
        tell_nothing()
        return
    columns = [column for column in columns if any(_worded(column, row) for row in rows)]
    cells = [[printable(_worded(column, row)) for column in columns] for row in rows]
    needed = 1 + sum(
        _least_width(column, texts) + GAP
        for column, texts in zip(columns, _turned(columns, cells), strict=True)
    )
    screen = console()
    if needed > screen.width:
        screen = Console(highlight=False, width=needed)
    screen.print(_table(columns, cells))


def _turned(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[row[place] for row in cells] for place in range(len(columns))]


def _least_width(column: Column, texts: Sequence[str]) -> int:
    widest = max(map(cell_len, (column.heading, *texts)))
    return min(widest, FOLD_WIDTH) if column.fold else widest


def console(*, stderr: bool = False) -> Console:
    """A console of the terminal's width; elsewhere of COLUMNS, or wide, so that nothing is cut."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if made.is_terminal or os.environ.get("COLUMNS", "").isdecimal():
        return made
    return Console(stderr=stderr, highlight=False, width=PIPED_WIDTH)


def _table(columns: Sequence[Column], cells: Sequence[Sequence[str]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column, texts in zip(columns, _turned(columns, cells), strict=True):
        justify: Literal["left", "right"] = "right" if column.right else "left"
        least = _least_width(column, texts)
        table.add_column(
            column.heading, justify=justify, overflow="fold", no_wrap=not column.fold, min_width=least
        )
    for row in cells:
        table.add_row(*map(_Cell, row))
    return table


class _Cell(RichText):
    """Text that may end a line after any wide character, where the library ends one at spaces only."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """See the library; a word that is longer than a line is folded."""
        parts = [self.plain] if no_wrap else list(wrapped(self.plain, width)) or [""]
        folded = Lines()
        for part in parts:
            folded.extend(
                RichText(part).wrap(
                    console, width, justify=justify, overflow=overflow, tab_size=tab_size, no_wrap=no_wrap
                )
            )
        return folded


def _worded(column: Column, row: Mapping[str, Any]) -> str:
    value = row.get(column.key)
    text = f"{in_zone(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else _cell(value)
    return column.words.get(text, text)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    if isinstance(value, datetime):
        return shown(value)
    return str(value)


def _csv(columns: Sequence[Column], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield _csv_line([column.key for column in columns])
    for row in rows:
        yield _csv_line([_csv_cell(row.get(column.key)) for column in columns])


def _csv_cell(value: Any) -> str:
    """A number is no formula, also below 0."""
    text = printable(_cell(value))
    return text if isinstance(value, (int, float)) else formula_safe(text)


def _csv_line(cells: Sequence[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerow(cells)
    return stream.getvalue()


def formula_safe(cell: str) -> str:
    """The cell so that no spreadsheet runs it: a leading ``= + - @`` gets an apostrophe (CWE-1236)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
