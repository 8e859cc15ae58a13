"""One line of the ledger: a body, and two digests of it that the next body names.

    9f2c…(64)  77ab…(64)  {"n":12,"time":"…","kind":"run","id":"…","change":"entered",…,"after_sm3":"…"}

Whoever has coreutils and openssl can follow the chain: ``cut -d' ' -f3- | head -n1 | tr -d '\\n' | sha256sum``.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from cryptography.hazmat.primitives import hashes

NOTHING: Final = "0" * 64
LINE_BYTES: Final = 8192
_LINE: Final = re.compile(rb"([0-9a-f]{64}) ([0-9a-f]{64}) (\{.*\})")


class Change(StrEnum):
    """What happened to the subject of an entry. Pruned: its time was over; its digest stays on record."""

    ENTERED = "entered"
    CHANGED = "changed"
    GONE = "gone"
    PRUNED = "pruned"


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: how many entries, and the digests of the last; what a package carries as anchor."""

    entries: int = 0
    sha256: str = NOTHING
    sm3: str = NOTHING


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry: number from 1, moment (UTC, ISO 8601), the subject and the SHA-256 of what it holds.

    ``told`` is what else is said of the subject (the state of a run). ``after_…`` are the digests of the entry
    before, of the first one zeros.
    """

    n: int
    time: str
    kind: str
    id: str
    change: Change
    digest: str
    told: str
    after_sha256: str
    after_sm3: str

    def line(self) -> bytes:
        """The line as it is written, with its end."""
        body = json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":")).encode()
        head = head_of(self.n, body)
        return f"{head.sha256} {head.sm3} ".encode() + body + b"\n"


def head_of(entries: int, body: bytes) -> Head:
    """The head of a chain whose last body this is. SM3: GB/T 32905-2016."""
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(body)
    return Head(entries, hashlib.sha256(body).hexdigest(), sm3.finalize().hex())


def body_of(line: bytes) -> bytes:
    """What stands after the two digests."""
    return line[2 * (len(NOTHING) + 1) :]


def parse_line(line: bytes) -> tuple[Entry, Head] | None:
    """An entry and the digests that stand before it, from a line without its end; None where it is none of ours.

    Anything but the exact bytes that ``Entry.line`` writes is none, save the digests: they are for the reader of
    the chain to compare.
    """
    found = _LINE.fullmatch(line) if len(line) <= LINE_BYTES else None
    if found is None:
        return None
    try:
        entry = _entry(json.loads(found[3]))
    except (ValueError, TypeError, RecursionError):
        return None
    if body_of(entry.line()[:-1]) != found[3]:
        return None
    return entry, Head(entry.n, found[1].decode(), found[2].decode())


def _entry(said: dict[str, Any]) -> Entry:
    """Raises TypeError for other fields, ValueError for other values."""
    entry = Entry(**said)
    texts = (entry.time, entry.kind, entry.id, entry.digest, entry.told, entry.after_sha256, entry.after_sm3)
    if type(entry.n) is not int or not all(isinstance(text, str) for text in texts):
        raise ValueError
    return Entry(**{**asdict(entry), "change": Change(entry.change)})
