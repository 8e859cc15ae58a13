"""What a run holds as one digest: its row, and of every visit the hashes under which its content is stored."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, func, select

from secaudit.model.run import RunState
from secaudit.store.schema import JUDGED_VISITS, JUDGEMENTS, RUNS, VISITS


def runs_on_record(connection: Connection) -> list[tuple[str, RunState, int]]:
    """Id, state and number of later judgements of every run, the oldest first."""
    judged = select(func.count()).where(JUDGEMENTS.c.run_id == RUNS.c.id).scalar_subquery()
    query = select(RUNS.c.id, RUNS.c.state, judged.label("judged")).order_by(RUNS.c.started_at, RUNS.c.id)
    return [(row.id, RunState(row.state), row.judged) for row in connection.execute(query)]


def digest_of(connection: Connection, run_id: str, judgement: int) -> str:
    """SHA-256 in hex of a run (0) or of a later judgement of it."""
    if judgement == 0:
        table, visits = RUNS.c.id == run_id, select(VISITS).where(VISITS.c.run_id == run_id)
        rows = [
            *connection.execute(select(RUNS).where(table)),
            *connection.execute(visits.order_by(VISITS.c.asset_id)),
        ]
    else:
        of_run, of_visits = JUDGEMENTS.c, JUDGED_VISITS.c
        query = select(JUDGEMENTS).where(of_run.run_id == run_id, of_run.number == judgement)
        visits_of = select(JUDGED_VISITS).where(of_visits.run_id == run_id, of_visits.number == judgement)
        rows = [*connection.execute(query), *connection.execute(visits_of.order_by(of_visits.asset_id))]
    digest = hashlib.sha256()
    for row in rows:
        digest.update(line_of(row))
    return digest.hexdigest()


def line_of(row: Row[Any], instead: Mapping[str, Any] = MappingProxyType({})) -> bytes:
    """A row as one line of JSON, ``instead`` in place of what it holds; ``owner`` names a process, no part of a run."""
    said = {name: _text(value) for name, value in {**row._mapping, **instead}.items() if name != "owner"}
    return json.dumps(said, sort_keys=True).encode() + b"\n"


def _text(value: object) -> object:
    match value:
        case bytes():
            return value.hex()
        case datetime():
            return value.astimezone(UTC).isoformat()
        case _:
            return value
