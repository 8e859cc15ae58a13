"""Whether the file of a database is whole."""

from typing import Final

from secaudit.store.database import file_of, open_engine, transaction

TOLD: Final = 5


def damage_of(url: str) -> tuple[str, ...]:
    """What SQLite finds wrong with the file, nothing where it is whole or a server keeps it. Raises StoreError.

    Reads every page (sqlite.org/pragma.html#pragma_quick_check); the file must be there.
    """
    if file_of(url) is None:
        return ()
    engine = open_engine(url)
    try:
        with transaction(engine) as connection:
            found = connection.exec_driver_sql(f"PRAGMA quick_check({TOLD})").scalars().all()
    finally:
        engine.dispose()
    return () if found == ["ok"] else tuple(map(str, found))
