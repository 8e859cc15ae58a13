"""The backups of a workspace in a folder: names that sort by time, and how many stay. Others may lie beside them."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.register.folder import mark_of

PLAIN: Final = ".tar.gz"
SEALED: Final = ".sealed"
_MOMENT: Final = r"[0-9]{8}T[0-9]{6}Z(\.tar\.gz|\.sealed)"


def name_of(workspace: Path, now: datetime, *, sealed: bool) -> str:
    """The name of a backup of that moment."""
    return f"{_prefix(workspace)}{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SEALED if sealed else PLAIN}"


def backups_in(folder: Path, workspace: Path) -> list[Path]:
    """The backups of the workspace there, the newest first; nothing else in the folder counts. Raises UsageError."""
    name = re.compile(re.escape(_prefix(workspace)) + _MOMENT)
    try:
        found = [path for path in folder.iterdir() if name.fullmatch(path.name) and path.is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=folder, reason=reason)) from error
    return sorted(found, key=lambda path: path.name, reverse=True)


def supersede(earlier: Path, newest: Path, workspace: Path) -> list[Path]:
    """Take away the backup that an earlier call of the same night made, where it is one; returns it.

    Raises UsageError. ``newest`` has just been made and read back.
    """
    if earlier == newest or earlier not in backups_in(newest.parent, workspace):
        return []
    return _taken_away([earlier])


def rotate(folder: Path, workspace: Path, keep: int, newest: Path) -> list[Path]:
    """Take away until so many are left; returns them. ``newest`` has just been made and read back.

    The last of each day outlives the others of that day: who repeats a night loses no earlier day.
    """
    found = backups_in(folder, workspace)
    lasts = list({_day(path, workspace): path for path in reversed(found)}.values())[::-1]
    others = [path for path in found if path not in lasts]
    return _taken_away([path for path in [*lasts, *others][keep:] if path != newest])


def _taken_away(gone: list[Path]) -> list[Path]:
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


def _day(path: Path, workspace: Path) -> str:
    """``20261128`` of its name."""
    return path.name.removeprefix(_prefix(workspace))[:8]


def _prefix(workspace: Path) -> str:
    return f"secaudit-{mark_of(workspace.resolve())}-"
