"""Reads and writes files of a workspace: private, whole, never over what somebody else wrote."""

import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from secaudit.errors import UsageError
from secaudit.language import _


def make_private_folder(folder: Path) -> None:
    """Make the folder with mode 0700 (its parents too, as usual); one that is there stays as it is."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _cannot_write(folder, error) from error


def read_text(file: Path) -> str:
    """The text of a file with its line ends and byte order mark; raises UsageError."""
    try:
        return file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=file, reason=error)) from error


def write_new(file: Path, content: str | bytes) -> None:
    """Write a file of mode 0600 that must not be there yet (UsageError), neither as a link."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise _cannot_write(file, error) from error
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        file.unlink(missing_ok=True)
        raise _cannot_write(file, error) from error


def replace(file: Path, text: str, before: str) -> None:
    """Put a new text in place of the one ``before`` at once: a reader sees the old or the new one, whole.

    The mode stays, and a link stays a link. Raises UsageError, also where the file says something else by now.
    """
    file = file.resolve()
    with alone_in(file.parent):
        _refuse_changed(file, before)
        _replace(file, text)


def replace_all(changes: Sequence[tuple[Path, str, str | None]]) -> None:
    """``replace`` for files of one folder, all or none: (file, new text, what it says now or None where it is new).

    Raises UsageError; then every file says what it said before.
    """
    if not changes:
        return
    done: list[tuple[Path, str | None]] = []
    with alone_in(changes[0][0].parent):
        for file, _text, before in changes:
            _refuse_changed(file, before)
        try:
            for file, text, before in changes:
                _put(file, text, new=before is None)
                done.append((file, before))
        except UsageError:
            for file, before in done:
                _take_back(file, before)
            raise


def _refuse_changed(file: Path, before: str | None) -> None:
    if file.is_file() and read_text(file) != before:
        raise UsageError(
            _("{path} was changed by somebody else meanwhile; nothing was written.").format(path=file),
            hint=_("Do it again: it then builds on what the file says now."),
        )


def _put(file: Path, text: str, *, new: bool) -> None:
    if new:
        write_new(file, text)
    else:
        _replace(file.resolve(), text)


def _take_back(file: Path, before: str | None) -> None:
    if before is None:
        file.unlink(missing_ok=True)
    else:
        _replace(file.resolve(), before)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """No other secaudit replaces a file in that folder meanwhile (flock(2): it ends with the process)."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _replace(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    write_new(beside, text)
    try:
        beside.chmod(stat.S_IMODE(file.stat().st_mode))
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _cannot_write(file, error) from error


def _cannot_write(path: Path, error: OSError) -> UsageError:
    message = _("{path} cannot be written: {reason}.")
    return UsageError(message.format(path=path, reason=error.strerror or error))


def mark_of(folder: Path) -> str:
    """A name that files and units of this folder bear, and those of no other on the machine."""
    slug = re.sub(r"[^A-Za-z0-9]+", "-", folder.name).strip("-")[:40].lower() or "workspace"
    return f"{slug}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:6]}"
