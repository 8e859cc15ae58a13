"""The approval as a file of the workspace: put beside the register, and compared ever after."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Authorisation

FOLDER: Final = "approvals"
LIMIT_BYTES: Final = 50 * 1024 * 1024
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,10}")


def read_approval(source: Path) -> bytes:
    """What a file holds that a person names; raises UsageError: none, no regular file, too large."""
    if source.exists() and not source.is_file():  # a pipe that nobody writes to would be waited for
        raise UsageError(_("{path} is no file.").format(path=source))
    try:
        with source.open("rb") as stream:
            content = stream.read(LIMIT_BYTES + 1)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=source, reason=reason)) from error
    if not content or len(content) > LIMIT_BYTES:
        told = _("{path} is no approval: a file of 1 byte to {limit} MiB expected.")
        raise UsageError(told.format(path=source, limit=LIMIT_BYTES // 1024 // 1024))
    return content


def place_for(name: str, source: Path) -> str:
    """``approvals/a-20261128-1.pdf``: where the approval of that authorisation is kept."""
    ending = source.suffix if _ENDING.fullmatch(source.suffix) else ""
    return f"{FOLDER}/{name}{ending.lower()}"


def is_altered(workspace: Path, item: Authorisation) -> bool:
    """Whether the approval is missing, leads out of the workspace or is not what was put on record."""
    if not item.file:
        return False
    file = (workspace / item.file).resolve()
    if not file.is_relative_to(workspace.resolve()) or not file.is_file():
        return True
    try:
        state = file.stat()
        return _digest(file, state.st_mtime_ns, state.st_size, state.st_ino) != item.file_sha256
    except OSError:
        return True


@lru_cache(maxsize=64)
def _digest(file: Path, _changed_ns: int, _size: int, _inode: int) -> str:
    """SHA-256 in hex. A scan asks before every visit: what was not touched is not read again."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
