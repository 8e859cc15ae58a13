"""Takes runs away: their rows, then the contents that nothing names any more, a few at a time.

A content is named by a column of a row, by the observation set that holds the hash of an answer, or as the root of
a difference. What stays is marked in a table of the connection; what is not marked goes. What a scan stores
meanwhile is marked within the transaction that takes away, so that nothing which is named is ever lost.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    Select,
    Table,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from secaudit.store.alone import before_sweeping, nothing_in_flight
from secaudit.store.blobs import DIFFERENCE, HASH_BYTES, read_blob
from secaudit.store.database import transaction, translated
from secaudit.store.evidence import named_in
from secaudit.store.schema import BLOBS, JUDGED_VISITS, JUDGEMENTS, METADATA, RUNS, VISITS

RUNS_AT_ONCE: Final = 50
SETS_AT_ONCE: Final = 200
# a server looks through all visits for each content that goes, and others wait meanwhile
BLOBS_AT_ONCE: Final = 2_000
AT_ONCE_ON_SERVER: Final = 200

_OWN: Final = MetaData()
# ``rooted``: its root is marked, too
_NAMED: Final = Table(
    "named",
    _OWN,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("rooted", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
)
_SETS: Final = Table(
    "sets_seen",
    _OWN,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("read", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
)


def forget_runs(engine: Engine, run_ids: Sequence[str]) -> None:
    """Take away the rows of these runs, a run whole or not at all. Raises StoreError, also while one is judged."""
    with nothing_in_flight(engine):
        for start in range(0, len(run_ids), RUNS_AT_ONCE):
            some = run_ids[start : start + RUNS_AT_ONCE]
            with transaction(engine, writes=True) as connection:
                for table in (JUDGED_VISITS, JUDGEMENTS, VISITS):
                    connection.execute(delete(table).where(table.c.run_id.in_(some)))
                connection.execute(delete(RUNS).where(RUNS.c.id.in_(some)))


def sweep(engine: Engine) -> int:
    """Take away every content that nothing names; returns how many. Raises StoreError."""
    gone = 0
    with nothing_in_flight(engine), translated(engine.url), _own_tables(engine) as connection:
        while _read_some(connection):  # most of the work, beside whoever writes
            pass
        with connection.begin():
            _mark_roots(connection)
        while some := _take_away_some(connection):
            gone += some
    return gone


@contextmanager
def _own_tables(engine: Engine) -> Iterator[Connection]:
    """A connection with the tables of marks; they end with it."""
    with engine.connect() as connection:
        connection.detach()
        _leave_references_to_us(connection)
        with connection.begin():
            _OWN.create_all(connection, checkfirst=False)
        yield connection


def _leave_references_to_us(connection: Connection) -> None:
    """What is marked is looked for once; SQLite would look through all visits for each content that goes."""
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.execute("PRAGMA foreign_keys = OFF").close()


def _read_some(connection: Connection) -> int:
    """Mark what is named by rows and by some of the sets that were not read yet; returns how many those were."""
    connection.execution_options(writes=False)
    with connection.begin():
        _mark_rows(connection)
        return _mark_sets(connection)


def _take_away_some(connection: Connection) -> int:
    connection.execution_options(writes=True)
    with connection.begin():
        before_sweeping(connection)
        _mark_rows(connection)
        while _mark_sets(connection):
            pass
        _mark_roots(connection)
        unnamed = BLOBS.c.hash.not_in(select(_NAMED.c.hash))
        at_once = BLOBS_AT_ONCE if connection.dialect.name == "sqlite" else AT_ONCE_ON_SERVER
        hashes = connection.execute(select(BLOBS.c.hash).where(unnamed).limit(at_once)).scalars().all()
        if hashes:
            connection.execute(delete(BLOBS).where(BLOBS.c.hash.in_(hashes)))
        return len(hashes)


def _mark_rows(connection: Connection) -> None:
    """Whatever a column names that refers to contents, of every table there is."""
    for table in METADATA.sorted_tables:
        for column in table.columns:
            if column.references(BLOBS.c.hash):
                _mark(connection, select(column).where(column.is_not(None)).distinct())
    seen = select(_SETS.c.hash)
    new = select(VISITS.c.observations, literal(False)).where(VISITS.c.observations.not_in(seen)).distinct()
    connection.execute(insert(_SETS).from_select(["hash", "read"], new))


def _mark_sets(connection: Connection) -> int:
    """The answers and questions that some of the unread sets name."""
    query = select(_SETS.c.hash).where(_SETS.c.read.is_(False)).limit(SETS_AT_ONCE)
    sets = connection.execute(query).scalars().all()
    for hash_ in sets:
        inner = named_in(hash_, partial(read_blob, connection))
        known = connection.execute(select(_NAMED.c.hash).where(_NAMED.c.hash.in_(inner))).scalars().all()
        if new := inner - set(known):
            connection.execute(insert(_NAMED), [{"hash": one, "rooted": False} for one in new])
    if sets:
        connection.execute(update(_SETS).where(_SETS.c.hash.in_(sets)).values(read=True))
    return len(sets)


def _mark_roots(connection: Connection) -> None:
    """The roots of the differences that stay; a root is stored whole, so one step is enough."""
    root = func.substr(BLOBS.c.content, 2, HASH_BYTES, type_=LargeBinary(32))
    differs = func.substr(BLOBS.c.content, 1, 1, type_=LargeBinary(1)) == DIFFERENCE
    unrooted = select(root).join(_NAMED, _NAMED.c.hash == BLOBS.c.hash).where(_NAMED.c.rooted.is_(False))
    _mark(connection, unrooted.where(differs).distinct())
    connection.execute(update(_NAMED).where(_NAMED.c.rooted.is_(False)).values(rooted=True))


def _mark(connection: Connection, hashes: Select[Any]) -> None:
    found = hashes.subquery()
    (column,) = found.columns
    new = select(column, literal(False)).where(column.not_in(select(_NAMED.c.hash)))
    connection.execute(insert(_NAMED).from_select(["hash", "rooted"], new))
