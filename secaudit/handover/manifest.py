"""What a package says of itself: ``manifest.json``, the one file that is signed."""

import re
from dataclasses import dataclass
from typing import Any, Final

from secaudit.document import json_form
from secaudit.handover.certificate import Algorithm

FORMAT: Final = "secaudit-package/1"
LIMIT_BYTES: Final = 16 * 1024 * 1024
NAME: Final = re.compile(r"[^/\\\x00-\x1f\x7f]{1,120}(/[^/\\\x00-\x1f\x7f]{1,120}){0,3}")


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a package and its digests in hex."""

    name: str
    size: int
    sha256: str
    sm3: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """``sequence`` counts the packages of an office to an agency from 1; ``ledger`` is the head when it was built.

    ``facts`` are counts and words for a reader: they are shown, nothing rests on them. ``built_at``: ISO 8601, UTC.
    """

    number: str
    agency: str
    office: str
    sequence: int
    built_at: str
    marking: str
    systems: tuple[str, ...]
    ledger: str
    signature: Algorithm
    certificate_serial: str
    facts: dict[str, Any]
    files: tuple[Part, ...]

    def encode(self) -> bytes:
        """The JSON text, always the same for the same manifest."""
        return json_form.encode(FORMAT, self)


def decode(content: bytes) -> Manifest | None:
    """The manifest of a text that ``encode`` wrote; None for anything else."""
    manifest = json_form.decode(content, FORMAT, _made)
    return manifest if manifest and _sound(manifest) else None


def _made(said: dict[str, Any]) -> Manifest:
    files = tuple(Part(**part) for part in said.pop("files"))
    systems, signature = tuple(said.pop("systems")), Algorithm(said.pop("signature"))
    return Manifest(files=files, systems=systems, signature=signature, **said)


def _sound(manifest: Manifest) -> bool:
    """Whether the types are right and the names can be written to any disk."""
    names = [part.name for part in manifest.files]
    texts = (manifest.number, manifest.agency, manifest.office, manifest.built_at, manifest.ledger, *names)
    numbers = (manifest.sequence, *(part.size for part in manifest.files))
    return (
        all(_is(text, str) for text in texts)
        and all(_is(number, int) and number >= 0 for number in numbers)
        and len(set(names)) == len(names)
        and all(map(is_plain, names))
    )


def _is(value: object, kind: type) -> bool:
    return type(value) is kind


def is_plain(name: str) -> bool:
    """Whether a name stays within the folder where it is unpacked."""
    return bool(NAME.fullmatch(name)) and not any(part.strip(" .") == "" for part in name.split("/"))
