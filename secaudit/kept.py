"""What was worked out once is kept for the next run, where the XDG base directory specification has caches.

Only what can be worked out again, and only as data: what lies there is used if nobody but us can write it. Without such
a place nothing is kept; nothing here ever fails.
"""

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from secaudit import __version__

SIZE_LIMIT_BYTES: Final = 33_554_432
# how many versions of the program keep something at a time
VERSIONS: Final = 4
PACKAGE: Final = Path(__file__).parent
# what is kept is made by these
MAKERS: Final = ("content", "document", "judge", "model")


def key_of(parts: Iterable[str]) -> str:
    """A name for what is made of these texts."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d\0%b" % (len(content), content))
    return digest.hexdigest()


def recall(name: str) -> bytes | None:
    """What was kept under a name; None where nothing is, or nothing that only we can have written."""
    folder = _folder()
    if folder is None or not _is_ours(folder):
        return None
    with suppress(OSError):
        opened = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            seen = os.fstat(opened)
            if stat.S_ISREG(seen.st_mode) and _only_we_write(seen) and seen.st_size <= SIZE_LIMIT_BYTES:
                return os.read(opened, seen.st_size)
        finally:
            os.close(opened)
    return None


def keep(name: str, content: bytes) -> None:
    """Keep it, whole or not at all."""
    folder = _folder()
    if folder is None:
        return
    with suppress(OSError):
        if not folder.is_dir():
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700)
            _forget_old(folder.parent)
        if _is_ours(folder):
            _write(folder / name, content)


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        temporary.replace(path)
    except OSError:
        temporary.unlink()
        raise


def _is_ours(folder: Path) -> bool:
    """The folder and the one around it: who can write there could put another in its place."""
    try:
        seen = [os.lstat(folder), os.lstat(folder.parent)]
    except OSError:
        return False
    return all(stat.S_ISDIR(one.st_mode) and _only_we_write(one) for one in seen)


def _only_we_write(seen: os.stat_result) -> bool:
    return seen.st_uid == os.geteuid() and not seen.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _forget_old(around: Path) -> None:
    """Remove what the oldest versions of the program kept."""
    folders = sorted(
        (one for one in around.iterdir() if one.is_dir()), key=lambda one: one.stat().st_mtime_ns
    )
    for folder in folders[:-VERSIONS]:
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def _folder() -> Path | None:
    """``~/.cache/secaudit/<this program>``; None where there is no home."""
    places = Path(os.environ.get("XDG_CACHE_HOME", "")), Path(os.environ.get("HOME", ""), ".cache")
    around = next((place for place in places if place.is_absolute()), None)
    return around / "secaudit" / _program() if around else None


@cache
def _program() -> str:
    """This program: version, Python, and the sources that make what is kept, which change in a checkout."""
    sources = [path for maker in MAKERS for path in sorted((PACKAGE / maker).glob("*.py"))]
    seen = [(path.name, found.st_size, found.st_mtime_ns) for path in sources for found in [path.stat()]]
    return key_of([__version__, sys.version, str(PACKAGE), repr(seen)])[:32]
