"""The connection to the database: how it is opened, its transactions, and its errors in our words."""

import errno
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from secaudit.errors import StoreError
from secaudit.language import _

BUSY_TIMEOUT_S: Final = 30
BUSY_PAUSE_S: Final = 0.02
# the first -shm file of a WAL database (sqlite.org/walformat.html), and a page of its -wal
SHM_BYTES: Final = 32_768 + 4_096
# SQLite has no code for it
QUOTA: Final = "QUOTA"


def open_engine(url: str, busy_timeout_s: float = BUSY_TIMEOUT_S) -> Engine:
    """An engine for that URL; an SQLite file is created readable by its owner alone. Raises StoreError."""
    parsed = _parsed(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite:
        _create_file(parsed)
        parsed = _as_it_can_be_opened(parsed)
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
        if parsed.query.get("mode") != "ro":
            event.listen(engine, "connect", partial(_keep_journal, busy_timeout_s))
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
    path = _file_of(url)
    if path is None or path.exists():
        return
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise StoreError(
            _("The database {path} cannot be created: {reason}.").format(path=path, reason=error.strerror),
            hint=_("Create the folder, or name another one with --workspace."),
        ) from error


def is_absent(url: str) -> bool:
    """Whether the URL names a file that is not there. Raises StoreError when it is no URL."""
    path = file_of(url)
    return path is not None and not path.exists()


def file_of(url: str) -> Path | None:
    """The file of an SQLite database; None for one that a server keeps. Raises StoreError when it is no URL."""
    parsed = _parsed(url)
    return _file_of(parsed) if parsed.get_backend_name() == "sqlite" else None


def address_of(url: str) -> str:
    """Where a server keeps the database, as its own tools take it; a password is not in it. Raises StoreError."""
    parsed = _parsed(url)
    # ``URL.set`` takes no None: a password stays with it
    bare = parsed._replace(drivername=parsed.get_backend_name(), password=None)
    return bare.render_as_string(hide_password=False)


def _file_of(url: URL) -> Path | None:
    """The file of an SQLite database that is named by its path."""
    name = url.database
    return None if not name or name == ":memory:" or name.startswith("file:") else Path(name)


def _as_it_can_be_opened(url: URL) -> URL:
    """Read-only where nothing can be written (sqlite.org/uri.html).

    A reader of a WAL database writes its -shm file; ``immutable`` spares it, when no -wal holds newer pages.
    """
    path = _file_of(url)
    if path is None or not path.is_file():
        return url
    beside = os.access(path.parent, os.W_OK) and _has_room(path)
    if beside and os.access(path, os.W_OK):
        return url
    query = {"uri": "true", "mode": "ro"}
    if not beside and not _has_newer_pages(path):
        query["immutable"] = "1"
    return url.set(database=f"file:{quote(str(path.absolute()))}", query=query)


def _has_newer_pages(path: Path) -> bool:
    wal = path.with_name(f"{path.name}-wal")
    return wal.exists() and wal.stat().st_size > 0


def _has_room(path: Path) -> bool:
    """Whether the -shm file of a reader still fits on the disk."""
    found = os.statvfs(path.parent)
    return found.f_bavail * found.f_frsize >= SHM_BYTES


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves: sqlite3 would begin them too late
    for pragma in ("foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _keep_journal(busy_timeout_s: float, connection: Any, _record: object) -> None:
    """Write-ahead logging; SQLite does not wait for the lock where two processes open a new database at once."""
    end = time.monotonic() + busy_timeout_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(BUSY_PAUSE_S)


def _begin_sqlite(connection: Connection) -> None:
    """A reader that later writes fails at once when another wrote (SQLITE_BUSY_SNAPSHOT): writers say so.

    What must stand outside every transaction (VACUUM) says so, too.
    """
    if connection.get_execution_options().get("outside"):
        return
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(engine: Engine, *, writes: bool = False) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back on any error. Raises StoreError."""
    with translated(engine.url), engine.connect() as opened:
        connection = opened.execution_options(writes=writes)
        with connection.begin():
            yield connection


def wait_for_others(connection: Connection, line: int) -> None:
    """Until the transaction ends nobody else passes here with that number. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(line)))


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
    name = str(url.database)
    if name.startswith("file:"):
        return unquote(name.removeprefix("file:"))
    return f"{url.host}/{name}" if url.host else name


def _in_our_words(error: DBAPIError, name: str) -> StoreError:
    code = str(getattr(error.orig, "sqlite_errorname", ""))
    if code.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN")):
        code = _want_of_room(name) or code
    for start, (message, hint) in _known_errors().items():
        if code.startswith(start):
            return StoreError(message.format(name=name), hint=hint)
    reason = str(error.orig).strip().partition("\n")[0]
    return StoreError(_("The database {name} failed: {reason}.").format(name=name, reason=reason))


def _want_of_room(name: str) -> str:
    """What SQLite calls an error of the disk although only room is wanting; "" where it is not that."""
    path = Path(name)
    if not (path.is_file() and os.access(path.parent, os.W_OK)):
        return ""
    if not _has_room(path):
        return "SQLITE_FULL"
    return QUOTA if _is_over_quota(path.parent) else ""


def _is_over_quota(folder: Path) -> bool:
    """Tried on a file without a name: a quota is seen in no figure of the disk, and NFS tells it late."""
    try:
        with tempfile.TemporaryFile(dir=folder, buffering=0) as tried:
            tried.write(b"\0" * SHM_BYTES)
            os.fsync(tried.fileno())
    except OSError as error:
        return error.errno == errno.EDQUOT
    return False


def _known_errors() -> dict[str, tuple[str, str]]:
    restore = _("Restore it from a backup, or move it away and scan again.")
    make_room = _("Make room and run the scan again with --resume; what was stored before is kept.")
    return {
        QUOTA: (_("The quota of this account is used up: the database {name} cannot grow."), make_room),
        "SQLITE_READONLY": (
            _("The database {name} is read-only."),
            _("Check the permissions of the file and its folder, and whether the file system is read-only."),
        ),
        "SQLITE_FULL": (
            _("The disk is full: the database {name} cannot grow."),
            make_room,
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
