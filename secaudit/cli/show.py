"""Printing: tables for people and programs; what a target said is shown with its control characters escaped."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from secaudit.language import _

FORMATS = ("table", "json", "csv")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in a row (also its name in JSON and CSV), its heading, its alignment.

    ``words`` are what a person at a terminal reads for some values.
    """

    key: str
    heading: str
    right: bool = False
    words: Mapping[str, str] = field(default_factory=dict)


def printable(text: str, *, lines: bool = False) -> str:
    """The text with control and bidirectional characters as ``\\xNN`` or ``\\uNNNN``; line ends kept if ``lines``."""
    return "".join(c if _harmless(c) or (lines and c == "\n") else _escaped(c) for c in text)


def _harmless(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


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


def show_rows(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], output_format: str) -> None:
    """Print rows as a table, as a JSON list of objects, or as CSV with formula-safe cells."""
    match output_format:
        case "json":
            picked = [{column.key: row.get(column.key) for column in columns} for row in rows]
            click.echo(json.dumps(picked, ensure_ascii=False, indent=2, default=str))
        case "csv":
            click.echo(_csv(columns, rows), nl=False)
        case _:
            console().print(_table(columns, rows))


def console(*, stderr: bool = False) -> Console:
    """A console of the terminal's width; wide when the output is not a terminal, so that nothing is cut."""
    made = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=200)


def _table(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column.heading, justify="right" if column.right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(RichText(printable(_worded(column, row))) for column in columns))
    return table


def _worded(column: Column, row: Mapping[str, Any]) -> str:
    text = _cell(row.get(column.key))
    return column.words.get(text, text)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return str(value)


def _csv(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([column.key for column in columns])
    writer.writerows(
        [formula_safe(printable(_cell(row.get(column.key)))) for column in columns] for row in rows
    )
    return stream.getvalue()


def formula_safe(cell: str) -> str:
    """The cell so that no spreadsheet runs it: a leading ``= + - @`` gets an apostrophe (CWE-1236)."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
