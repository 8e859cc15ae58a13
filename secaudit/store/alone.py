"""Contents that are stored but not named yet must not be swept away: storing and sweeping wait for each other."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, func, select

from secaudit.errors import StoreError
from secaudit.language import _
from secaudit.store.database import file_of

# the advisory lock of PostgreSQL that stands for contents: any number that nothing else there uses
CONTENTS: Final = 0x7365_6361_7564_6975


def before_storing(connection: Connection) -> None:
    """Until the transaction ends nothing is swept. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(CONTENTS)))


def before_sweeping(connection: Connection) -> None:
    """Until the transaction ends nobody stores contents."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(CONTENTS)))


@contextmanager
def nothing_swept(engine: Engine) -> Iterator[None]:
    """Over several transactions: what the first ones store is named by the last one."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(select(func.pg_advisory_lock_shared(CONTENTS)))
            try:
                yield
            finally:
                connection.execute(select(func.pg_advisory_unlock_shared(CONTENTS)))
        return
    with _file_lock(engine, fcntl.LOCK_SH):
        yield


@contextmanager
def nothing_in_flight(engine: Engine) -> Iterator[None]:
    """Nobody is between such transactions meanwhile (SQLite). Raises StoreError where somebody is."""
    with _file_lock(engine, fcntl.LOCK_EX | fcntl.LOCK_NB):
        yield


@contextmanager
def _file_lock(engine: Engine, how: int) -> Iterator[None]:
    """flock(2) on a file beside the database; it ends with the process. A database without a file has one user."""
    file = file_of(engine.url.render_as_string(hide_password=False))
    if file is None:
        yield
        return
    path = file.with_name(f"{file.name}-keep")
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason = error.strerror or error
        raise StoreError(_("{path} cannot be written: {reason}.").format(path=path, reason=reason)) from error
    try:
        fcntl.flock(handle, how)
        yield
    except BlockingIOError as error:
        raise StoreError(
            _("A run is being judged again at this moment: nothing was pruned."),
            hint=_("Prune when it has ended."),
        ) from error
    finally:
        os.close(handle)
