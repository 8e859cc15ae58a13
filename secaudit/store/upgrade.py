"""Brings a database to the form this version knows, and refuses one that is newer."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, inspect, text

from secaudit.errors import StoreError
from secaudit.language import _
from secaudit.store.database import transaction
from secaudit.store.schema import REVISION

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine) -> None:
    """Create or upgrade the tables where needed; a current database is only read. Raises StoreError."""
    with transaction(engine) as connection:
        if _revision(connection) == REVISION:
            return
    with transaction(engine, writes=True) as connection:
        _upgrade(connection, _revision(connection))  # read again: another process may have been faster


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(connection: Connection, found: str | None) -> None:
    # alembic takes a tenth of a second to import, and is needed once in the life of a database
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            _("The database was written by a newer version of secaudit (form {found}).").format(found=found),
            hint=_("Upgrade secaudit; this version knows form {known}.").format(known=REVISION),
        )
    _refuse_foreign(connection, found)
    command.upgrade(config, "head")


def _refuse_foreign(connection: Connection, found: str | None) -> None:
    if found is None and inspect(connection).get_table_names():
        raise StoreError(
            _("The database holds tables of another program."),
            hint=_("Give secaudit a database of its own."),
        )
