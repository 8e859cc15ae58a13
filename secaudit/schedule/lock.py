"""One night at a time in a workspace: who holds it is named, and what a dead holder left is recognised.

flock(2) ends with the process, on this machine. A holder on another machine of a shared disk is known by what it wrote
and by when it wrote last.
"""

import fcntl
import json
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from secaudit.audit.owner import is_alive, machine_of, this_process
from secaudit.errors import StoreError
from secaudit.language import _
from secaudit.register.times import shown

FILE: Final = "nightly.lock"
# a holder on another machine that wrote nothing for so long is gone; a stage that takes longer is none of ours
SILENT: Final = timedelta(hours=24)
_LIMIT_BYTES: Final = 4096


class Held(StoreError):
    """Another night is under way in the workspace."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process (``secaudit.audit.owner``), its user, since when it holds, and when it last said so."""

    process: str
    user: str
    since: datetime
    seen: datetime

    def __str__(self) -> str:
        told = _("process {pid} of {user} on {machine}, since {since}")
        return told.format(
            pid=_part(self.process, 2),
            user=self.user,
            machine=machine_of(self.process),
            since=shown(self.since),
        )


@dataclass(frozen=True, slots=True)
class Hold:
    """The lock while it is ours; ``stale`` is the holder that left it behind, if one did."""

    handle: int
    holder: Holder
    stale: Holder | None

    def say(self, now: datetime) -> None:
        """Show other machines that we are at work still; on a full disk they wait as long as for a dead one."""
        with suppress(OSError):
            _write(self.handle, Holder(self.holder.process, self.holder.user, self.holder.since, now))


@contextmanager
def alone_in_night(workspace: Path, now: datetime, *, take_over: bool = False) -> Iterator[Hold]:
    """Hold the workspace for a night. Raises Held with who holds it, StoreError where it cannot be written.

    ``take_over``: a person says that the holder on another machine is gone.
    """
    handle = _opened(workspace / FILE)
    try:
        free = _lock(handle)
        before = _read(handle)
        if not free or (before and _still_works(before, now, take_over=take_over)):
            raise _held(before)
        holder = Holder(this_process(), _user(), now, now)
        try:
            _write(handle, holder)
        except OSError as error:
            raise cannot_write(workspace / FILE, error) from error
        try:
            yield Hold(handle, holder, before)
        finally:
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def holder_of(workspace: Path) -> Holder | None:
    """Who is at work, or said so and did not take it back; None for nobody. It is only read."""
    try:
        handle = os.open(workspace / FILE, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return _read(handle)
    finally:
        os.close(handle)


def is_at_work(holder: Holder, now: datetime) -> bool:
    """Whether that holder may be at work still."""
    return _still_works(holder, now, take_over=False)


def cannot_write(path: Path, error: OSError) -> StoreError:
    """What a night cannot do without."""
    told = _("{path} cannot be written: {reason}.")
    return StoreError(
        told.format(path=path, reason=error.strerror or error),
        hint=_(
            "A night needs room and the right to write in the workspace; look at the disk and at its owner."
        ),
    )


def _opened(file: Path) -> int:
    try:
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise cannot_write(file, error) from error


def _lock(handle: int) -> bool:
    """Whether no process of this machine holds it. A file system without locks holds nobody: what is written counts."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _still_works(holder: Holder, now: datetime, *, take_over: bool) -> bool:
    """A machine that was started anew has another boot id; one kernel has one, whatever its containers are called."""
    here = this_process()
    if machine_of(holder.process) == machine_of(here):
        return is_alive(holder.process)
    if _part(holder.process, 1) == _part(here, 1):
        return False  # the lock is free, and on one kernel that is the truth
    return not take_over and now - holder.seen < SILENT


def _held(holder: Holder | None) -> Held:
    told = _("Another night is under way in this workspace: {holder}.").format(
        holder=holder or _("a process that has not said its name yet")
    )
    if holder and machine_of(holder.process) != machine_of(this_process()):
        hint = _("If nothing works on it there any more: secaudit nightly --take-over")
        return Held(told, hint=hint)
    return Held(told, hint=_("Wait for it to end; how far it is: secaudit nightly --status"))


def _read(handle: int) -> Holder | None:
    """What the holder wrote; None where it wrote nothing, or nothing that can be read."""
    try:
        said = json.loads(os.pread(handle, _LIMIT_BYTES, 0))
        since, seen = (datetime.fromisoformat(said[name]).astimezone(UTC) for name in ("since", "seen"))
        return Holder(str(said["process"]), str(said["user"]), since, seen)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(handle: int, holder: Holder) -> None:
    said = {
        "process": holder.process,
        "user": holder.user,
        "since": holder.since.isoformat(),
        "seen": holder.seen.isoformat(),
    }
    content = json.dumps(said).encode()
    os.ftruncate(handle, os.pwrite(handle, content, 0))
    os.fsync(handle)


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _part(process: str, place: int) -> str:
    parts = process.rsplit("/", 3)
    return parts[place] if len(parts) == 4 else ""
