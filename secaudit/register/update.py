"""What handing over tables of the register would change: rows, changes and the edits that carry them out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from secaudit.register.tables import Form, Table


@dataclass(frozen=True, slots=True)
class Row:
    """A row as somebody handed it over.

    ``values``: column → value as a system file has it, None for an empty cell. ``cells``: column → its place in the
    workbook (``资产!C7``). ``revision`` is that of the record when the row was written, "" for a new row.
    """

    table: Table
    system: str
    values: Mapping[str, Any]
    cells: Mapping[str, str]
    revision: str = ""

    @property
    def id(self) -> str:
        """The id of its record; "" where a table has none, or nothing is written there."""
        return str(self.values.get("id") or "")

    @property
    def place(self) -> str:
        """Where it begins."""
        return next(iter(self.cells.values()))


class Kind(StrEnum):
    """ADDED: a record that was not there; CHANGED: a value of one that was."""

    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """A record that is added, or a value that changes; ``column`` is "" for a record."""

    kind: Kind
    system: str
    table: str
    id: str
    column: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A file and its text afterwards; ``before`` is None for a new one."""

    file: Path
    text: str
    before: str | None


@dataclass(frozen=True, slots=True)
class Update:
    """All of it; ``left`` are the records that the tables do not show, which stay as they are."""

    changes: tuple[Change, ...]
    edits: tuple[Edit, ...]
    left: tuple[str, ...]


def value_text(form: Form, value: Any) -> str:
    """A value on one line, for a person."""
    if value is None:
        return ""
    match form:
        case Form.LIST | Form.WORDS:
            return ", ".join(map(str, value))
        case Form.SERVICES:
            return "; ".join(f"{one['port']}/{one['protocol']} {one['purpose']}" for one in value)
        case Form.SWITCH:
            return str(value).lower()
        case _:
            return str(value).replace("\n", " ")
