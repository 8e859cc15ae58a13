"""The bytes of a bundle's file, plain or gzip'd, a piece at a time: never more than a bundle may have."""

import gzip
import hashlib
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from secaudit.errors import BundleError
from secaudit.language import _

# far above what all questions together may answer
LIMIT_BYTES: Final = 268_435_456
CHUNK_BYTES: Final = 65_536
GZIP: Final = b"\x1f\x8b"
# how files begin that hold other files (file(1) knows them by the same bytes)
ARCHIVES: Final = (b"PK", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd")
TAR_AT: Final = 257
TAR: Final = b"ustar"


class Stream(Protocol):
    """What pieces are read from."""

    def read(self, size: int, /) -> bytes:
        """At most that many bytes; none at the end."""


class Pieces:
    """Iterates over the plain bytes; ``sha256`` is the digest of those that were given so far."""

    def __init__(self, stream: Stream, limit_bytes: int = LIMIT_BYTES) -> None:
        self._stream = stream
        self._room_bytes = limit_bytes
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Hexadecimal; of the whole bundle once the pieces have ended."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        """Raises BundleError: too long, damaged compression, unreadable."""
        while piece := self._read():
            self._room_bytes -= len(piece)
            if self._room_bytes < 0:
                raise BundleError(_("it is larger than any bundle can be"))
            self._digest.update(piece)
            yield piece

    def _read(self) -> bytes:
        try:
            return self._stream.read(CHUNK_BYTES)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise BundleError(
                _("its compression is damaged: {why}").format(why=error), hint=_copy_again()
            ) from error
        except OSError as error:
            raise BundleError(_("it cannot be read: {why}").format(why=error.strerror)) from error


@contextmanager
def pieces_of(path: Path, limit_bytes: int = LIMIT_BYTES) -> Iterator[Pieces]:
    """Opens a file. Raises BundleError for what is no regular file, or holds other files."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise BundleError(_("it is no file"))
        stream = path.open("rb")
    except OSError as error:
        raise BundleError(_("it cannot be read: {why}").format(why=error.strerror)) from error
    with stream:
        begin = stream.read(TAR_AT + len(TAR))
        stream.seek(0)
        if begin.startswith(ARCHIVES) or begin[TAR_AT:] == TAR:
            raise BundleError(
                _("it is an archive, not a bundle"),
                hint=_("Unpack it and import the files in it (only gzip -c of one bundle is read as it is)."),
            )
        if begin.startswith(GZIP):
            with gzip.GzipFile(fileobj=stream) as plain:
                yield Pieces(plain, limit_bytes)
        else:
            yield Pieces(stream, limit_bytes)


def _copy_again() -> str:
    return _("Copy it again in binary mode, or collect again.")
