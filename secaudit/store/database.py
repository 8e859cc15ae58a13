"""The connection to the database: how it is opened, its transactions, and its errors in our words."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from secaudit.errors import StoreError
from secaudit.language import _

BUSY_TIMEOUT_S: Final = 30


def open_engine(url: str, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """An engine for that URL; an SQLite file is created readable by its owner alone. Raises StoreError."""
    parsed = _parsed(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite:
        _create_file(parsed)
    try:
        engine = create_engine(
            parsed,
            hide_parameters=True,
            connect_args={"timeout": busy_timeout_s} if sqlite else {},
        )
    except (ImportError, SQLAlchemyError) as error:
        raise StoreError(
            _("The driver for the database {backend} is missing.").format(backend=parsed.drivername),
            hint=_("Install it beside secaudit, for PostgreSQL: pip install psycopg[binary]"),
        ) from error
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:  # the URL may hold a password: it is not repeated
        raise StoreError(
            _("The address of the database is not valid."),
            hint=_("Write it like sqlite:///secaudit.db or postgresql+psycopg://user@host/name"),
        ) from error


def _create_file(url: URL) -> None:
    """SQLite gives its -wal and -shm files the mode of the database itself, so this one decides."""
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        return
    path = Path(url.database)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreError(
            _("The database {path} cannot be created: {reason}.").format(path=path, reason=error.strerror),
            hint=_("Create the folder, or name another one with --workspace."),
        ) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves: sqlite3 would begin them too late
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """A reader that later writes fails at once when another wrote (SQLITE_BUSY_SNAPSHOT): writers say so."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(engine: Engine, *, writes: bool = False) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back on any error. Raises StoreError."""
    with translated(engine.url), engine.connect() as opened:
        connection = opened.execution_options(writes=writes)
        with connection.begin():
            yield connection


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Errors of the database as StoreError: what is wrong and what to do next."""
    try:
        yield
    except IntegrityError as error:
        raise StoreError(
            _("The database {name} already holds this.").format(name=_name(url)),
            hint=_("Another secaudit works on the same run; wait for it to end."),
        ) from error
    except DBAPIError as error:
        raise _in_our_words(error, _name(url)) from error


def _name(url: URL) -> str:
    return f"{url.host}/{url.database}" if url.host else str(url.database)


def _in_our_words(error: DBAPIError, name: str) -> StoreError:
    code = str(getattr(error.orig, "sqlite_errorname", ""))
    for start, (message, hint) in _known_errors().items():
        if code.startswith(start):
            return StoreError(message.format(name=name), hint=hint)
    reason = str(error.orig).strip().partition("\n")[0]
    return StoreError(_("The database {name} failed: {reason}.").format(name=name, reason=reason))


def _known_errors() -> dict[str, tuple[str, str]]:
    restore = _("Restore it from a backup, or move it away and scan again.")
    return {
        "SQLITE_READONLY": (
            _("The database {name} is read-only."),
            _("Check the permissions of the file and its folder, and whether the file system is read-only."),
        ),
        "SQLITE_FULL": (
            _("The disk is full: the database {name} cannot grow."),
            _("Make room and run the scan again with --resume; what was stored before is kept."),
        ),
        "SQLITE_BUSY": (
            _("The database {name} is locked by another program."),
            _("Wait until it has finished, or end it."),
        ),
        "SQLITE_LOCKED": (
            _("The database {name} is locked by another program."),
            _("Wait until it has finished, or end it."),
        ),
        "SQLITE_NOTADB": (_("The file {name} is not a database."), restore),
        "SQLITE_CORRUPT": (_("The database {name} is damaged."), restore),
        "SQLITE_CANTOPEN": (
            _("The database {name} cannot be opened."),
            _("Check that the folder exists and that you may write to it."),
        ),
        "SQLITE_IOERR": (
            _("The database {name} cannot be read or written: the disk reports an error."),
            _("Check the disk and the file system."),
        ),
    }
