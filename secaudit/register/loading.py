"""The files of a workspace become the register, or every mistake in them is named."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel

from secaudit.document import Document, read_document, validated
from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.model.register import Authorisation, Register
from secaudit.register.approval_file import is_altered
from secaudit.register.classified import classified_problems
from secaudit.register.joins import join_problems
from secaudit.register.kinds import AGENCIES
from secaudit.register.settings import Settings, settings_of
from secaudit.register.shared_objects import shared_with
from secaudit.register.system_file import SystemPart
from secaudit.register.times import DEFAULT_ZONE, use_zone
from secaudit.register.workspace_file import AuthorisationPart, WorkspacePart

M = TypeVar("M", bound=BaseModel)

WORKSPACE_FILE: Final = "secaudit.yaml"
_NEARLY: Final = (".yml", ".yaml", ".json")  # meant to be read; backups of editors and READMEs are not


@dataclass(frozen=True, slots=True)
class Files:
    """The documents of a workspace; ``problems`` are of files that could not be read at all."""

    folder: Path
    workspace: Document | None
    systems: tuple[Document, ...]
    authorisations: tuple[Document, ...]
    problems: tuple[Problem, ...]


def load_register(workspace: Path) -> Register:
    """Everything registered. Raises ContentError (the mistakes of all files), UsageError (no workspace)."""
    return register_of(read_files(workspace))


def load_settings(workspace: Path) -> Settings:
    """The settings of a workspace; raises ContentError with the mistakes of ``secaudit.yaml``, UsageError."""
    problems: list[Problem] = []
    documents = _read_settings(workspace, problems)
    refuse(problems)
    problems += join_problems(documents[0], (), ())
    parts = parts_of(documents, WorkspacePart, problems)
    refuse(problems)
    return settings_of(parts[0], workspace)


def with_permissions_of_now(register: Register, workspace: Path) -> Register:
    """The register with the authorisations and blackout periods as their files say by now.

    Systems stay as they are: a scan asks before each visit, and what was not touched is not read again.
    Raises ContentError, UsageError.
    """
    problems: list[Problem] = []
    files = yaml_files(workspace / "authorisations", workspace, problems)
    settings = _parts_now([_workspace_file(workspace)], workspace, WorkspacePart, problems)
    current = tuple(p.authorisation() for p in _parts_now(files, workspace, AuthorisationPart, problems))
    refuse(problems)
    return replace(
        register,
        authorisations=current,
        altered=_altered(workspace, current),
        blackouts=tuple(item.blackout() for item in settings[0].blackouts),
    )


def _parts_now(files: Iterable[Path], workspace: Path, model: type[M], problems: list[Problem]) -> list[M]:
    parts: list[M] = []
    for file in files:
        try:
            state = file.stat()
            touched = (state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino)
            parts += _parts_of_file(file, workspace, model, touched)
        except ContentError as error:
            problems += error.problems
        except OSError as error:
            reason = error.strerror or str(error)
            problems.append(Problem(str(file.relative_to(workspace)), 0, "", "", reason))
    return parts


@lru_cache(maxsize=1024)
def _parts_of_file(file: Path, workspace: Path, model: type[M], _touched: tuple[int, ...]) -> list[M]:
    """Kept while the file is as it was. Raises ContentError."""
    problems: list[Problem] = []
    documents = (
        _read_settings(workspace, problems)
        if model is WorkspacePart
        else read_documents([file], workspace, problems)
    )
    parts = parts_of(documents, model, problems)
    refuse(problems)
    return parts


def read_files(workspace: Path) -> Files:
    """The documents of a workspace, whatever is wrong with them."""
    problems: list[Problem] = []
    documents = _read_settings(workspace, problems)
    systems = read_documents(yaml_files(workspace / "systems", workspace, problems), workspace, problems)
    allowed = read_documents(
        yaml_files(workspace / "authorisations", workspace, problems), workspace, problems
    )
    settings = documents[0] if documents else None
    return Files(workspace, settings, tuple(systems), tuple(allowed), tuple(problems))


def register_of(files: Files) -> Register:
    """The register in these documents; raises ContentError with every mistake."""
    problems = list(files.problems)
    for document in (*files.systems, *([files.workspace] if files.workspace else [])):
        problems += classified_problems(document)
    problems += join_problems(files.workspace, files.systems, files.authorisations)
    problems += _unknown_agencies(files)
    workspace = parts_of([files.workspace] if files.workspace else [], WorkspacePart, problems)
    systems = parts_of(files.systems, SystemPart, problems)
    authorisations = parts_of(files.authorisations, AuthorisationPart, problems)
    refuse(problems)
    allowed = tuple(part.authorisation() for part in authorisations)
    jump_hosts = {item.id: item.hop() for item in workspace[0].jump_hosts}
    organisations = tuple(item.organisation() for item in workspace[0].organisations)
    registered = [part.system(jump_hosts) for part in systems]
    return Register(
        organisations=organisations,
        systems=tuple(replace(one, shared=shared_with(one, organisations)) for one in registered),
        authorisations=allowed,
        blackouts=tuple(item.blackout() for item in workspace[0].blackouts),
        jump_hosts=tuple(jump_hosts.values()),
        altered=_altered(files.folder, allowed),
    )


def _unknown_agencies(files: Files) -> list[Problem]:
    """Agencies that neither ship nor are described in the workspace (``agencies/ID.yaml``)."""
    known = (*AGENCIES, *sorted(path.stem for path in (files.folder / "agencies").glob("*.yaml")))
    told = _("one of {choices} expected").format(choices=", ".join(dict.fromkeys(known)))
    found = []
    for document in files.systems:
        named = document.data.get("agencies") if isinstance(document.data, dict) else None
        for place, name in enumerate(named if isinstance(named, list) else ()):
            if isinstance(name, str) and name not in known:
                found.append(document.problem(("agencies", place), name, told))
    return found


def _altered(folder: Path, authorisations: Iterable[Authorisation]) -> tuple[str, ...]:
    return tuple(item.id for item in authorisations if is_altered(folder, item))


def _read_settings(workspace: Path, problems: list[Problem]) -> list[Document]:
    documents = read_documents([_workspace_file(workspace)], workspace, problems)
    for document in documents:
        _use_zone_of(document)
    return documents


def _use_zone_of(settings: Document) -> None:
    """Dates in all files mean the days of this zone, so it is known before any is read."""
    named = settings.data.get("time_zone") if isinstance(settings.data, dict) else None
    try:
        use_zone(named if isinstance(named, str) else DEFAULT_ZONE)
    except ValueError:  # named with the other mistakes of the file
        use_zone(DEFAULT_ZONE)


def _workspace_file(workspace: Path) -> Path:
    file = workspace / WORKSPACE_FILE
    if not file.is_file():
        raise UsageError(
            _("There is no workspace in {folder}: {file} is missing.").format(
                folder=workspace.resolve(), file=WORKSPACE_FILE
            ),
            hint=_("Make one with: secaudit init DIR, or name one with: secaudit --workspace DIR"),
        )
    return file


def yaml_files(folder: Path, workspace: Path, problems: list[Problem]) -> list[Path]:
    if not folder.is_dir():
        return []
    files = sorted(
        (path for path in folder.iterdir() if not path.name.startswith(".")),
        key=lambda path: _counted(path.name),
    )
    for path in files:
        if path.is_dir() or (path.suffix != ".yaml" and path.suffix.lower() in _NEARLY):
            shown = str(path.relative_to(workspace))
            problems.append(Problem(shown, 0, "", "", _("only files named *.yaml expected in this folder")))
    return [path for path in files if path.suffix == ".yaml" and not path.is_dir()]


def _counted(name: str) -> list[str | int]:
    """Orders ``oa-2.yaml`` before ``oa-10.yaml``: of acts of one day the last counts."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"([0-9]+)", name)]


def read_documents(files: Iterable[Path], workspace: Path, problems: list[Problem]) -> list[Document]:
    documents = []
    for file in files:
        name = str(file.relative_to(workspace))
        if not file.resolve().is_relative_to(workspace.resolve()):  # what is there is no business of ours
            problems.append(
                Problem(name, 0, "", "", _("a file of the workspace expected, not a link out of it"))
            )
            continue
        try:
            documents.append(read_document(file, name))
        except ContentError as error:
            problems += error.problems
    return documents


def parts_of(documents: Sequence[Document], model: type[M], problems: list[Problem]) -> list[M]:
    parts = []
    for document in documents:
        try:
            parts.append(validated(document, model))
        except ContentError as error:
            problems += error.problems
    return parts


def refuse(problems: Sequence[Problem]) -> None:
    if problems:
        order = sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.field))
        raise ContentError(tuple(order))
