"""How runs, visits and judgements come out of the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, select

from secaudit.errors import NoSuchRun
from secaudit.language import _
from secaudit.model.evidence import Observation
from secaudit.model.result import Result
from secaudit.model.run import AssetRecord, Run, RunState, Versions
from secaudit.store import evidence
from secaudit.store.blobs import read_blob
from secaudit.store.codec import UnreadableRun
from secaudit.store.naming import named, plan_hint, results_hint
from secaudit.store.plans import VERSIONS, decode_plan
from secaudit.store.schema import JUDGED_VISITS, JUDGEMENTS, RUNS, VISITS


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run in a list of runs, without its plan. ``owner`` names the process that began or resumed it."""

    id: str
    state: RunState
    systems: tuple[str, ...]
    owner: str
    started_at: datetime
    ended_at: datetime | None
    visits: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """A run judged again: 0 is the run's own judgement, later ones count from 1."""

    run_id: str
    number: int
    judged_at: datetime
    versions: Versions


def of_visit(run_id: str, asset_id: str) -> Any:
    """The condition on rows of visits."""
    return (VISITS.c.run_id == run_id) & (VISITS.c.asset_id == asset_id)


def _run_row(connection: Connection, run_id: str) -> Row[Any]:
    row = connection.execute(select(RUNS).where(RUNS.c.id == run_id)).one_or_none()
    if row is None:
        raise NoSuchRun(_("There is no run {id}.").format(id=run_id), run_id)
    return row


def stored_run(row: Row[Any]) -> StoredRun:
    """A run as it is listed; ``row`` also has its number of ``visits``."""
    return StoredRun(
        id=row.id,
        state=RunState(row.state),
        systems=tuple(row.systems.splitlines()),
        owner=row.owner,
        started_at=row.started_at,
        ended_at=row.ended_at,
        visits=row.visits,
    )


def get_run(connection: Connection, run_id: str) -> Run:
    """A run with its frozen plan. Raises UsageError when there is none of that id, UnreadableRun."""
    row = _run_row(connection, run_id)
    with named(run_id, _("plan"), plan_hint()):
        plan = decode_plan(read_blob(connection, row.plan))
        versions = VERSIONS.decode(read_blob(connection, row.versions))
    return Run(
        id=row.id,
        state=RunState(row.state),
        started_at=row.started_at,
        ended_at=row.ended_at,
        plan=plan,
        versions=versions,
    )


def get_judgement(connection: Connection, run_id: str) -> Judgement:
    """The newest judgement of a run, which may be its own (number 0)."""
    query = select(JUDGEMENTS).where(JUDGEMENTS.c.run_id == run_id)
    row = connection.execute(query.order_by(JUDGEMENTS.c.number.desc()).limit(1)).one_or_none()
    if row is not None:
        versions = VERSIONS.decode(read_blob(connection, row.versions))
        return Judgement(run_id, row.number, row.judged_at, versions)
    own = _run_row(connection, run_id)
    with named(run_id, _("plan"), plan_hint()):
        versions = VERSIONS.decode(read_blob(connection, own.versions))
    return Judgement(run_id, 0, own.ended_at or own.started_at, versions)


def get_observations(connection: Connection, run_id: str, asset_id: str) -> tuple[Observation, ...]:
    """Every answer of one asset with its raw output; nothing when it was not visited."""
    query = select(VISITS.c.observations, VISITS.c.timings)
    row = connection.execute(query.where(of_visit(run_id, asset_id))).one_or_none()
    if row is None:
        return ()
    with named(run_id, _("evidence"), plan_hint()):
        return evidence.get_observations(row.observations, row.timings, partial(read_blob, connection))


def get_record(
    connection: Connection,
    run_id: str,
    asset_id: str,
    number: int,
    results: Callable[..., tuple[Result, ...]],
) -> AssetRecord:
    """One visited asset; ``results`` gets those of a visit in the judgement of that number."""
    row = connection.execute(select(VISITS).where(of_visit(run_id, asset_id))).one()
    with named(run_id, _("evidence"), plan_hint()):
        circumstances = evidence.get_circumstances(row.circumstances, partial(read_blob, connection))
    return AssetRecord(
        asset_id=asset_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        target_time=row.target_time,
        authorisation=row.authorisation,
        gap=circumstances.gap,
        channel=circumstances.channel,
        results=results(connection, row, number),
        clock_ahead_s=circumstances.clock_ahead_s,
        authorised=circumstances.authorised,
    )


def get_results(connection: Connection, visit: Row[Any], number: int) -> tuple[Result, ...]:
    """The results of a visit in that judgement. Raises UnreadableRun."""
    hash_ = _results_hash(connection, visit, number)
    with named(visit.run_id, _("results"), results_hint(visit.run_id)):
        return evidence.get_results(visit.asset_id, hash_, partial(read_blob, connection))


def get_results_if_readable(connection: Connection, visit: Row[Any], number: int) -> tuple[Result, ...]:
    """The same; nothing where another version of secaudit wrote them."""
    try:
        return get_results(connection, visit, number)
    except UnreadableRun:
        return ()


def _results_hash(connection: Connection, visit: Row[Any], number: int) -> bytes:
    """The hash of the results in that judgement; an asset that it left out keeps its first ones."""
    query = select(JUDGED_VISITS.c.results).where(
        JUDGED_VISITS.c.run_id == visit.run_id,
        JUDGED_VISITS.c.asset_id == visit.asset_id,
        JUDGED_VISITS.c.number == number,
    )
    judged: bytes | None = connection.execute(query).scalar_one_or_none()
    return visit.results if judged is None else judged
