"""A package as a file: a zip without compression whose every byte follows from what is in it.

What was sealed is told from what was changed byte by byte: a reader builds the zip anew from its parts and compares.
"""

import hashlib
import io
import re
import stat
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from cryptography.hazmat.primitives import hashes

from secaudit.errors import UsageError
from secaudit.handover.manifest import Part
from secaudit.language import _

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
CHUNK_BYTES: Final = 1 << 20
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)


def stem_of(number: str, agency_id: str) -> str:
    """What the names of a package's files begin with."""
    plain = re.sub(r"[^\w〔〕()（）.-]+", "_", number).strip("._")
    return f"{plain or 'package'}-{agency_id}"


def part_of(name: str, file: Path) -> Part:
    """Size and digests of a file. Raises UsageError."""
    with opened(file) as stream:
        return part_in(name, stream)


def part_in(name: str, stream: IO[bytes], most_bytes: int = sys.maxsize) -> Part:
    """Size and digests of what a stream gives; once it has given more than that, it is read no further."""
    sha256, sm3, size = hashlib.sha256(), hashes.Hash(hashes.SM3()), 0
    while size <= most_bytes and (chunk := stream.read(CHUNK_BYTES)):
        size += len(chunk)
        sha256.update(chunk)
        sm3.update(chunk)
    return Part(name, size, sha256.hexdigest(), sm3.finalize().hex())


def write_package(target: IO[bytes], manifest: bytes, signature: bytes, files: Mapping[str, Path]) -> None:
    """The zip: manifest, signature, then the files in their order. Raises OSError, UsageError."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, content in ((MANIFEST, manifest), (SIGNATURE, signature)):
            _add(package, name, io.BytesIO(content))
        for name, file in files.items():
            with opened(file) as stream:
                _add(package, name, stream)


def is_as_written(package: IO[bytes]) -> bool:
    """Whether the zip is, byte for byte, what ``write_package`` makes of its parts. Raises OSError, BadZipFile."""
    with tempfile.TemporaryFile() as anew, zipfile.ZipFile(package) as source:
        with zipfile.ZipFile(anew, "w", zipfile.ZIP_STORED) as target:
            for name in source.namelist():
                with source.open(name) as stream:
                    _add(target, name, stream)
        return _equal(anew, package)


def _equal(one: IO[bytes], other: IO[bytes]) -> bool:
    one.seek(0)
    other.seek(0)
    while chunk := one.read(CHUNK_BYTES):
        if other.read(len(chunk)) != chunk:
            return False
    return not other.read(1)


def _add(package: zipfile.ZipFile, name: str, source: IO[bytes]) -> None:
    entry = zipfile.ZipInfo(name, _MOMENT)
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    entry.create_system = 3
    with package.open(entry, "w", force_zip64=True) as stream:
        while chunk := source.read(CHUNK_BYTES):
            stream.write(chunk)


@contextmanager
def opened(file: Path) -> Iterator[IO[bytes]]:
    """A file to be read. Raises UsageError."""
    try:
        with file.open("rb") as stream:
            yield stream
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=file, reason=reason)) from error
