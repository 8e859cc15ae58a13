"""Content-addressed storage: SHA-256 of the content → the content, compressed, checked when it is read.

What is nearly the same as last night (a log's size, one more package) is stored as the difference: compressed
with the older content as zlib's dictionary. Such a blob names its root, which is stored whole.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import sqlite

from secaudit.errors import StoreError
from secaudit.language import _
from secaudit.store.alone import before_storing
from secaudit.store.schema import BLOBS

BATCH: Final = 200
# in ``Connection.info``: the hashes of blobs that were looked at and are whole, the oldest first
SEEN: Final = "secaudit.whole"
SEEN_MOST: Final = 4096

# a zlib stream never begins with this byte (RFC 1950: 0x78); the hash of the root and a stream follow
DIFFERENCE: Final = b"\x01"
HASH_BYTES: Final = 32

# made once: making a statement costs more than running it
_CONTENT: Final = select(BLOBS.c.content).where(BLOBS.c.hash == bindparam("hash"))
_KNOWN: Final = select(BLOBS.c.hash, BLOBS.c.content).where(
    BLOBS.c.hash.in_(bindparam("hashes", expanding=True))
)


# the hash of what a content may resemble, asked for when it is new; None when there is nothing
Like = Callable[[], bytes | None]
# stores a content; returns its hash
Put = Callable[[bytes, Like], bytes]


def nothing() -> None:
    """What resembles nothing."""


class NewBlobs:
    """Collects what a transaction stores and writes at its end only what is not there yet."""

    def __init__(self) -> None:
        self._contents: dict[bytes, bytes] = {}
        self._like: dict[bytes, Like] = {}

    def put(self, content: bytes, like: Like = nothing) -> bytes:
        """The hash under which the content will be found."""
        hash_ = hashlib.sha256(content).digest()
        self._contents[hash_] = content
        self._like[hash_] = like
        return hash_

    def write(self, connection: Connection) -> None:
        """Store what is new, and what is there but damaged: that whole, for others may name it as their root."""
        before_storing(connection)
        for hashes in _batches(list(self._contents)):
            known = {row.hash: row.content for row in connection.execute(_KNOWN, {"hashes": hashes})}
            rows = [
                {"hash": hash_, "content": self._stored(connection, hash_)}
                for hash_ in hashes
                if hash_ not in known
            ]
            if rows:
                connection.execute(_insert_missing(connection), rows)
            for hash_, stored in known.items():
                if not _seen_whole(connection, hash_) and not self._is_whole(connection, hash_, stored):
                    mended = {"content": zlib.compress(self._contents[hash_])}
                    connection.execute(update(BLOBS).where(BLOBS.c.hash == hash_).values(mended))

    def _is_whole(self, connection: Connection, hash_: bytes, stored: bytes) -> bool:
        """Whether what is there opens to the content that is at hand: that is compared, not hashed again."""
        try:
            whole = _unpacked(connection, hash_, stored) == self._contents[hash_]
        except StoreError:
            return False
        if whole:
            _note_whole(connection, hash_)
        return whole

    def _stored(self, connection: Connection, hash_: bytes) -> bytes:
        """The shorter of the whole and the difference; what has drifted far becomes a root of its own."""
        whole = zlib.compress(self._contents[hash_])
        like = self._like[hash_]()
        if like is None:
            return whole
        try:
            root, dictionary = _root(connection, like)
        except StoreError:  # an older content that is damaged does not stop the new one
            return whole
        squeezed = zlib.compressobj(zdict=dictionary)
        stream = squeezed.compress(self._contents[hash_]) + squeezed.flush()
        difference = DIFFERENCE + root + stream
        return difference if len(difference) < len(whole) // 2 else whole


def _seen_whole(connection: Connection, hash_: bytes) -> bool:
    """Hosts of a run share much: what this connection has looked at is not opened again for each of them."""
    return hash_ in connection.info.get(SEEN, ())


def _note_whole(connection: Connection, hash_: bytes) -> None:
    seen: dict[bytes, None] = connection.info.setdefault(SEEN, {})
    seen[hash_] = None
    if len(seen) > SEEN_MOST:
        del seen[next(iter(seen))]


def _batches(hashes: Sequence[bytes]) -> Iterator[list[bytes]]:
    remaining = iter(hashes)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _insert_missing(connection: Connection) -> Any:
    """Another process may store the same content at the same moment (PostgreSQL writes side by side)."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql  # 20 ms, for those who have such a server

        return postgresql.insert(BLOBS).on_conflict_do_nothing()
    return sqlite.insert(BLOBS).on_conflict_do_nothing()


def read_blob(connection: Connection, hash_: bytes) -> bytes:
    """The content; raises StoreError when it is gone or is not what its hash says."""
    return _opened(connection, hash_, _row(connection, hash_))


def _opened(connection: Connection, hash_: bytes, stored: bytes) -> bytes:
    return _checked(hash_, _unpacked(connection, hash_, stored))


def _unpacked(connection: Connection, hash_: bytes, stored: bytes) -> bytes:
    """What a row holds; of a difference only the root is checked."""
    if stored[:1] != DIFFERENCE:
        return _decompressed(hash_, stored, None)
    root, stream = _parts(stored)
    dictionary = _checked(root, _decompressed(root, _row(connection, root), None))
    return _decompressed(hash_, stream, dictionary)


def _root(connection: Connection, hash_: bytes) -> tuple[bytes, bytes]:
    """Hash and content of the blob that is stored whole behind this one."""
    stored = _row(connection, hash_)
    if stored[:1] != DIFFERENCE:
        return hash_, _opened(connection, hash_, stored)
    root = _parts(stored)[0]
    return root, read_blob(connection, root)


def _parts(stored: bytes) -> tuple[bytes, bytes]:
    return stored[1 : 1 + HASH_BYTES], stored[1 + HASH_BYTES :]


def _row(connection: Connection, hash_: bytes) -> bytes:
    stored: bytes | None = connection.execute(_CONTENT, {"hash": hash_}).scalar_one_or_none()
    if stored is None:
        raise _damaged(hash_, _("is missing"))
    return stored


def _decompressed(hash_: bytes, stream: bytes, dictionary: bytes | None) -> bytes:
    opened = zlib.decompressobj() if dictionary is None else zlib.decompressobj(zdict=dictionary)
    try:
        return opened.decompress(stream) + opened.flush()
    except zlib.error as error:
        raise _damaged(hash_, str(error)) from error


def _checked(hash_: bytes, content: bytes) -> bytes:
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
