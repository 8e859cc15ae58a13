"""Files that a person hands over and the workspace keeps: read once within a limit, compared ever after."""

import hashlib
from functools import lru_cache
from pathlib import Path

from secaudit.errors import UsageError
from secaudit.language import _


def read_handed(source: Path, limit_bytes: int, refused: str) -> bytes:
    """What a file holds that a person names; raises UsageError: none, no regular file, empty, too large.

    ``refused`` says what was expected, with blanks for ``path`` and ``limit`` (MiB).
    """
    if source.exists() and not source.is_file():  # a pipe that nobody writes to would be waited for
        raise UsageError(_("{path} is no file.").format(path=source))
    try:
        with source.open("rb") as stream:
            content = stream.read(limit_bytes + 1)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=source, reason=reason)) from error
    if not content or len(content) > limit_bytes:
        raise UsageError(refused.format(path=source, limit=limit_bytes // 1024 // 1024))
    return content


def is_whole(workspace: Path, place: str, sha256: str) -> bool:
    """Whether the file is there, within the workspace, and what was put on record."""
    file = (workspace / place).resolve()
    if not file.is_relative_to(workspace.resolve()) or not file.is_file():
        return False
    try:
        state = file.stat()
        return _digest(file, state.st_mtime_ns, state.st_size, state.st_ino) == sha256
    except OSError:
        return False


@lru_cache(maxsize=4096)
def _digest(file: Path, _changed_ns: int, _size: int, _inode: int) -> str:
    """SHA-256 in hex. A scan asks before every visit: what was not touched is not read again."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
