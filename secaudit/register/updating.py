"""Tables of the register that people edited are brought into it: all of it or, with one mistake, nothing."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from secaudit.document import Document
from secaudit.document.reader import SIZE_LIMIT_BYTES, Place, parse_document
from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.register.adding import new_system_text
from secaudit.register.folder import make_private_folder, read_text, replace_all
from secaudit.register.loading import Files, read_files, register_of
from secaudit.register.system_edit import SystemEdit, plain_values, record_of
from secaudit.register.tables import PEOPLE, TABLES, Table, plain_row, revision_of
from secaudit.register.update import Change, Edit, Kind, Row, Update
from secaudit.register.update_scope import Scope


def plan_update(workspace: Path, organisation: str, rows: Sequence[Row], file: str) -> Update:
    """What these rows of an organisation's systems would change.

    Raises ContentError with every bad cell of ``file``, UsageError where a system file cannot be edited.
    """
    files = read_files(workspace)
    register = register_of(files)
    scope = Scope(register, organisation, rows, file)
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


def _edit_of(files: Files, system: str, rows: Sequence[Row], scope: Scope) -> SystemEdit | None:
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
    edit = SystemEdit(document.file, read_text(files.folder / document.file), document.data)
    for table in TABLES:
        mine = [row for row in own if row.table.key == table.key]
        if table.key == PEOPLE:
            _people(edit, table, mine, scope)
        else:
            for row in mine:
                _bring(edit, row, files, scope)
    edit.finish()
    return edit


def _bring(edit: SystemEdit, row: Row, files: Files, scope: Scope) -> None:
    place, record = _found(edit.data, row)
    if record is None:
        if elsewhere := _holder(files, row):
            told = _("an id of its own expected, this one is taken at {place}").format(place=elsewhere)
            scope.complain(row, "id", told)
        scope.refuse_renamed(row, edit.data.get(row.table.list_key) or [])
        edit.add(row)
        return
    if row.revision == revision_of(
        plain_values(row)
    ):  # as it was written: no wish, whatever the register says by now
        edit.point(row, place)
        return
    known = len(edit.changes)
    edit.amend(row, record, place)
    if len(edit.changes) > known:
        scope.refuse_stale(row, revision_of(plain_row(row.table, record)))


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


def _people(edit: SystemEdit, table: Table, rows: Sequence[Row], scope: Scope) -> None:
    """The people of a system are those that are listed; a system without any row keeps its own."""
    if not rows:
        return
    there = edit.data.get("contacts") or []
    for index, row in enumerate(rows):
        edit.point(row, ("contacts", index))
    before, after = [plain_row(table, one) for one in there], [plain_values(row) for row in rows]
    if sorted(before, key=str) == sorted(after, key=str):  # who sorts a sheet changes nobody
        return
    if {row.revision for row in rows} == {revision_of(after)}:
        return
    for row in rows:
        if row.revision and row.revision != revision_of(before):
            scope.refuse_stale(row, revision_of(before))
    edit.fields[("contacts",)] = [record_of(row) for row in rows]
    old, new = (", ".join(str(one[1]) for one in people) for people in (before, after))
    edit.changes.append(Change(Kind.CHANGED, rows[0].system, PEOPLE, "", "contacts", old, new))


def _new_system(system: str, rows: Sequence[Row]) -> SystemEdit:
    """A file of its own, as ``system add`` writes it."""
    edit = SystemEdit(f"systems/{system}.yaml", None, {})
    fields: dict[str, Any] = {}
    people = [row for row in rows if row.table.key == PEOPLE]
    for row in rows:
        if not row.table.list_key:
            fields |= record_of(row)
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
        fields["contacts"] = [record_of(row) for row in people]
    edit.text = new_system_text(fields, edit.added.pop("assets", []))
    edit.finish()
    return edit


def _check(files: Files, edits: Sequence[SystemEdit], scope: Scope) -> None:
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


def _parsed(edit: SystemEdit) -> Document:
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


def _left(files: Files, scope: Scope) -> Iterator[str]:
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
