"""Complete runs in outline: which systems each audited whole.

The plans of a year are nearly all the same: each is read once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Final

from sqlalchemy import Connection, Engine, select

from secaudit.model.register import Organisation
from secaudit.model.run import RunState
from secaudit.store.blobs import read_blob
from secaudit.store.codec import Codec
from secaudit.store.database import transaction
from secaudit.store.schema import RUNS

NOT_REACHED: Final = "none"


@dataclass(frozen=True, slots=True)
class _Reach:
    transport: str


@dataclass(frozen=True, slots=True)
class _Asset:
    id: str
    reach: _Reach


@dataclass(frozen=True, slots=True)
class _System:
    id: str
    name: str
    organisation: str
    assets: tuple[_Asset, ...]


@dataclass(frozen=True, slots=True)
class _Planned:
    asset_id: str


@dataclass(frozen=True, slots=True)
class _Plan:
    organisations: tuple[Organisation, ...]
    systems: tuple[_System, ...]
    assets: tuple[_Planned, ...]


_PLAN: Final = Codec[_Plan](_Plan)


@dataclass(frozen=True, slots=True)
class WholeSystem:
    """A system of which a run visited all that can be visited."""

    id: str
    name: str
    organisation: str
    assets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A complete run; ``organisations`` are those of its register."""

    run_id: str
    started_at: datetime
    organisations: tuple[Organisation, ...]
    systems: tuple[WholeSystem, ...]


def outlines(engine: Engine) -> Iterator[Outline]:
    """All complete runs, the newest first. Raises StoreError."""
    query = select(RUNS.c.id, RUNS.c.started_at, RUNS.c.plan).where(RUNS.c.state == RunState.COMPLETE)
    with transaction(engine) as connection:
        rows = connection.execute(query.order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc())).all()
        planned = lru_cache(maxsize=64)(partial(_planned, connection))
        for row in rows:
            organisations, systems = planned(row.plan)
            yield Outline(row.id, row.started_at, organisations, systems)


def _planned(
    connection: Connection, hash_: bytes
) -> tuple[tuple[Organisation, ...], tuple[WholeSystem, ...]]:
    plan = _PLAN.decode(read_blob(connection, hash_))
    planned = {one.asset_id for one in plan.assets}
    systems = tuple(
        WholeSystem(one.id, one.name, one.organisation, tuple(a.id for a in one.assets if a.id in planned))
        for one in plan.systems
        if all(asset.id in planned for asset in one.assets if asset.reach.transport != NOT_REACHED)
    )
    return plan.organisations, systems
