"""Tables of the register that people edited are brought into it: all of it or, with one mistake, nothing."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from secaudit.document import Document
from secaudit.document.reader import SIZE_LIMIT_BYTES, Place, field_name, parse_document
from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.model.register import Register
from secaudit.register.adding import new_system_text
from secaudit.register.amending import ABSENT, amended
from secaudit.register.editing import with_items
from secaudit.register.folder import make_private_folder, read_text, replace_all
from secaudit.register.loading import Files, read_files, register_of
from secaudit.register.organisations import below
from secaudit.register.tables import TABLES, Column, Table, plain, plain_row, revision_of, value_at
from secaudit.register.update import Change, Edit, Kind, Row, Update, value_text

PEOPLE = "people"


def plan_update(workspace: Path, organisation: str, rows: Sequence[Row], file: str) -> Update:
    """What these rows of an organisation's systems would change.

    Raises ContentError with every bad cell of ``file``, UsageError where a system file cannot be edited.
    """
    files = read_files(workspace)
    register = register_of(files)
    scope = _Scope(register, organisation, rows, file)
    scope.refuse()
    edits = [edit for system in scope.systems() if (edit := _edit_of(files, system, rows, scope))]
    scope.refuse()
    _check(files, edits, scope)
    changes = tuple(change for edit in edits for change in edit.changes)
    return Update(
        changes,
        tuple(
            Edit(workspace / edit.name, edit.text, edit.before) for edit in edits if edit.text != edit.before
        ),
        tuple(_left(files, scope)),
    )


def carry_out_update(update: Update) -> None:
    """Write the files, all of them or none; raises UsageError, also where one was changed since."""
    for edit in update.edits:
        make_private_folder(edit.file.parent)
    replace_all([(edit.file, edit.text, edit.before) for edit in update.edits])


class _Scope:
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
        read = row.system if column == "system" else row.values.get(column)
        shown = "" if read is None or column in ("key", "password", "sudo_password") else repr(read)[:80]
        self.problems.append(Problem(self.file, 0, row.cells.get(column, row.place), shown, expected))

    def refuse(self) -> None:
        if self.problems:
            raise ContentError(tuple(self.problems), hint=_("Nothing was imported."))

    def refuse_renamed(self, row: Row, records: Iterable[Mapping[str, Any]]) -> None:
        """A row of a record that no row has any more: its id was written over, and would be there twice."""
        for record in records:
            listed = (row.table.key, record["id"]) in self.listed
            if not listed and row.revision == revision_of(plain_row(row.table, record)):
                told = _("the id {id} expected: an id stays; what is new has a row of its own")
                self.complain(row, "id", told.format(id=record["id"]))

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


class _SystemEdit:
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
        items.append(_record(row))
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


def _record(row: Row) -> dict[str, Any]:
    """A new record as a system file has it."""
    record: dict[str, Any] = {}
    for column in row.table.columns:
        value = row.values[column.key]
        if plain(column.form, value) is not None:
            around = record.setdefault(str(column.place[0]), {}) if len(column.place) > 1 else record
            around[str(column.place[-1])] = value
    return record


def _edit_of(files: Files, system: str, rows: Sequence[Row], scope: _Scope) -> _SystemEdit | None:
    own = [row for row in rows if row.system == system]
    if not own:
        return None
    document = next((one for one in files.systems if one.data["id"] == system), None)
    if document is None:
        for row in own:
            if row.table.key == "systems":
                known = [one.data for one in files.systems if one.data["id"] in scope.own]
                scope.refuse_renamed(row, known)
        return _new_system(system, own)
    edit = _SystemEdit(document.file, read_text(files.folder / document.file), document.data)
    for table in TABLES:
        mine = [row for row in own if row.table.key == table.key]
        if table.key == PEOPLE:
            _people(edit, table, mine, scope)
        else:
            for row in mine:
                _bring(edit, row, files, scope)
    edit.finish()
    return edit


def _bring(edit: _SystemEdit, row: Row, files: Files, scope: _Scope) -> None:
    place, record = _found(edit.data, row)
    if record is None:
        if elsewhere := _holder(files, row):
            told = _("an id of its own expected, this one is taken at {place}").format(place=elsewhere)
            scope.complain(row, "id", told)
        scope.refuse_renamed(row, edit.data.get(row.table.list_key) or [])
        edit.add(row)
        return
    if row.revision == revision_of(
        _plain_values(row)
    ):  # as it was written: no wish, whatever the register says by now
        edit.point(row, place)
        return
    known = len(edit.changes)
    edit.amend(row, record, place)
    if len(edit.changes) > known:
        _refuse_stale(row, revision_of(plain_row(row.table, record)), scope)


def _refuse_stale(row: Row, now: str, scope: _Scope) -> None:
    """Whoever edited a table that is out of date would undo what somebody else did meanwhile."""
    if row.revision != now:
        told = (
            _("it was changed in the register since this workbook was written; export it again")
            if row.revision
            else _("it is registered already; export the workbook again and change its row there")
        )
        scope.problems.append(Problem(scope.file, 0, row.cells.get("id", row.place), repr(row.id), told))


def _found(data: Mapping[str, Any], row: Row) -> tuple[Place, dict[str, Any] | None]:
    if not row.table.list_key:
        return (), dict(data)
    for index, record in enumerate(data.get(row.table.list_key) or []):
        if record["id"] == row.id:
            return (row.table.list_key, index), record
    return (), None


def _holder(files: Files, row: Row) -> str:
    """Where another system has a record of that id."""
    for document in files.systems:
        for index, record in enumerate(document.data.get(row.table.list_key) or []):
            if record["id"] == row.id:
                return f"{document.file}:{document.line((row.table.list_key, index))}"
    return ""


def _people(edit: _SystemEdit, table: Table, rows: Sequence[Row], scope: _Scope) -> None:
    """The people of a system are those that are listed; a system without any row keeps its own."""
    if not rows:
        return
    there = edit.data.get("contacts") or []
    for index, row in enumerate(rows):
        edit.point(row, ("contacts", index))
    before, after = [plain_row(table, one) for one in there], [_plain_values(row) for row in rows]
    if sorted(before, key=str) == sorted(after, key=str):  # who sorts a sheet changes nobody
        return
    if {row.revision for row in rows} == {revision_of(after)}:
        return
    for row in rows:
        if row.revision and row.revision != revision_of(before):
            _refuse_stale(row, revision_of(before), scope)
    edit.fields[("contacts",)] = [_record(row) for row in rows]
    old, new = (", ".join(str(one[1]) for one in people) for people in (before, after))
    edit.changes.append(Change(Kind.CHANGED, rows[0].system, PEOPLE, "", "contacts", old, new))


def _plain_values(row: Row) -> list[Any]:
    return [plain(column.form, row.values[column.key]) for column in row.table.columns]


def _new_system(system: str, rows: Sequence[Row]) -> _SystemEdit:
    """A file of its own, as ``system add`` writes it."""
    edit = _SystemEdit(f"systems/{system}.yaml", None, {})
    fields: dict[str, Any] = {}
    people = [row for row in rows if row.table.key == PEOPLE]
    for row in rows:
        if not row.table.list_key:
            fields |= _record(row)
            edit.point(row, ())
            if row.table.key == "systems":
                edit.changes.append(
                    Change(Kind.ADDED, system, "systems", system, after=row.values.get("name") or "")
                )
        elif row.table.key != PEOPLE:
            edit.add(row)
    for index, row in enumerate(people):
        edit.point(row, ("contacts", index))
    if people:
        fields["contacts"] = [_record(row) for row in people]
    edit.text = new_system_text(fields, edit.added.pop("assets", []))
    edit.finish()
    return edit


def _check(files: Files, edits: Sequence[_SystemEdit], scope: _Scope) -> None:
    """The whole register as it would be; its mistakes are those of cells."""
    for edit in edits:
        if edit.before is None and (files.folder / edit.name).exists():
            raise UsageError(_("{path} is there already.").format(path=files.folder / edit.name))
    new = {edit.name: _parsed(edit) for edit in edits}
    systems = [new.pop(document.file, document) for document in files.systems]
    try:
        register_of(dataclasses.replace(files, systems=(*systems, *new.values())))
    except ContentError as error:
        cells = {edit.name: edit.cells for edit in edits}
        problems = [_in_workbook(problem, cells, scope.file) for problem in error.problems]
        raise ContentError(tuple(dict.fromkeys(problems)), hint=_("Nothing was imported.")) from error


def _parsed(edit: _SystemEdit) -> Document:
    if len(edit.text.encode()) > SIZE_LIMIT_BYTES:
        told = _("{file} would become larger than {limit} bytes.")
        raise UsageError(
            told.format(file=edit.name, limit=SIZE_LIMIT_BYTES),
            hint=_("Divide the assets between several systems."),
        )
    return parse_document(edit.text, edit.name)


def _in_workbook(problem: Problem, cells: Mapping[str, Mapping[str, str]], file: str) -> Problem:
    """The same mistake at its cell, or at the nearest around it."""
    known, field = cells.get(problem.file, {}), problem.field
    while field not in known and field:
        field = field[: max(field.rfind("."), field.rfind("["), 0)]
    place = known.get(field) or known.get("id")
    if place is None:
        return problem
    return Problem(file, 0, place, problem.read, problem.expected)


def _left(files: Files, scope: _Scope) -> Iterator[str]:
    for document in files.systems:
        name = document.data["id"]
        if name not in scope.own:
            continue
        if ("systems", name) not in scope.listed:
            yield name
        for key in ("assets", "data_sets"):
            yield from (
                one["id"] for one in document.data.get(key) or [] if (key, one["id"]) not in scope.listed
            )
