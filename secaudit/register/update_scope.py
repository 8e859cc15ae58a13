"""Whose rows are handed over: which systems they may concern, and what is wrong with them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.register import Register
from secaudit.register.organisations import below
from secaudit.register.tables import PEOPLE, plain_row, revision_of
from secaudit.register.update import Row


class Scope:
    """Whose systems may be edited, and the mistakes of the rows so far."""

    def __init__(self, register: Register, organisation: str, rows: Sequence[Row], file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.organisations = below(register.organisations, organisation)
        self.organisation = organisation
        owners = {system.id: system.organisation for system in register.systems}
        self.registered = set(owners)
        self.own = {name for name, owner in owners.items() if owner in self.organisations}
        listed = [row for row in rows if row.table.key == "systems"]
        self.listed = {(row.table.key, row.id) for row in rows}
        self.new = [row.id for row in listed if row.id and row.id not in owners]
        for row in rows:
            self._judge(row)
        self._twice(rows)

    def systems(self) -> list[str]:
        """Registered ones in their order, then the new ones."""
        return [*sorted(self.own), *self.new]

    def complain(self, row: Row, column: str, expected: str) -> None:
        """A cell that is wrong; what may be a secret is not shown."""
        read = row.system if column == "system" else row.values.get(column)
        shown = "" if read is None or column in ("key", "password", "sudo_password") else repr(read)[:80]
        self.problems.append(Problem(self.file, 0, row.cells.get(column, row.place), shown, expected))

    def refuse(self) -> None:
        """Raise ContentError with all of them, where there are any."""
        if self.problems:
            raise ContentError(tuple(self.problems), hint=_("Nothing was imported."))

    def refuse_renamed(self, row: Row, records: Iterable[Mapping[str, Any]]) -> None:
        """A row of a record that no row has any more: its id was written over, and would be there twice."""
        for record in records:
            listed = (row.table.key, record["id"]) in self.listed
            if not listed and row.revision == revision_of(plain_row(row.table, record)):
                told = _("the id {id} expected: an id stays; what is new has a row of its own")
                self.complain(row, "id", told.format(id=record["id"]))

    def refuse_stale(self, row: Row, now: str) -> None:
        """Whoever edited a table that is out of date would undo what somebody else did meanwhile."""
        if row.revision != now:
            told = (
                _("it was changed in the register since this workbook was written; export it again")
                if row.revision
                else _("it is registered already; export the workbook again and change its row there")
            )
            self.problems.append(Problem(self.file, 0, row.cells.get("id", row.place), repr(row.id), told))

    def _judge(self, row: Row) -> None:
        if row.table.key != PEOPLE and not row.id:
            self.complain(row, "id", _("is required"))
        name = "id" if not row.table.list_key else "system"
        if row.system in self.registered - self.own:
            told = _("a system of {organisation} or below expected")
            self.complain(row, name, told.format(organisation=self.organisation))
        elif row.system not in self.own and row.system not in self.new:
            self.complain(row, name, _("a system of the sheet of systems expected"))
        owner = row.values.get("organisation")
        if row.table.key == "systems" and owner and owner not in self.organisations:
            told = _("{organisation} or an organisation below it expected")
            self.complain(row, "organisation", told.format(organisation=self.organisation))

    def _twice(self, rows: Sequence[Row]) -> None:
        first: dict[tuple[str, str], Row] = {}
        for row in rows:
            if not row.id:
                continue
            before = first.setdefault((row.table.key, row.id), row)
            if before is not row:
                place = before.cells.get("id", before.place)
                told = _("an id of its own expected, this one is taken at {place}").format(place=place)
                self.complain(row, "id", told)
