"""The backups of a folder: names that sort by time, and how many stay."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _

PLAIN: Final = ".tar.gz"
SEALED: Final = ".sealed"
_NAME: Final = re.compile(r"secaudit-[0-9]{8}T[0-9]{6}Z(\.tar\.gz|\.sealed)")


def name_of(now: datetime, *, sealed: bool) -> str:
    """The name of a backup of that moment."""
    return f"secaudit-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SEALED if sealed else PLAIN}"


def backups_in(folder: Path) -> list[Path]:
    """The backups there, the newest first; nothing else in the folder counts. Raises UsageError."""
    try:
        found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name) and path.is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=folder, reason=reason)) from error
    return sorted(found, key=lambda path: path.name, reverse=True)


def rotate(folder: Path, keep: int, newest: Path) -> list[Path]:
    """Take the oldest away until so many are left; returns them. ``newest`` has just been made and read back."""
    gone = [path for path in backups_in(folder)[keep:] if path != newest]
    for path in gone:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(
                _("{path} cannot be taken away: {reason}.").format(path=path, reason=reason),
                hint=_("Check who owns its folder; what is left goes the next time."),
            ) from error
    return gone
