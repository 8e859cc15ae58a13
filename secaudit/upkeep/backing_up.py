"""Makes a backup: ledger, database and files of one moment, read back before it takes its name."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final

from secaudit.errors import UsageError
from secaudit.handover.chain import written as head_text
from secaudit.handover.ledger import FILE as LEDGER
from secaudit.handover.ledger import Ledger
from secaudit.language import _
from secaudit.model.nightly import WATCH_DATABASE
from secaudit.register.times import written
from secaudit.store import file_of, is_absent
from secaudit.store.snapshot import copy_to
from secaudit.upkeep import archive
from secaudit.upkeep.contents import Contents, Leaving, LeftOut, contents_of
from secaudit.upkeep.inventory import Inventory
from secaudit.upkeep.sealed import Drawn, Seal, Unseal

MIB: Final = 1_048_576
DATABASE: Final = "secaudit.db"


@dataclass(frozen=True, slots=True)
class Source:
    """A workspace that is backed up. ``leave``: places below it that hold backups; ``secret_files`` it refers to."""

    workspace: Path
    database: str
    office: str
    version: str
    python: str
    leave: tuple[Path, ...] = ()
    secret_files: frozenset[Path] = frozenset()


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was read back. ``whole``: the database is in it, or there is none yet."""

    file: Path
    size_bytes: int
    inventory: Inventory
    left_out: tuple[LeftOut, ...]
    sealed: bool

    @property
    def whole(self) -> bool:
        """A database that a server keeps is not in it."""
        return self.inventory.database != "server"


def make(source: Source, target: Path, seal: Seal | None, now: datetime) -> Made:
    """Write the backup to ``target``, which must not be there. Raises UsageError, StoreError; then none is left."""
    if target.exists() or target.is_symlink():
        raise UsageError(
            _("{path} is there already; nothing was written.").format(path=target),
            hint=_("Name another file: backups are never overwritten."),
        )
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    copy = beside.with_name(f"{beside.name}.db")
    try:
        contents = contents_of(
            source.workspace, _leaving(source, (beside, copy, target), sealed=seal is not None)
        )
        _refuse_full(source, target.parent, contents)
        drawn = seal.drawn() if seal else None
        found = _written(source, contents, beside, copy, drawn, now)
        _read_back(beside, found, drawn)
        beside.rename(target)
        _sync(target.parent)
        return Made(target, target.stat().st_size, found, contents.left_out, seal is not None)
    except OSError as error:
        raise _cannot(target, error) from error
    finally:
        for file in (beside, copy, copy.with_name(f"{copy.name}-journal")):
            file.unlink(missing_ok=True)


def _leaving(source: Source, own: Sequence[Path], *, sealed: bool) -> Leaving:
    databases = filter(None, (file_of(source.database), source.workspace / WATCH_DATABASE))
    files = [Path(f"{one}{end}") for one in databases for end in ("", "-wal", "-shm", "-journal", "-keep")]
    places = {path.resolve() for path in (*own, *source.leave, *files)}
    return Leaving(frozenset(places), source.secret_files, secrets=not sealed)


def _refuse_full(source: Source, folder: Path, contents: Contents) -> None:
    databases = filter(None, (file_of(source.database), source.workspace / WATCH_DATABASE))
    own = sum(one.stat().st_size for one in databases if one.exists())
    found = os.statvfs(folder)
    free, need = found.f_bavail * found.f_frsize, 2 * own + contents.size_bytes + MIB
    if free < need:
        told = _("{folder}: a backup wants {need} MiB while it is made, {free} MiB are free.")
        raise UsageError(
            told.format(folder=folder, need=need // MIB + 1, free=free // MIB),
            hint=_("Make room there or name another disk; no backup was begun."),
        )


def _written(
    source: Source, contents: Contents, beside: Path, copy: Path, drawn: Drawn | None, now: datetime
) -> Inventory:
    """The ledger is read first: a run that ends meanwhile is then not entered yet, and never one that is gone."""
    workspace = source.workspace.resolve()
    with _new(beside) as stream, archive.writing(stream, drawn) as writer:
        head = _add_ledger(writer, workspace)
        kind, name, form = _add_database(writer, source, copy)
        _add_watch(writer, workspace, copy)
        for inside, path in contents.files:
            if inside != LEDGER:
                _add_file(writer, inside, path)
        found = Inventory(
            made_at=written(now),
            office=source.office,
            version=source.version,
            python=source.python,
            database=kind,
            database_name=name,
            schema=form,
            ledger=head,
            folders=contents.folders,
            files=tuple(writer.parts),
            left_out=tuple(one.name for one in contents.left_out),
        )
        writer.close(found)
    return found


@contextmanager
def _new(file: Path) -> Iterator[IO[bytes]]:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def _add_ledger(writer: archive.Writer, workspace: Path) -> str:
    """No entry is cut in two: whoever writes one waits until its end is known."""
    file = workspace / LEDGER
    head = head_text(Ledger(file).check().head)
    if not file.is_file():
        return head
    with file.open("rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        size = os.fstat(stream.fileno()).st_size
        head = head_text(Ledger(file).check().head)
        fcntl.flock(stream, fcntl.LOCK_UN)
        writer.add(LEDGER, stream, size, 0o600, int(os.fstat(stream.fileno()).st_mtime))
    return head


def _add_database(writer: archive.Writer, source: Source, copy: Path) -> tuple[str, str, str]:
    """Kind, name in the backup, and form of the database."""
    file = file_of(source.database)
    if file is None:
        return "server", "", ""
    if is_absent(source.database):
        return "", "", ""
    form = copy_to(source.database, copy)
    workspace = source.workspace.resolve()
    inside = file.resolve().is_relative_to(workspace)
    name = file.resolve().relative_to(workspace).as_posix() if inside else DATABASE
    _add_file(writer, name, copy)
    copy.unlink()
    return "sqlite", name, form


def _add_watch(writer: archive.Writer, workspace: Path, copy: Path) -> None:
    """The nights of heavy protection, where there were any: as of one moment, too."""
    if (file := workspace / WATCH_DATABASE).is_file():
        copy_to(f"sqlite:///{file}", copy)
        _add_file(writer, WATCH_DATABASE, copy)
        copy.unlink()


def _add_file(writer: archive.Writer, name: str, path: Path) -> None:
    """One that went since it was listed is left out: it was taken away."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return
    with os.fdopen(handle, "rb") as stream:
        seen = os.fstat(handle)
        writer.add(name, stream, seen.st_size, seen.st_mode & 0o777, max(int(seen.st_mtime), 0))


def _read_back(beside: Path, made: Inventory, drawn: Drawn | None) -> None:
    def unsealing() -> Unseal:
        if drawn is None:
            raise _bad_disk()
        return drawn

    if archive.read(beside, unsealing) != made:
        raise _bad_disk()


def _bad_disk() -> UsageError:
    return UsageError(
        _("What was written of the backup is not what is read: the disk may be bad."),
        hint=_("Look at the disk (dmesg, smartctl) and name another one."),
    )


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot(target: Path, error: OSError) -> UsageError:
    message = _("{path} cannot be written: {reason}.")
    return UsageError(
        message.format(path=target, reason=error.strerror or error),
        hint=_("Make room or name another place; nothing is left of it, and older backups are as they were."),
    )


def noted(made: Made, now: datetime) -> dict[str, str | bool]:
    """What the workspace notes of its newest backup."""
    return {
        "backup": str(made.file.resolve()),
        "backup_at": written(now),
        "backup_whole": made.whole,
        "backup_sealed": made.sealed,
        "checked_at": written(now),
        "anchor": made.inventory.ledger,
    }
