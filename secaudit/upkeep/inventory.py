"""What a backup says of itself: ``secaudit-backup.json``, its last file."""

import re
from dataclasses import dataclass
from typing import Any, Final

from secaudit.document import json_form

FORMAT: Final = "secaudit-backup/1"
NAME: Final = "secaudit-backup.json"
LIMIT_BYTES: Final = 64 * 1_048_576
MOST_FILES: Final = 1_000_000
NAME_BYTES: Final = 2_000
_BAD: Final = re.compile(r"[\x00-\x1f\x7f\\]")


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a backup: path in the workspace, bytes, SHA-256 in hex, mode, and when it was changed (Unix, s)."""

    name: str
    size: int
    sha256: str
    mode: int
    changed: int


@dataclass(frozen=True, slots=True)
class Inventory:
    """``database``: "sqlite", "server" (not in it) or "" where there is none; ``schema``: its form.

    ``database_name``: the path under which its copy lies in the backup. ``ledger``: head of the ledger when it was
    made. ``left_out``: what lies in the workspace and is not in the backup. ``made_at``: ISO 8601, UTC.
    """

    made_at: str
    office: str
    version: str
    python: str
    database: str
    database_name: str
    schema: str
    ledger: str
    folders: tuple[str, ...]
    files: tuple[Part, ...]
    left_out: tuple[str, ...] = ()

    @property
    def size_bytes(self) -> int:
        """Of all files as they will lie on a disk."""
        return sum(part.size for part in self.files)

    def encode(self) -> bytes:
        """The JSON text."""
        return json_form.encode(FORMAT, self)


def decode(content: bytes) -> Inventory | None:
    """The inventory of a text that ``encode`` wrote; None for anything else."""
    found = json_form.decode(content, FORMAT, _made)
    return found if found and _is_sound(found) else None


def _made(said: dict[str, Any]) -> Inventory:
    files = tuple(Part(**part) for part in said.pop("files"))
    folders, left_out = tuple(said.pop("folders")), tuple(said.pop("left_out"))
    return Inventory(files=files, folders=folders, left_out=left_out, **said)


def _is_sound(found: Inventory) -> bool:
    names = [part.name for part in found.files]
    texts = (*names, *found.folders, *found.left_out, *(part.sha256 for part in found.files))
    own = (
        found.made_at,
        found.office,
        found.version,
        found.database,
        found.database_name,
        found.schema,
        found.ledger,
    )
    numbers = [number for part in found.files for number in (part.size, part.mode, part.changed)]
    return (
        all(type(text) is str for text in (*texts, *own))
        and all(type(number) is int and number >= 0 for number in numbers)
        and len(set(names)) == len(names)
        and all(map(is_inside, (*names, *found.folders)))
    )


def is_inside(name: str) -> bool:
    """Whether a path stays within the folder where it is unpacked, and can be written to any disk."""
    parts = name.split("/")
    return (
        0 < len(name.encode("utf-8", "surrogateescape")) <= NAME_BYTES
        and not _BAD.search(name)
        and not any(
            part in ("", ".", "..") or len(part.encode("utf-8", "surrogateescape")) > 255 for part in parts
        )
        and not any("\ud800" <= sign <= "\udfff" for sign in name)
    )
