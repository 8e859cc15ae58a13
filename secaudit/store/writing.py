"""Rows of runs and visits, with all that they name, written into a transaction that is open."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, insert

from secaudit.model.evidence import Visit
from secaudit.model.result import Result
from secaudit.model.run import Run
from secaudit.store import evidence, history
from secaudit.store.blobs import NewBlobs
from secaudit.store.plans import VERSIONS, encode_plan
from secaudit.store.schema import RUNS, VISITS

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
        "plan": blobs.put(encode_plan(run.plan), history.previous_plan(connection, systems)),
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
