"""What becomes of one system file as rows are brought into it."""

from collections.abc import Mapping
from typing import Any

from secaudit.document.reader import Place, field_name
from secaudit.register.amending import ABSENT, amended
from secaudit.register.editing import with_items
from secaudit.register.tables import Column, plain, value_at
from secaudit.register.update import Change, Kind, Row, value_text


class SystemEdit:
    """What becomes of one system file; ``cells``: field of the file → place in the workbook."""

    def __init__(self, name: str, before: str | None, data: dict[str, Any]) -> None:
        self.name, self.before, self.text = name, before, before or ""
        self.data = data
        self.changes: list[Change] = []
        self.fields: dict[Place, Any] = {}
        self.added: dict[str, list[dict[str, Any]]] = {}
        self.cells: dict[str, str] = {}

    def point(self, row: Row, place: Place) -> None:
        """The fields of a record are those cells."""
        self.cells.setdefault(field_name(place), row.cells.get("id", row.place))
        for column in row.table.columns:
            self.cells[field_name((*place, *column.place))] = row.cells[column.key]

    def add(self, row: Row) -> None:
        """A record that the file does not have yet."""
        items = self.added.setdefault(row.table.list_key, [])
        place = (row.table.list_key, len(self.data.get(row.table.list_key) or []) + len(items))
        items.append(record_of(row))
        self.point(row, place)
        self.changes.append(
            Change(Kind.ADDED, row.system, row.table.key, row.id, after=row.values.get("name") or "")
        )

    def amend(self, row: Row, record: Mapping[str, Any], place: Place) -> None:
        """The values of a record that the row has otherwise."""
        self.point(row, place)
        inside: dict[str, dict[str, Any]] = {}
        for column in row.table.columns:
            before = plain(column.form, value_at(record, column.place))
            after = plain(column.form, row.values[column.key])
            if before == after:
                continue
            self.changes.append(_changed(row, column, before, after))
            value = ABSENT if after is None else row.values[column.key]
            if len(column.place) == 1:
                self.fields[(*place, *column.place)] = value
            else:
                inside.setdefault(str(column.place[0]), {})[str(column.place[1])] = value
        for name, values in inside.items():
            self._amend_inside((*place, name), record.get(name) or {}, values)

    def _amend_inside(self, place: Place, there: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """A mapping that is not there yet, or of which nothing remains, is set as a whole."""
        result = {name: value for name, value in {**there, **values}.items() if value is not ABSENT}
        if not there or not result:
            self.fields[place] = result or ABSENT
        else:
            self.fields |= {(*place, name): value for name, value in values.items()}

    def finish(self) -> None:
        """The text of the file with all of it."""
        self.text = amended(self.text, self.fields, self.name)
        for key, items in self.added.items():
            self.text = with_items(self.text, key, items, self.name)


def _changed(row: Row, column: Column, before: Any, after: Any) -> Change:
    old, new = value_text(column.form, before), value_text(column.form, after)
    return Change(Kind.CHANGED, row.system, row.table.key, row.id, column.key, old, new)


def record_of(row: Row) -> dict[str, Any]:
    """A new record as a system file has it."""
    record: dict[str, Any] = {}
    for column in row.table.columns:
        value = row.values[column.key]
        if plain(column.form, value) is not None:
            around = record.setdefault(str(column.place[0]), {}) if len(column.place) > 1 else record
            around[str(column.place[-1])] = value
    return record


def plain_values(row: Row) -> list[Any]:
    """The values of a row as ``revision_of`` compares them."""
    return [plain(column.form, row.values[column.key]) for column in row.table.columns]
