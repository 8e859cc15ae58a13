"""Assets from a list of somebody else's are added to a system: all of them or, with one mistake, none."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from secaudit.document import Document, validated
from secaudit.document.reader import SIZE_LIMIT_BYTES, Place, parse_document
from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.register.classified import classified_problems
from secaudit.register.editing import with_items
from secaudit.register.folder import read_text, replace
from secaudit.register.joins import join_problems
from secaudit.register.loading import Files, read_files, register_of
from secaudit.register.part import Many, Part
from secaudit.register.registered import unregistered
from secaudit.register.system_file import AssetPart


class Change(StrEnum):
    """What importing an asset does. What a person wrote is never changed: DIFFERS leaves it as it is."""

    ADDED = "added"
    DIFFERS = "differs"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Found:
    """A list that was read: ``document`` holds ``assets:`` as a system file does, with the list's lines.

    ``remarks`` say what was left out of it, for a person; ``problems`` are of rows that could not be read.
    """

    document: Document
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Imported:
    """An asset of the list, and what became of it; ``fields`` are those in which the register differs."""

    id: str
    kind: str
    address: str
    change: Change
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Import:
    """An import that may be carried out: the system's file, its text afterwards and the one it was made from."""

    assets: tuple[Imported, ...]
    remarks: tuple[str, ...]
    file: Path
    text: str
    before: str


class _Assets(Part):
    assets: Many[AssetPart]


def plan_import(workspace: Path, system_id: str, found: Found) -> Import:
    """What importing would do. Raises ContentError with every bad row, UsageError without such a system."""
    files = read_files(workspace)
    register_of(files)
    system = _system_document(files, system_id)
    known: dict[str, dict[str, Any]] = {asset["id"]: asset for asset in system.data.get("assets") or []}
    _refuse(found, files, set(known))
    rows = found.document.data["assets"]
    new = [row for row in rows if row["id"] not in known]
    file = workspace / system.file
    text = before = read_text(file)
    if new:
        text = with_items(before, "assets", new, system.file)
        _check(files, system, text)
    assets = tuple(_imported(row, known.get(row["id"])) for row in rows)
    return Import(assets, found.remarks, file, text, before)


def carry_out(planned: Import) -> None:
    """Write the system's file, when there is something to add; raises UsageError where it was changed since."""
    if any(asset.change is Change.ADDED for asset in planned.assets):
        replace(planned.file, planned.text, planned.before)


def _system_document(files: Files, system_id: str) -> Document:
    for document in files.systems:
        if document.data["id"] == system_id:
            return document
    raise unregistered(system_id, _("Register it first: secaudit system add {id} …").format(id=system_id))


def _refuse(found: Found, files: Files, known: set[str]) -> None:
    document = found.document
    problems = [*found.problems, *classified_problems(document), *join_problems(None, [document], ())]
    joins = join_problems(files.workspace, [*files.systems, _without(document, known)], files.authorisations)
    problems += [problem for problem in joins if problem.file == document.file]
    try:
        validated(document, _Assets)
    except ContentError as error:
        problems += error.problems
    if problems:
        unique = dict.fromkeys(problems)
        raise ContentError(
            tuple(sorted(unique, key=lambda problem: (problem.line, problem.field))),
            hint=_("Nothing was imported."),
        )


def _without(found: Document, known: set[str]) -> Document:
    """The list without what is registered in the system, so that it does not count twice; places are kept."""
    rows = [{} if row.get("id") in known else row for row in found.data["assets"]]
    return Document(found.file, {"assets": rows}, found.lines)


def _check(files: Files, system: Document, text: str) -> None:
    if len(text.encode()) > SIZE_LIMIT_BYTES:
        raise UsageError(
            _("{file} would become larger than {limit} bytes.").format(
                file=system.file, limit=SIZE_LIMIT_BYTES
            ),
            hint=_("Divide the assets between several systems."),
        )
    edited = parse_document(text, system.file)
    systems = tuple(edited if document is system else document for document in files.systems)
    register_of(dataclasses.replace(files, systems=systems))


def _imported(row: dict[str, Any], registered: dict[str, Any] | None) -> Imported:
    asset = AssetPart.model_validate(row)
    if registered is None:
        return Imported(asset.id, asset.kind, asset.address, Change.ADDED)
    differing = _differences(asset, AssetPart.model_validate(registered), row)
    change = Change.DIFFERS if differing else Change.SAME
    return Imported(asset.id, asset.kind, asset.address, change, differing)


def _differences(listed: BaseModel, registered: BaseModel, row: dict[str, Any]) -> tuple[str, ...]:
    """The fields that the list states otherwise than the register."""
    return tuple(name for name in row if getattr(listed, name) != getattr(registered, name))


def document_of(file: str, rows: Sequence[tuple[int, dict[str, Any]]]) -> Document:
    """Assets as read, each with its line, in the shape of a system file."""
    lines: dict[Place, int] = {(): 1, ("assets",): 1}
    for index, (line, row) in enumerate(rows):
        lines[("assets", index)] = line
        for name, value in row.items():
            lines[("assets", index, name)] = line
            for inner in value if isinstance(value, dict) else ():
                lines[("assets", index, name, inner)] = line
    return Document(file, {"assets": [row for _line, row in rows]}, lines)
