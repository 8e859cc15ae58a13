"""Rows of runs, visits and judgements, with all that they name."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, insert, select

from secaudit.model.evidence import Visit
from secaudit.model.result import Result
from secaudit.model.run import Run, Versions
from secaudit.store import evidence, history
from secaudit.store.blobs import NewBlobs
from secaudit.store.plans import VERSIONS, encode_plan
from secaudit.store.schema import JUDGED_VISITS, JUDGEMENTS, RUNS, VISITS

# a transaction of its own
Writing = Callable[[], AbstractContextManager[Connection]]

# made once: making a statement costs more than running it
_NEW_VISIT: Final = insert(VISITS)


def put_run(connection: Connection, run: Run, owner: str) -> None:
    """A run with its plan, which is frozen here."""
    blobs = NewBlobs()
    systems = "\n".join(system.id for system in run.plan.systems)
    row = {
        "id": run.id,
        "state": run.state,
        "systems": systems,
        "owner": owner,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "plan": blobs.put(encode_plan(run.plan), lambda: history.previous_plan(connection, systems)),
        "versions": blobs.put(VERSIONS.encode(run.versions)),
    }
    blobs.write(connection)
    connection.execute(insert(RUNS).values(row))


def put_visit(connection: Connection, run_id: str, visit: Visit, results: Sequence[Result]) -> None:
    """A visit with its evidence and results."""
    blobs = NewBlobs()
    before = history.previous(connection, run_id, visit.asset_id)
    row = {
        "run_id": run_id,
        "asset_id": visit.asset_id,
        "started_at": visit.started_at,
        "ended_at": visit.ended_at,
        "target_time": visit.target_time,
        "authorisation": visit.authorisation,
        "circumstances": evidence.put_circumstances(visit, blobs.put),
        "observations": evidence.put_observations(visit.observations, blobs.put, before),
        "timings": evidence.timings_of(visit.observations),
        "results": evidence.put_results(results, blobs.put, before.results),
    }
    blobs.write(connection)
    connection.execute(_NEW_VISIT, row)


def put_judgement(
    writing: Writing,
    run_id: str,
    judged: Iterable[tuple[str, Sequence[Result]]],
    versions: Versions,
    judged_at: datetime,
) -> int:
    """Results of an asset a transaction, and a last one that names them all; returns the number of the judgement."""
    rows = []
    for asset_id, results in judged:
        blobs = NewBlobs()
        with writing() as connection:
            first = select(VISITS.c.results).where(VISITS.c.run_id == run_id, VISITS.c.asset_id == asset_id)
            like = connection.execute(first).scalar_one()
            rows.append({"asset_id": asset_id, "results": evidence.put_results(results, blobs.put, like)})
            blobs.write(connection)
    blobs = NewBlobs()
    made_by = blobs.put(VERSIONS.encode(versions))
    with writing() as connection:
        blobs.write(connection)
        number = _next_number(connection, run_id)
        named = {"run_id": run_id, "number": number}
        connection.execute(insert(JUDGEMENTS).values({**named, "judged_at": judged_at, "versions": made_by}))
        if rows:
            connection.execute(insert(JUDGED_VISITS), [{**named, **row} for row in rows])
    return number


def _next_number(connection: Connection, run_id: str) -> int:
    query = select(func.max(JUDGEMENTS.c.number)).where(JUDGEMENTS.c.run_id == run_id)
    return (connection.execute(query).scalar() or 0) + 1
