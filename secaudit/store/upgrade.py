"""Brings a database to the form this version knows, and refuses one that is newer."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, inspect, text

from secaudit.errors import StoreError
from secaudit.language import _
from secaudit.store.database import transaction
from secaudit.store.schema import REVISION

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS: Final = Path(__file__).parent / "migrations"


class Form(StrEnum):
    """What a database is to this version; nothing but an upgrade makes an older one current."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"


def form_of(engine: Engine) -> Form:
    """What the database is, which is only read. Raises StoreError for a newer or foreign one."""
    with transaction(engine) as connection:
        found = _revision(connection)
        if found == REVISION:
            return Form.CURRENT
        _refuse_foreign(connection, found)
        _refuse_newer(found, _known_revisions())
        return Form.EMPTY if found is None else Form.OLDER


def bring_up_to_date(engine: Engine) -> None:
    """Create or upgrade the tables where needed; a current database is only read. Raises StoreError."""
    with transaction(engine) as connection:
        if _revision(connection) == REVISION:
            return
    with transaction(engine, writes=True) as connection:
        _upgrade(connection, _revision(connection))  # read again: another process may have been faster


def known_forms() -> frozenset[str]:
    """The revisions that this version reads or brings up to date."""
    return frozenset(_known_revisions())


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _upgrade(connection: Connection, found: str | None) -> None:
    # alembic takes a tenth of a second to import, and is needed once in the life of a database
    from alembic import command

    _refuse_newer(found, _known_revisions())
    _refuse_foreign(connection, found)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _refuse_newer(found: str | None, known: set[str]) -> None:
    if found is not None and found not in known:
        raise StoreError(
            _("The database was written by a newer version of secaudit (form {found}).").format(found=found),
            hint=_("Upgrade secaudit; this version knows form {known}.").format(known=REVISION),
        )


def _refuse_foreign(connection: Connection, found: str | None) -> None:
    if found is None and inspect(connection).get_table_names():
        raise StoreError(
            _("The database holds tables of another program."),
            hint=_("Give secaudit a database of its own."),
        )
