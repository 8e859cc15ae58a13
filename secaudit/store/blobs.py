"""Content-addressed storage: SHA-256 of the content → the content, compressed, checked when it is read."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from secaudit.errors import StoreError
from secaudit.language import _
from secaudit.store.schema import BLOBS

BATCH: Final = 200


class NewBlobs:
    """Collects what a transaction stores and writes at its end only what is not there yet."""

    def __init__(self) -> None:
        self._contents: dict[bytes, bytes] = {}

    def put(self, content: bytes) -> bytes:
        """The hash under which the content will be found."""
        hash_ = hashlib.sha256(content).digest()
        self._contents[hash_] = content
        return hash_

    def write(self, connection: Connection) -> None:
        """Store what is new."""
        for hashes in _batches(list(self._contents)):
            known = set(connection.execute(select(BLOBS.c.hash).where(BLOBS.c.hash.in_(hashes))).scalars())
            rows = [
                {"hash": hash_, "content": zlib.compress(self._contents[hash_])}
                for hash_ in hashes
                if hash_ not in known
            ]
            if rows:
                connection.execute(_insert_missing(connection), rows)


def _batches(hashes: Sequence[bytes]) -> Iterator[list[bytes]]:
    remaining = iter(hashes)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _insert_missing(connection: Connection) -> Any:
    """Another process may store the same content at the same moment (PostgreSQL writes side by side)."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(BLOBS).on_conflict_do_nothing()


def read_blob(connection: Connection, hash_: bytes) -> bytes:
    """The content; raises StoreError when it is gone or is not what its hash says."""
    stored = connection.execute(select(BLOBS.c.content).where(BLOBS.c.hash == hash_)).scalar_one_or_none()
    if stored is None:
        raise _damaged(hash_, _("is missing"))
    try:
        content = zlib.decompress(stored)
    except zlib.error as error:
        raise _damaged(hash_, str(error)) from error
    if hashlib.sha256(content).digest() != hash_:
        raise _damaged(hash_, _("is not what was stored"))
    return content


def _damaged(hash_: bytes, reason: str) -> StoreError:
    return StoreError(
        _("The database is damaged: the content {hash} {reason}.").format(
            hash=hash_.hex()[:16], reason=reason
        ),
        hint=_("Restore it from a backup; other runs in it may still be readable."),
    )
