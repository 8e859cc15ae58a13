"""A copy of an SQLite database as it is at one moment, whoever writes meanwhile."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from secaudit.errors import StoreError
from secaudit.language import _
from secaudit.store.database import open_engine, translated


def copy_to(url: str, target: Path) -> str:
    """Write the copy to a new file of mode 0600; returns the form of the database (its revision, "" for none).

    One read transaction (sqlite.org/backup.html): a writer goes on, and is not in it. The copy is checked page by
    page. Raises StoreError, then no file is left.
    """
    engine = open_engine(url)
    try:
        with translated(engine.url), engine.connect() as connection:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            return _copied(source, target)
    except (sqlite3.Error, OSError) as error:
        target.unlink(missing_ok=True)
        raise StoreError(
            _("The database cannot be copied to {path}: {reason}.").format(path=target.parent, reason=error),
            hint=_(
                "Make room there, or name another place for the backup; the database itself is as it was."
            ),
        ) from error
    except StoreError:
        target.unlink(missing_ok=True)
        raise
    finally:
        engine.dispose()


def _copied(source: sqlite3.Connection, target: Path) -> str:
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE").close()  # one file alone
        return revision_in(copy)


def revision_in(copy: sqlite3.Connection) -> str:
    """The form of a database whose pages are whole. Raises StoreError where they are not."""
    found = copy.execute("PRAGMA quick_check(1)").fetchone()
    if found != ("ok",):
        raise StoreError(
            _("The database is damaged: {reason}.").format(reason=found[0]),
            hint=_("Restore it from an older backup: secaudit restore FILE DIRECTORY"),
        )
    known = copy.execute("SELECT name FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    row = copy.execute("SELECT version_num FROM alembic_version").fetchone() if known else None
    return str(row[0]) if row else ""


def revision_of(file: Path) -> str:
    """The form of a database in a file that nobody else uses. Raises StoreError."""
    try:
        with closing(sqlite3.connect(file)) as copy:
            return revision_in(copy)
    except sqlite3.Error as error:
        raise StoreError(_("The database is damaged: {reason}.").format(reason=error)) from error
