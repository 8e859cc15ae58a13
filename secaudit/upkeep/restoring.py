"""Brings a workspace back from a backup: everything is verified before the folder takes its name."""

import os
import secrets
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import IO, Final

from secaudit.errors import StoreError, UsageError
from secaudit.handover.chain import anchor_of
from secaudit.handover.ledger import FILE as LEDGER
from secaudit.handover.ledger import Ledger
from secaudit.language import _
from secaudit.store import known_forms
from secaudit.store.snapshot import revision_of
from secaudit.upkeep import archive
from secaudit.upkeep.inventory import Inventory
from secaudit.upkeep.sealed import Unsealing

MIB: Final = 1_048_576
CHUNK_BYTES: Final = 1 << 20
WAITING: Final = "notices/waiting/"


def restore(file: Path, folder: Path, unsealing: Unsealing) -> Inventory:
    """The workspace of a backup in a new folder, or in one that is empty. Raises UsageError; then nothing is there."""
    _refuse_taken(folder)
    found = check(file, unsealing)
    _refuse_full(folder, found)
    beside = folder.absolute().with_name(f".{folder.absolute().name}.{secrets.token_hex(4)}")
    try:
        beside.mkdir(mode=0o700)
        for name in found.folders:
            (beside / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        again = archive.read(file, unsealing, partial(_keep, beside))
        if again != found:
            raise UsageError(
                _("{path} was changed while it was read; nothing was restored.").format(path=file)
            )
        _refuse_unlike(beside, found)
        beside.rename(folder)
    except OSError as error:
        raise _cannot(folder, error) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return found


def check(file: Path, unsealing: Unsealing) -> Inventory:
    """A backup that could be restored with this version. Raises UsageError for any other."""
    found = archive.read(file, unsealing)
    if found.schema and found.schema not in known_forms():
        told = _("The backup is of a newer version of secaudit: {version}, form {form} of the database.")
        raise UsageError(
            told.format(version=found.version, form=found.schema),
            hint=_("Upgrade secaudit and restore it then; the backup itself is whole."),
        )
    return found


def _refuse_taken(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UsageError(_("{path} is no folder.").format(path=folder))
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(
            _("{path} is not empty; nothing was restored.").format(path=folder),
            hint=_("Name a new folder; put what you need of it in its place by hand."),
        )
    if not folder.absolute().parent.is_dir():
        raise UsageError(_("There is no folder {path}.").format(path=folder.absolute().parent))


def _refuse_full(folder: Path, found: Inventory) -> None:
    seen = os.statvfs(folder.absolute().parent)
    free = seen.f_bavail * seen.f_frsize
    if free < found.size_bytes + MIB:
        told = _("{folder}: the backup unpacks to {need} MiB, {free} MiB are free.")
        raise UsageError(
            told.format(folder=folder, need=found.size_bytes // MIB + 1, free=free // MIB),
            hint=_("Make room there or name another folder; nothing was written."),
        )


def _keep(beside: Path, name: str, mode: int, changed: int, content: IO[bytes]) -> None:
    """A private file, whatever it was; its folders are made where no list named them. Raises UsageError."""
    path = beside / name
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        handle = os.open(path, flags, mode & 0o700 | 0o600)
    except OSError as error:
        raise _cannot(path, error) from error
    try:
        while chunk := content.read(CHUNK_BYTES):  # what it raises is told of the backup
            _write(handle, chunk, path)
        _end(handle, changed, path)
    finally:
        os.close(handle)


def _write(handle: int, chunk: bytes, path: Path) -> None:
    left = memoryview(chunk)
    try:
        while left:
            left = left[os.write(handle, left) :]
    except OSError as error:
        raise _cannot(path, error) from error


def _end(handle: int, changed: int, path: Path) -> None:
    try:
        os.fsync(handle)
        os.utime(handle, (changed, changed))
    except OSError as error:
        raise _cannot(path, error) from error


def _cannot(path: Path, error: OSError) -> UsageError:
    return UsageError(
        _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror or error),
        hint=_("Make room or name another folder; the backup is as it was."),
    )


def _refuse_unlike(beside: Path, found: Inventory) -> None:
    """The ledger must end where the inventory says, and the database be whole."""
    anchor = anchor_of(found.ledger)
    if (beside / LEDGER).exists() and (anchor is None or Ledger(beside / LEDGER).check().head != anchor):
        raise UsageError(
            _("The ledger in the backup is not the one that was backed up; nothing was restored.")
        )
    if found.database_name:
        try:
            revision_of(beside / found.database_name)
        except StoreError as error:
            raise UsageError(str(error), hint=_("Take an older backup.")) from error


def left_to_do(found: Inventory) -> Iterable[str]:
    """What a person has to look after once it is restored: what no backup holds."""
    yield _(
        "secrets are references and not in a backup: set the variables and put the key files in their places"
    )
    if found.left_out:
        names = ", ".join(found.left_out[:5]) + (" …" if len(found.left_out) > 5 else "")
        yield _("these were left out, bring them back by hand: {names}").format(names=names)
    waiting = sum(part.name.startswith(WAITING) for part in found.files)
    if waiting:
        told = _(
            "{count} notices waited when the backup was made, and go out again with the next night: see notices list, "
            "and move out of {folder} what has been delivered since"
        )
        yield told.format(count=waiting, folder=WAITING)
    if found.database == "server":
        yield _("load the database into the server: pg_restore --dbname DATABASE DUMP")
    elif found.database_name:
        yield _("look whether database: in secaudit.yaml names {name} in this folder").format(
            name=found.database_name
        )
