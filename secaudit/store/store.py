"""What is kept of audits: runs, visits as they complete, evidence, results, later judgements."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, select, update

from secaudit.errors import StoreError
from secaudit.model.evidence import Observation, Visit
from secaudit.model.result import Result
from secaudit.model.run import AssetRecord, Run, RunState, Versions
from secaudit.store import bundles, digests, forgetting, history, room
from secaudit.store.alone import nothing_swept
from secaudit.store.database import is_absent, open_engine, transaction, wait_for_others
from secaudit.store.findings import Findings
from secaudit.store.reading import (
    Judgement,
    StoredRun,
    get_judgement,
    get_observations,
    get_record,
    get_results,
    get_results_if_readable,
    get_run,
    of_visit,
    stored_run,
)
from secaudit.store.result_sets import ResultSets
from secaudit.store.schema import RUNS, VISITS
from secaudit.store.upgrade import Form, bring_up_to_date, form_of
from secaudit.store.writing import put_judgement, put_run, put_visit


def open_store(url: str, *, busy_timeout_s: float = 30) -> "Store":
    """The store at that URL, created or upgraded where needed. Raises StoreError."""
    engine = open_engine(url, busy_timeout_s)
    try:
        bring_up_to_date(engine)
    except StoreError:
        engine.dispose()
        raise
    return Store(engine)


def look_at(url: str) -> Form | None:
    """What the database at that URL is, None where there is none yet; it is only read. Raises StoreError."""
    if is_absent(url):
        return None
    engine = open_engine(url)
    try:
        return form_of(engine)
    finally:
        engine.dispose()


class Store:
    """A database of runs. A method is one transaction (an iterator: one an asset) and raises StoreError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_details: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the database free; SQLite then folds its -wal file in."""
        self._engine.dispose()

    @property
    def findings(self) -> Findings:
        """Its findings over time."""
        return Findings(self._reading, self._writing)

    def create_run(self, run: Run, owner: str = "") -> None:
        """Begin a run: its plan is frozen here."""
        with self._writing() as connection:
            put_run(connection, run, owner)

    def import_run(self, run: Run, owner: str, visits: Sequence[tuple[Visit, Sequence[Result]]]) -> None:
        """A run whose visits came by bundle, whole or not at all. Raises BundleError where a run has such a bundle."""
        with self._writing() as connection:
            wait_for_others(connection, bundles.IMPORTS)
            for visit, _results in visits:
                bundles.refuse_known(connection, visit)
            put_run(connection, run, owner)
            for visit, results in visits:
                put_visit(connection, run.id, visit, results)

    def resume_run(self, run_id: str, owner: str) -> None:
        """Take over a run that was not finished."""
        self._change_run(run_id, state=RunState.RUNNING, owner=owner)

    def finish_run(self, run_id: str, state: RunState, ended_at: datetime) -> None:
        """Close a run: complete or interrupted."""
        self._change_run(run_id, state=state, ended_at=ended_at)

    def save_visit(self, run_id: str, visit: Visit, results: Sequence[Result]) -> None:
        """Journal one visit with its evidence and results, all or nothing."""
        with self._writing() as connection:
            put_visit(connection, run_id, visit, results)

    def runs(self) -> tuple[StoredRun, ...]:
        """All runs, the newest first."""
        visits = select(func.count()).where(VISITS.c.run_id == RUNS.c.id).scalar_subquery()
        query = select(RUNS, visits.label("visits")).order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc())
        with self._reading() as connection:
            return tuple(stored_run(row) for row in connection.execute(query))

    def runs_on_record(self) -> list[tuple[str, RunState, int]]:
        """Id, state and number of later judgements of every run, the oldest first."""
        with self._reading() as connection:
            return digests.runs_on_record(connection)

    def digest_of(self, run_id: str, judgement: int = 0) -> str:
        """SHA-256 in hex of all that a run holds, or a later judgement of it."""
        with self._reading() as connection:
            return digests.digest_of(connection, run_id, judgement)

    def forget_runs(self, run_ids: Sequence[str]) -> None:
        """Take away these runs; what only they named is taken away by ``sweep``."""
        forgetting.forget_runs(self._engine, run_ids)

    def sweep(self) -> int:
        """Take away every content that nothing names any more; returns how many."""
        return forgetting.sweep(self._engine)

    def newest_runs(self) -> dict[str, str]:
        """Asset → the run that visited it last."""
        with self._reading() as connection:
            return dict(history.newest_runs(connection))

    def room(self) -> room.Room | None:
        """How much of its file holds nothing; None where a server keeps it."""
        return room.room_of(self._engine)

    def give_back(self) -> None:
        """Make the file as small as what it holds (SQLite)."""
        room.give_back(self._engine)

    def last_visits(self) -> dict[str, float]:
        """Asset → seconds that the newest visit that entered it took."""
        newest = func.max(VISITS.c.started_at)
        entered = select(VISITS.c.asset_id, newest.label("newest")).where(VISITS.c.target_time.is_not(None))
        last = entered.group_by(VISITS.c.asset_id).subquery()
        query = select(VISITS.c.asset_id, VISITS.c.started_at, VISITS.c.ended_at).join(
            last, (VISITS.c.asset_id == last.c.asset_id) & (VISITS.c.started_at == last.c.newest)
        )
        with self._reading() as connection:
            return {
                r.asset_id: (r.ended_at - r.started_at).total_seconds() for r in connection.execute(query)
            }

    def run(self, run_id: str) -> Run:
        """A run with its frozen plan. Raises UsageError when there is none of that id, UnreadableRun."""
        with self._reading() as connection:
            return get_run(connection, run_id)

    def visited(self, run_id: str) -> tuple[str, ...]:
        """The assets whose visits are stored, in the order in which they completed."""
        query = select(VISITS.c.asset_id).where(VISITS.c.run_id == run_id)
        with self._reading() as connection:
            return tuple(connection.execute(query.order_by(VISITS.c.ended_at, VISITS.c.asset_id)).scalars())

    def records(self, run_id: str, judgement: int | None = None) -> Iterator[AssetRecord]:
        """Each visited asset in the order of the plan, with its results of that judgement (default: the latest).

        Raises UnreadableRun.
        """
        yield from self._records(run_id, judgement, get_results)

    def record(self, run_id: str, asset_id: str) -> AssetRecord | None:
        """One visited asset with its results of the latest judgement; None where the run did not visit it.

        Raises UsageError when there is no such run, UnreadableRun.
        """
        number = self.latest_judgement(run_id).number
        with self._reading() as connection:
            known = connection.execute(select(VISITS.c.asset_id).where(of_visit(run_id, asset_id))).first()
            return get_record(connection, run_id, asset_id, number, get_results) if known else None

    def records_to_judge(self, run_id: str) -> Iterator[AssetRecord]:
        """The same, without results where another version of secaudit wrote them."""
        yield from self._records(run_id, None, get_results_if_readable)

    def result_sets(self) -> ResultSets:
        """The results by their hashes, for whoever compares many."""
        return ResultSets(self._engine)

    def _records(
        self, run_id: str, judgement: int | None, results: Callable[..., tuple[Result, ...]]
    ) -> Iterator[AssetRecord]:
        number = self.latest_judgement(run_id).number if judgement is None else judgement
        visited = set(self.visited(run_id))
        planned = (asset.asset_id for asset in self.run(run_id).plan.assets)
        for asset_id in (planned_id for planned_id in planned if planned_id in visited):
            with self._reading() as connection:
                yield get_record(connection, run_id, asset_id, number, results)

    def observations(self, run_id: str, asset_id: str) -> tuple[Observation, ...]:
        """Every answer of one asset with its raw output; nothing when it was not visited."""
        with self._reading() as connection:
            return get_observations(connection, run_id, asset_id)

    def visits_of(self, asset_id: str) -> list[tuple[str, datetime]]:
        """The runs that visited an asset, and when its evidence was collected, the newest first."""
        query = select(VISITS.c.run_id, VISITS.c.started_at).where(VISITS.c.asset_id == asset_id)
        with self._reading() as connection:
            found = connection.execute(query.order_by(VISITS.c.started_at.desc(), VISITS.c.run_id.desc()))
            return [(row.run_id, row.started_at) for row in found]

    def results_of(self, run_id: str, asset_id: str) -> tuple[Result, ...]:
        """The results of one asset in the latest judgement of a run. Raises UnreadableRun."""
        number = self.latest_judgement(run_id).number
        with self._reading() as connection:
            row = connection.execute(select(VISITS).where(of_visit(run_id, asset_id))).one_or_none()
            return () if row is None else get_results(connection, row, number)

    def run_of_bundle(self, sha256: str) -> str | None:
        """The run that the bundle of that digest was imported into; None for a new one."""
        with self._reading() as connection:
            return bundles.run_of_bundle(connection, sha256)

    def newest_bundle(self, asset_id: str) -> Visit | None:
        """The visit by bundle of an asset that was collected last; None where none was imported."""
        with self._reading() as connection:
            return bundles.newest_bundle(connection, asset_id)

    def latest_judgement(self, run_id: str) -> Judgement:
        """The newest judgement of a run, which may be its own (number 0)."""
        with self._reading() as connection:
            return get_judgement(connection, run_id)

    def save_judgement(
        self,
        run_id: str,
        judged: Iterable[tuple[str, Sequence[Result]]],
        versions: Versions,
        judged_at: datetime,
    ) -> int:
        """Keep new results (asset id, results) of a run beside the older ones; returns their number.

        ``judged`` is consumed one asset at a time; the judgement appears at the end, whole.
        """
        with nothing_swept(self._engine):
            return put_judgement(self._writing, run_id, judged, versions, judged_at)

    def _change_run(self, run_id: str, **values: Any) -> None:
        with self._writing() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(**values))

    def _reading(self) -> AbstractContextManager[Connection]:
        return transaction(self._engine)

    def _writing(self) -> AbstractContextManager[Connection]:
        return transaction(self._engine, writes=True)
