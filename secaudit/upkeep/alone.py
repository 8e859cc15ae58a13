"""One at a time looks after a workspace: nothing is pruned while a backup is made."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _

LOCK: Final = "upkeep.lock"


@contextmanager
def alone(workspace: Path, *, reading: bool = False) -> Iterator[None]:
    """flock(2): it ends with the process. Raises UsageError where another one is at it.

    ``reading``: where nothing can be written, nobody else prunes either.
    """
    path = workspace / LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if reading and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            yield
            return
        reason = error.strerror or error
        raise UsageError(
            _("{path} cannot be written: {reason}.").format(path=path, reason=reason),
            hint=_(
                "Check who owns the workspace, and whether its file system is read-only; nothing was done."
            ),
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise UsageError(
            _("The workspace is being backed up or pruned at this moment; nothing was done."),
            hint=_("Do it again when that has ended."),
        ) from error
    finally:
        os.close(handle)
