"""What findings have not heard of yet: runs, what their visits showed, and whether newer evidence was heard before."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select

from secaudit.errors import StoreError
from secaudit.model.finding import Seen
from secaudit.model.result import Verdict
from secaudit.model.run import RunState
from secaudit.store.blobs import read_blob
from secaudit.store.schema import FOLLOWED, JUDGED_VISITS, JUDGEMENTS, RUNS, VISITS


@dataclass(frozen=True, slots=True)
class Owed:
    """A run (judgement 0), or a later judgement of it, that findings have not heard of, or not of all its visits."""

    run_id: str
    judgement: int
    state: RunState
    systems: tuple[str, ...]
    owner: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a visit showed. ``heard``: other runs that were followed hold evidence of that moment or newer ones."""

    asset: str
    at: datetime
    seen: Sequence[Seen]
    heard: Sequence["Heard"] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """Evidence of an asset that was followed before; ``results`` is the hash of its newest judgement."""

    at: datetime
    results: bytes


def owed(connection: Connection) -> list[Owed]:
    """In the order in which the runs began; a later judgement comes after its run."""
    visits = select(func.count()).where(VISITS.c.run_id == RUNS.c.id).scalar_subquery()
    followed = {(row.run_id, row.judgement): row.visits for row in connection.execute(select(FOLLOWED))}
    runs = select(RUNS.c.id, RUNS.c.state, RUNS.c.systems, RUNS.c.owner, visits.label("visits"))
    judged = select(JUDGEMENTS.c.run_id, JUDGEMENTS.c.number).order_by(JUDGEMENTS.c.number)
    later: dict[str, list[int]] = {}
    for run_id, number in connection.execute(judged):
        later.setdefault(run_id, []).append(number)
    found = []
    for row in connection.execute(runs.order_by(RUNS.c.started_at, RUNS.c.id)):
        told = (RunState(row.state), tuple(row.systems.splitlines()), row.owner)
        if row.visits and followed.get((row.id, 0)) != row.visits:
            found.append(Owed(row.id, 0, *told))
        numbers = later.get(row.id, ())
        found += [Owed(row.id, number, *told) for number in numbers if (row.id, number) not in followed]
    return found


def is_owed(connection: Connection, one: Owed) -> bool:
    """Whether findings have not heard of all of it by now."""
    query = select(FOLLOWED.c.visits).where(*_here(one))
    heard = connection.execute(query).scalar_one_or_none()
    return heard is None or (one.judgement == 0 and heard != _visits(connection, one))


def _here(one: Owed) -> tuple[ColumnElement[bool], ...]:
    return FOLLOWED.c.run_id == one.run_id, FOLLOWED.c.judgement == one.judgement


def _visits(connection: Connection, one: Owed) -> int:
    return connection.execute(select(func.count()).where(VISITS.c.run_id == one.run_id)).scalar_one()


def mark(connection: Connection, one: Owed) -> None:
    """Put on record that findings have heard of all that is there of it by now."""
    connection.execute(delete(FOLLOWED).where(*_here(one)))
    row = {"run_id": one.run_id, "judgement": one.judgement, "visits": _visits(connection, one)}
    connection.execute(insert(FOLLOWED).values(row))


_JUDGED = select(JUDGED_VISITS.c.asset_id, JUDGED_VISITS.c.results)
_LATER = (
    select(JUDGED_VISITS.c.results)
    .where(JUDGED_VISITS.c.run_id == VISITS.c.run_id, JUDGED_VISITS.c.asset_id == VISITS.c.asset_id)
    .order_by(JUDGED_VISITS.c.number.desc())
    .limit(1)
    .correlate(VISITS)
    .scalar_subquery()
)
_HEARD = (
    select(VISITS.c.started_at, func.coalesce(_LATER, VISITS.c.results).label("results"))
    .join(FOLLOWED, (FOLLOWED.c.run_id == VISITS.c.run_id) & (FOLLOWED.c.judgement == 0))
    .where(
        VISITS.c.asset_id == bindparam("asset"),
        VISITS.c.started_at >= bindparam("at"),
        VISITS.c.run_id != bindparam("run"),
    )
    .order_by(VISITS.c.started_at.desc())
)


def shown(connection: Connection, one: Owed) -> Iterator[Shown]:
    """What each visit of a run showed in that judgement, one at a time, in the order of the evidence."""
    visits = select(VISITS.c.asset_id, VISITS.c.started_at, VISITS.c.results)
    own = visits.where(VISITS.c.run_id == one.run_id).order_by(VISITS.c.started_at, VISITS.c.asset_id)
    judged = _JUDGED.where(JUDGED_VISITS.c.run_id == one.run_id, JUDGED_VISITS.c.number == one.judgement)
    again = {row.asset_id: row.results for row in connection.execute(judged)}
    for asset, at, results in connection.execute(own).all():
        if one.judgement == 0 or asset in again:
            heard = connection.execute(_HEARD, {"asset": asset, "at": at, "run": one.run_id}).all()
            yield Shown(
                asset,
                at,
                seen_in(connection, again.get(asset, results)),
                [Heard(row.started_at, row.results) for row in heard],
            )


def seen_in(connection: Connection, results: bytes) -> tuple[Seen, ...]:
    """The verdicts of a result set, as far as findings go; none where it is damaged or of another version: a gap."""
    try:
        return _seen(read_blob(connection, results))
    except StoreError:
        return ()


@lru_cache(maxsize=64)
def _seen(content: bytes) -> tuple[Seen, ...]:
    """Kept: hosts that are alike share their results. Read without the types of a result, of which little is wanted."""
    try:
        return tuple(
            Seen(
                row["check_id"],
                row["object_id"],
                Verdict(row["verdict"]),
                tuple(offender["id"] for offender in row.get("offenders") or ()),
            )
            for row in json.loads(content)
        )
    except (KeyError, TypeError, ValueError):
        return ()
