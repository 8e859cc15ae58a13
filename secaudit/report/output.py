"""Files of a report: private, whole or not there."""

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from secaudit.errors import UsageError
from secaudit.language import _

# as tempfile names them: ``.report.html.ab3d_x9z``
_TEMPORARY: Final = re.compile(r"^\..+\.[a-z]+\.[a-z0-9_]{8}$")


def write_json(view: dict[str, Any], path: Path) -> None:
    """The view as JSON (UTF-8, sorted as built). Raises UsageError when it cannot be written."""
    write_text(path, json_parts(view))


def json_parts(view: dict[str, Any]) -> Iterator[str]:
    """The parts of the view as JSON text."""
    return json.JSONEncoder(ensure_ascii=False, indent=1).iterencode(view)


def write_text(path: Path, parts: Iterable[str]) -> None:
    """``write_bytes`` of a text in UTF-8; a lone surrogate stands as ``\\udXXX``, which JSON reads back."""
    write_bytes(path, (part.encode("utf-8", "backslashreplace") for part in parts))


def write_bytes(path: Path, parts: Iterable[bytes]) -> None:
    """The parts as a file of mode 0600 that appears only when it is complete. Raises UsageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _replacing(path) as stream:
            for part in parts:
                stream.write(part)
    except OSError as error:
        raise UsageError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror or error),
            hint=_("Make room there, or have it written to another folder; the run itself is kept."),
        ) from error


def remove_left_over(folder: Path, before: datetime) -> int:
    """Remove what a kill left of files that were being written, of those untouched since then; how many."""
    removed = 0
    for file in folder.glob(".*.*"):
        try:
            if _TEMPORARY.search(file.name) and file.lstat().st_mtime < before.timestamp():
                file.unlink()
                removed += 1
        except OSError:
            continue  # its writer was faster
    return removed


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
