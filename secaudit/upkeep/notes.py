"""What the tool notes about looking after a workspace (``upkeep.json``): it can be lost without harm."""

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from secaudit.errors import UsageError
from secaudit.language import _

FILE: Final = "upkeep.json"
LIMIT_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Notes:
    """``sweep``: contents may be left that nothing names. ``anchor``: the head of the ledger in the newest backup.

    Moments are texts of ISO 8601, "" where it never was.
    """

    sweep: bool = False
    backup: str = ""
    backup_at: str = ""
    backup_whole: bool = False
    backup_sealed: bool = False
    checked_at: str = ""
    anchor: str = ""


def read_notes(workspace: Path) -> Notes:
    """What is noted; nothing where there is nothing that can be read."""
    try:
        with (workspace / FILE).open("rb") as stream:
            said = json.loads(stream.read(LIMIT_BYTES))
        known = {name: said[name] for name in asdict(Notes()) if name in said}
    except (OSError, ValueError, TypeError, RecursionError):
        return Notes()
    types = {name: type(value) for name, value in asdict(Notes()).items()}
    return Notes(**{name: value for name, value in known.items() if type(value) is types[name]})


def note(workspace: Path, **changes: Any) -> None:
    """Put these in place of what is noted, at once. Raises UsageError."""
    file = workspace / FILE
    beside = workspace / f".{FILE}.{secrets.token_hex(4)}"
    text = json.dumps(asdict(replace(read_notes(workspace), **changes)), ensure_ascii=False, indent=1)
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text + "\n")
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        reason = error.strerror or error
        raise UsageError(
            _("{path} cannot be written: {reason}.").format(path=file, reason=reason),
            hint=_(
                "Make room, or see who may write there, and do it again: what was begun is then finished."
            ),
        ) from error


def moment_of(text: str) -> datetime | None:
    """A moment that was noted; None where there is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None
