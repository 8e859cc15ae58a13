"""A backup as a file: a tar of plain files, compressed by gzip, perhaps sealed; ``tar xzf`` opens it, too.

What is read is hostile: only plain files are taken, nothing is kept in memory, nothing unpacks without end.
"""

import gzip
import hashlib
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Final, Self

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.upkeep import inventory
from secaudit.upkeep.inventory import Inventory, Part, is_inside
from secaudit.upkeep.sealed import Drawn, SealedReader, SealedWriter, Unsealing, is_sealed

CHUNK_BYTES: Final = 1 << 20
# most of it is compressed already
LEVEL: Final = 3
# a workspace unpacks to a few times its size; a bomb to a thousand times
RATIO: Final = 200
FREE_BYTES: Final = 256 * 1_048_576
EXTENDED_BYTES: Final = 65_536

# what becomes of a file as it is read: name, mode, when it was changed (s), its content
Keep = Callable[[str, int, int, IO[bytes]], None]


class Writer:
    """Adds files to a backup, one after the other."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.parts: list[Part] = []

    def add(self, name: str, source: IO[bytes], size: int, mode: int, changed: int) -> None:
        """``size`` bytes of the source. Raises OSError where it gives fewer."""
        counted = _Counted(source)
        self._tar.addfile(_header(name, size, mode, changed), counted)
        self.parts.append(Part(name, size, counted.digest.hexdigest(), mode, changed))

    def close(self, made: Inventory) -> None:
        """The inventory comes last: only then everything is known."""
        content = made.encode()
        self._tar.addfile(_header(inventory.NAME, len(content), 0o600, 0), io.BytesIO(content))


@contextmanager
def writing(target: IO[bytes], drawn: Drawn | None) -> Iterator[Writer]:
    """A backup that goes into the target. Raises OSError."""
    with ExitStack() as stack:
        outer: IO[bytes] = target
        if drawn is not None:
            sealed = SealedWriter(target, drawn)
            stack.callback(sealed.close)
            outer = sealed  # type: ignore[assignment]
        squeezed = stack.enter_context(gzip.GzipFile("", "wb", LEVEL, outer, mtime=0))
        tar = stack.enter_context(tarfile.open(fileobj=squeezed, mode="w|", format=tarfile.PAX_FORMAT))
        yield Writer(tar)


def read(file: Path, unsealing: Unsealing, keep: Keep | None = None) -> Inventory:
    """The inventory of a backup whose every file is what it says. Raises UsageError where anything is not.

    ``keep`` gets each file before the whole is known to be well.
    """
    try:
        with file.open("rb") as stream:
            limit = FREE_BYTES + RATIO * file.stat().st_size
            plain: IO[bytes] = stream
            if is_sealed(stream):
                plain = io.BufferedReader(SealedReader(stream, unsealing()), CHUNK_BYTES)
            with gzip.GzipFile(fileobj=plain) as opened:
                found = _read(_Limited(opened, limit), keep)
                _to_the_end(opened)
                return found
    except (tarfile.TarError, zlib.error, gzip.BadGzipFile, EOFError) as error:
        raise _spoilt(_("it is damaged or cut off: {reason}").format(reason=error)) from error
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=file, reason=reason)) from error


def _read(stream: Any, keep: Keep | None) -> Inventory:
    parts: list[Part] = []
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Member, ignore_zeros=False) as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None:
                raise _spoilt(_("{name} is no plain file").format(name=repr(member.name)))
            if member.name == inventory.NAME:
                return _compared(content, member.size, parts, tar)
            if not is_inside(member.name) or len(parts) >= inventory.MOST_FILES:
                raise _spoilt(_("the name {name} leads out of the workspace").format(name=repr(member.name)))
            counted = _Counted(content)
            if keep is not None:
                keep(member.name, member.mode, int(member.mtime), counted)  # type: ignore[arg-type]
            while counted.read(CHUNK_BYTES):
                pass
            digest = counted.digest.hexdigest()
            parts.append(Part(member.name, counted.size, digest, member.mode, int(member.mtime)))
    raise _spoilt(_("its inventory is missing: it was cut off"))


def _compared(content: IO[bytes], size: int, parts: list[Part], tar: tarfile.TarFile) -> Inventory:
    found = inventory.decode(content.read(inventory.LIMIT_BYTES)) if size <= inventory.LIMIT_BYTES else None
    if found is None:
        raise _spoilt(_("its inventory is not in the form of this version"))
    if list(found.files) != parts:
        wrong = next((one.name for one, other in zip(found.files, parts, strict=False) if one != other), "")
        raise _spoilt(
            _("{name} is not what was backed up").format(name=wrong or _("the number of its files"))
        )
    if tar.next() is not None:
        raise _spoilt(_("something was added behind its inventory"))
    return found


def _to_the_end(opened: gzip.GzipFile) -> None:
    """Whatever follows the tar is padding; a stream that was cut is found here at the latest."""
    while chunk := opened.read(CHUNK_BYTES):
        if chunk.strip(b"\0"):
            raise _spoilt(_("something was added behind its inventory"))


class _Member(tarfile.TarInfo):
    """A header of a tar that is a plain file, or a small one with what a long or Chinese name needs (pax)."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        found = super().frombuf(buf, encoding, errors)
        plain = found.type in (tarfile.REGTYPE, tarfile.AREGTYPE)
        if not plain and (found.type != tarfile.XHDTYPE or found.size > EXTENDED_BYTES):
            raise _spoilt(_("{name} is no plain file").format(name=repr(found.name)))
        return found


class _Counted(io.RawIOBase):
    """A stream whose content is counted and digested as it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.size, self.digest = source, 0, hashlib.sha256()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._source.read(size)
        self.size += len(chunk)
        self.digest.update(chunk)
        return chunk


class _Limited(io.RawIOBase):
    """A stream that is read no further than a limit."""

    def __init__(self, source: gzip.GzipFile, limit: int) -> None:
        self._source, self._left = source, limit

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        chunk = self._source.read(size)
        self._left -= len(chunk)
        if self._left < 0:
            raise _spoilt(_("it unpacks to more than {ratio} times its size").format(ratio=RATIO))
        return chunk


def _header(name: str, size: int, mode: int, changed: int) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.size, found.mode, found.mtime = size, mode, changed
    return found


def _spoilt(reason: str) -> UsageError:
    return UsageError(
        _("The backup cannot be used: {reason}.").format(reason=reason),
        hint=_("Take another one; each can be checked with: secaudit backup --check FILE"),
    )
