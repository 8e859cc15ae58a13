"""What was stored last time of the same thing: what is new is likely to resemble it."""

from collections.abc import Iterator
from functools import cache, partial

from sqlalchemy import Connection, bindparam, func, select

from secaudit.errors import StoreError
from secaudit.store.blobs import read_blob
from secaudit.store.evidence import Previous, outputs_of
from secaudit.store.schema import RUNS, VISITS


def previous_plan(connection: Connection, systems: str) -> bytes | None:
    """The hash of the plan of the newest run of the same systems."""
    query = select(RUNS.c.plan).where(RUNS.c.systems == systems)
    found: bytes | None = connection.execute(query.order_by(RUNS.c.started_at.desc()).limit(1)).scalar()
    return found


# what an asset had in the newest run of the same systems that visited it
_SAME = select(RUNS.c.systems).where(RUNS.c.id == bindparam("run_id")).scalar_subquery()
_LAST = (
    select(VISITS.c.observations, VISITS.c.results)
    .join(RUNS, RUNS.c.id == VISITS.c.run_id)
    .where(RUNS.c.systems == _SAME, VISITS.c.asset_id == bindparam("asset_id"))
    .order_by(RUNS.c.started_at.desc())
    .limit(1)
)


def previous(connection: Connection, run_id: str, asset_id: str) -> Previous:
    """What the asset had in the newest run of the same systems that visited it; for this transaction."""
    row = connection.execute(_LAST, {"run_id": run_id, "asset_id": asset_id}).one_or_none()
    if row is None:
        return Previous()
    return Previous(row.observations, row.results, cache(partial(_outputs, connection, row.observations)))


def _outputs(connection: Connection, observations: bytes) -> dict[str, bytes]:
    try:
        return outputs_of(observations, partial(read_blob, connection))
    except StoreError:  # older evidence that is damaged does not stop the new one
        return {}


def newest_runs(connection: Connection) -> Iterator[tuple[str, str]]:
    """Asset and the run that visited it last."""
    newest = select(VISITS.c.asset_id, func.max(VISITS.c.started_at).label("at")).group_by(VISITS.c.asset_id)
    last = newest.subquery()
    at = (VISITS.c.asset_id == last.c.asset_id) & (VISITS.c.started_at == last.c.at)
    for row in connection.execute(select(VISITS.c.asset_id, VISITS.c.run_id).join(last, at)):
        yield row.asset_id, row.run_id
