"""Which result set each asset of a run has: equal sets need not be decoded to be compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, select

from secaudit.model.evidence import Gap
from secaudit.model.result import Result, Verdict
from secaudit.store.blobs import read_blob
from secaudit.store.codec import Codec
from secaudit.store.database import transaction
from secaudit.store.evidence import decoded_results, get_results
from secaudit.store.outlines import Outline, outlines
from secaudit.store.schema import JUDGED_VISITS, JUDGEMENTS, RUNS, VISITS
from secaudit.store.set_rows import Counted, counted, rows_of, set_of

# of earlier runs so many are looked up at a time
BATCH: Final = 50


@dataclass(frozen=True, slots=True)
class StoredVisit:
    """The hashes of what an asset was found to be, and of how its visit went."""

    results: bytes
    circumstances: bytes


@dataclass(frozen=True, slots=True)
class _Named:
    id: str


@dataclass(frozen=True, slots=True)
class Brief:
    """A result without what was seen. ``object_id`` is "" for the asset itself."""

    check_id: str
    object_id: str
    verdict: Verdict
    offenders: tuple[_Named, ...] = ()


@dataclass(frozen=True, slots=True)
class _Went:
    gap: Gap | None


_BRIEFS: Final = Codec[tuple[Brief, ...]](tuple[Brief, ...])
_WENT: Final = Codec[_Went](_Went)


@dataclass(frozen=True, slots=True)
class Changed:
    """The results of two sets that are not the same in both, and what is counted of the others."""

    before: tuple[Result, ...]
    after: tuple[Result, ...]
    same: tuple[Counted, ...] = ()


class ResultSets:
    """The result sets of a database, by their hashes. Methods raise StoreError, of another version Unreadable."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # many hosts have the same
        self.briefs = lru_cache(maxsize=64)(self._read_briefs)

    def of(self, run_id: str, judgement: int) -> dict[str, StoredVisit]:
        """Asset → its visit with its results in that judgement; an asset that it left out keeps its first ones."""
        own = select(VISITS.c.asset_id, VISITS.c.results, VISITS.c.circumstances).where(
            VISITS.c.run_id == run_id
        )
        judged = select(JUDGED_VISITS.c.asset_id, JUDGED_VISITS.c.results).where(
            JUDGED_VISITS.c.run_id == run_id, JUDGED_VISITS.c.number == judgement
        )
        with transaction(self._engine) as connection:
            later = _pairs(connection, judged)
            return {
                row.asset_id: StoredVisit(later.get(row.asset_id, row.results), row.circumstances)
                for row in connection.execute(own)
            }

    def judgements(self) -> dict[str, int]:
        """Run → number of its latest judgement, where it was judged again."""
        query = select(JUDGEMENTS.c.run_id, func.max(JUDGEMENTS.c.number)).group_by(JUDGEMENTS.c.run_id)
        with transaction(self._engine) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def outlines(self) -> Iterator[Outline]:
        """All complete runs, the newest first, with the systems that each audited whole."""
        return outlines(self._engine)

    def results(self, asset_id: str, hash_: bytes) -> tuple[Result, ...]:
        """What a set holds, as the results of that asset."""
        with transaction(self._engine) as connection:
            return get_results(asset_id, hash_, partial(read_blob, connection))

    def changed(self, asset_id: str, before: bytes, after: bytes) -> "Changed":
        """Two sets of an asset; what they share is only counted."""
        with transaction(self._engine) as connection:
            get = partial(read_blob, connection)
            old, new = rows_of(get(before)), rows_of(get(after))
            if old is None or new is None:
                return Changed(get_results(asset_id, before, get), get_results(asset_id, after, get))
        both = set(old) & set(new)
        gone, come = (
            decoded_results(asset_id, set_of(row for row in rows if row not in both)) for rows in (old, new)
        )
        return Changed(gone, come, tuple(counted(row for row in new if row in both)))

    def gap(self, visit: StoredVisit) -> Gap | None:
        """Why the asset was not reached; None where it was."""
        with transaction(self._engine) as connection:
            return _WENT.decode(read_blob(connection, visit.circumstances)).gap

    def _read_briefs(self, hash_: bytes) -> tuple[Brief, ...]:
        """The verdicts of a set."""
        with transaction(self._engine) as connection:
            return _BRIEFS.decode(read_blob(connection, hash_))

    def runs_before(self, run_id: str) -> list[str]:
        """The ids of all runs that began before a run, the newest first."""
        began = select(RUNS.c.started_at).where(RUNS.c.id == run_id).scalar_subquery()
        query = select(RUNS.c.id).where(RUNS.c.started_at < began)
        with transaction(self._engine) as connection:
            return list(
                connection.execute(query.order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc())).scalars()
            )

    def earlier(self, runs: Sequence[str], asset_id: str, last: bytes) -> Iterator[bytes]:
        """The sets of an asset in these runs, in their order, as each was judged last.

        A run that found the same as the one before it (the first: the same as ``last``) is left out.
        """
        for hash_ in self._hashes(runs, asset_id):
            if hash_ != last:
                last = hash_
                yield hash_

    def _hashes(self, runs: Sequence[str], asset_id: str) -> Iterator[bytes]:
        for begin in range(0, len(runs), BATCH):
            some = runs[begin : begin + BATCH]
            with transaction(self._engine) as connection:
                found = _latest(connection, some, asset_id)
            yield from (found[run_id] for run_id in some if run_id in found)


def _pairs(connection: Connection, query: Any) -> dict[str, bytes]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _latest(connection: Connection, runs: Sequence[str], asset_id: str) -> dict[str, bytes]:
    """Run → hash of the asset's results in the latest judgement that has any."""
    visits = select(VISITS.c.run_id, VISITS.c.results).where(
        VISITS.c.run_id.in_(runs), VISITS.c.asset_id == asset_id
    )
    judged = select(JUDGED_VISITS.c.run_id, JUDGED_VISITS.c.results).where(
        JUDGED_VISITS.c.run_id.in_(runs), JUDGED_VISITS.c.asset_id == asset_id
    )
    return {
        **_pairs(connection, visits),
        **_pairs(connection, judged.order_by(JUDGED_VISITS.c.number)),
    }
