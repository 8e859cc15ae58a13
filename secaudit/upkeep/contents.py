"""What of a workspace goes into a backup, and what does not: locks, the database as it is written, secrets."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.upkeep.inventory import is_inside
from secaudit.upkeep.notes import FILE as NOTES

KEYS: Final = "keys"
_PRIVATE: Final = re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----")
_LOOKED_AT_BYTES: Final = 65_536
# made anew by whoever needs it; git keeps its own history
_SKIPPED: Final = (NOTES, "secaudit.lock", "nightly.lock", "upkeep.lock")
_SKIPPED_FOLDERS: Final = (".git",)


class Why(StrEnum):
    """Why something that lies in the workspace is not in the backup."""

    SECRET = "secret"
    LINK = "link"
    SPECIAL = "special"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that is not in the backup: its path in the workspace."""

    name: str
    why: Why


@dataclass(frozen=True, slots=True)
class Contents:
    """``files``: (path in the workspace, path on the disk) in the order in which they are backed up."""

    folders: tuple[str, ...]
    files: tuple[tuple[str, Path], ...]
    left_out: tuple[LeftOut, ...]

    @property
    def size_bytes(self) -> int:
        """What the files take; one that went meanwhile takes nothing."""
        return sum(path.stat().st_size for _name, path in self.files if path.exists())


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is left out: these files and folders (absolute), and secrets where everybody could read the backup."""

    places: frozenset[Path]
    secret_files: frozenset[Path] = frozenset()
    secrets: bool = True


def contents_of(workspace: Path, leaving: Leaving) -> Contents:
    """All files and folders, by name. Raises UsageError."""
    folders, files, left_out = list[str](), list[tuple[str, Path]](), list[LeftOut]()
    for path, seen in _all(workspace.resolve(), leaving):
        name = path.relative_to(workspace.resolve()).as_posix()
        why = _why_not(path, name, seen, leaving)
        if why is not None:
            left_out.append(LeftOut(_shown(name), why))
        elif stat.S_ISDIR(seen.st_mode):
            folders.append(name)
        else:
            files.append((name, path))
    return Contents(tuple(folders), tuple(files), tuple(left_out))


def _all(folder: Path, leaving: Leaving) -> Iterator[tuple[Path, os.stat_result]]:
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(
            _("{path} cannot be read: {reason}.").format(path=folder, reason=error.strerror or error)
        ) from error
    for path in inside:
        try:
            seen = path.lstat()
        except FileNotFoundError:  # it went a moment ago
            continue
        if path in leaving.places or path.name in _SKIPPED:
            continue
        if stat.S_ISDIR(seen.st_mode):
            if path.name not in _SKIPPED_FOLDERS:
                yield path, seen
                yield from _all(path, leaving)
        else:
            yield path, seen


def _why_not(path: Path, name: str, seen: os.stat_result, leaving: Leaving) -> Why | None:
    if not is_inside(name):
        return Why.NAME
    if stat.S_ISLNK(seen.st_mode):
        return Why.LINK
    if stat.S_ISDIR(seen.st_mode):
        return None
    if not stat.S_ISREG(seen.st_mode):
        return Why.SPECIAL
    return Why.SECRET if leaving.secrets and _is_secret(path, name, leaving) else None


def _is_secret(path: Path, name: str, leaving: Leaving) -> bool:
    if path in leaving.secret_files or name.startswith(f"{KEYS}/"):
        return path.suffix not in (".crt", ".cer")
    try:
        with path.open("rb") as stream:
            return bool(_PRIVATE.search(stream.read(_LOOKED_AT_BYTES)))
    except OSError:
        return False  # whoever reads it for the backup is told


def _shown(name: str) -> str:
    return name.encode("utf-8", "replace").decode()
