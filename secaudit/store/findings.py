"""Findings as they are read: by number with their history, or streamed by what they have in common."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.finding import CloseReason, Event, EventKind, Finding, Move, Seen, Source, Stage
from secaudit.model.text import Text
from secaudit.store import following
from secaudit.store.blobs import read_blob
from secaudit.store.codec import unreadable
from secaudit.store.database import wait_for_others
from secaudit.store.finding_changes import LINE, FindingChange
from secaudit.store.finding_digests import change_digest, first_moves
from secaudit.store.finding_rows import EVENT, TITLE, finding_of
from secaudit.store.following import Owed, Shown
from secaudit.store.schema import FINDING_CHANGES, FINDING_EVENTS, FINDINGS, FOLLOWED

AT_ONCE: Final = 500

Transaction = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True)
class Which:
    """Which findings: those of these systems, in these stages, from these sources; all where none are named."""

    systems: Sequence[str] = ()
    stages: Sequence[Stage] = ()
    sources: Sequence[Source] = ()

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted = ((FINDINGS.c.system_id, self.systems), (FINDINGS.c.stage, self.stages))
        return [
            column.in_([str(one) for one in names])
            for column, names in (*wanted, (FINDINGS.c.source, self.sources))
            if names
        ]


EVERY: Final = Which()
UNSETTLED: Final = (Stage.OPEN, Stage.PLANNED, Stage.CLAIMED)
"""The stages of what is not closed."""


class Titles:
    """The titles of findings, each read once: thousands share one."""

    def __init__(self) -> None:
        self._known: dict[bytes, Text] = {}

    def of(self, connection: Connection, hash_: bytes) -> Text:
        if hash_ not in self._known:
            self._known[hash_] = TITLE.decode(read_blob(connection, hash_))
        return self._known[hash_]


class Findings:
    """The findings of a database. A method is one transaction (an iterator: one each few hundred)."""

    def __init__(self, reading: Transaction, writing: Transaction) -> None:
        self._reading = reading
        self._writing = writing
        self._titles = Titles()

    @contextmanager
    def changing(self, act: str, at: datetime, run_id: str = "") -> Iterator["Changing"]:
        """One transaction in which nobody else changes findings; it writes all or nothing."""
        with self._writing() as connection:
            wait_for_others(connection, LINE)
            yield Changing(connection, FindingChange(connection, act, at, run_id), self._titles)

    def all(self, which: Which = EVERY) -> Iterator[Finding]:
        """In the order of their numbers, without histories."""
        last = 0
        while found := self._after(last, which):
            yield from found
            last = found[-1].number

    def count(self, which: Which = EVERY) -> int:
        """How many there are."""
        query = select(func.count()).select_from(FINDINGS).where(*which.conditions())
        with self._reading() as connection:
            return connection.execute(query).scalar_one()

    def _after(self, number: int, which: Which) -> list[Finding]:
        query = select(FINDINGS).where(FINDINGS.c.number > number, *which.conditions())
        with self._reading() as connection:
            return _found(connection, query.order_by(FINDINGS.c.number).limit(AT_ONCE), self._titles)

    def all_with_history(self, which: Which = EVERY) -> Iterator[Finding]:
        """In the order of their numbers, each with everything that happened to it."""
        last = 0
        while found := self._after(last, which):
            last = found[-1].number
            with self._reading() as connection:
                events = events_between(connection, found[0].number, last)
            for one in found:
                yield replace(one, history=(opening_of(one), *events.get(one.number, ())))

    def with_history(self, number: int) -> Finding:
        """One finding and everything that happened to it, from its opening on. Raises UsageError."""
        with self._reading() as connection:
            (found,) = numbered(connection, [number], self._titles)
            return replace(found, history=history_of(connection, found))

    def first_moves(self, numbers: Sequence[int]) -> dict[int, Move]:
        """Finding → the first move of its asset, of those of these whose assets moved."""
        with self._reading() as connection:
            moves = first_moves(connection)
        return {number: moves[number] for number in numbers if number in moves} if moves else {}

    def owed(self) -> list[Owed]:
        """The runs and later judgements that findings have not heard of, in the order in which the runs began."""
        with self._reading() as connection:
            return following.owed(connection)

    def followed(self) -> list[tuple[str, int, int]]:
        """Run, judgement (0: the run itself) and number of visits of all that findings have heard of."""
        columns = (FOLLOWED.c.run_id, FOLLOWED.c.judgement, FOLLOWED.c.visits)
        with self._reading() as connection:
            return [
                (run, number, visits)
                for run, number, visits in connection.execute(select(*columns).order_by(*columns))
            ]

    def changes(self) -> list[tuple[int, str]]:
        """Number and act (follow, plan, claim …) of all changes on record, in order."""
        query = select(FINDING_CHANGES.c.number, FINDING_CHANGES.c.act).order_by(FINDING_CHANGES.c.number)
        with self._reading() as connection:
            return [(row.number, row.act) for row in connection.execute(query)]

    def digest_of(self, change: int) -> str:
        """SHA-256 in hex of everything that a change wrote."""
        with self._reading() as connection:
            return change_digest(connection, change)

    def runs_rested_on(self) -> set[str]:
        """The runs that findings which are not closed name as the one that opened them or failed last."""
        columns = (FINDINGS.c.opened_in, FINDINGS.c.failed_in)
        query = select(*columns).where(FINDINGS.c.stage != Stage.CLOSED, FINDINGS.c.source == Source.SCAN)
        with self._reading() as connection:
            return {run for row in connection.execute(query.distinct()) for run in row if run}

    def files_named(self) -> Iterator[tuple[str, int]]:
        """Digest of a file and a finding in whose history somebody hands it over."""
        query = select(FINDING_EVENTS.c.finding, FINDING_EVENTS.c.said)
        with self._reading() as connection:
            for row in connection.execute(query.execution_options(yield_per=AT_ONCE)):
                if b'"sha256"' in row.said:
                    yield from ((file.sha256, row.finding) for file in EVENT.decode(row.said).files)


@dataclass(frozen=True, slots=True)
class Changing:
    """Findings while they are changed: read, decided and written in one transaction."""

    connection: Connection
    change: FindingChange
    titles: Titles

    def numbered(self, numbers: Sequence[int]) -> list[Finding]:
        """The findings of these numbers in that order; raises UsageError for the first that is none."""
        return numbered(self.connection, numbers, self.titles)

    def at_place(self, system: str, asset: str) -> list[Finding]:
        """All findings of an asset ("": of the system itself), whatever their stage, without histories."""
        here = (FINDINGS.c.system_id == system, FINDINGS.c.asset_id == asset)
        query = select(FINDINGS).where(*here).order_by(FINDINGS.c.number)
        return _found(self.connection, query, self.titles)

    def from_source(self, source: Source) -> list[Finding]:
        """All of that source, without histories."""
        query = select(FINDINGS).where(FINDINGS.c.source == source).order_by(FINDINGS.c.number)
        return _found(self.connection, query, self.titles)

    def all_places(self) -> list[tuple[str, str]]:
        """(system, asset) of all that has findings, whatever their stage."""
        query = select(FINDINGS.c.system_id, FINDINGS.c.asset_id).distinct()
        return [(system, asset) for system, asset in self.connection.execute(query)]

    def places(self) -> list[tuple[str, str, bool]]:
        """(system, asset, whether the removal of the asset closed findings there): where anything is open or was so."""
        place = (FINDINGS.c.system_id, FINDINGS.c.asset_id)
        unsettled = select(*place).where(FINDINGS.c.stage.in_(UNSETTLED)).distinct()
        removed = select(*place).where(FINDINGS.c.reason == CloseReason.ASSET_REMOVED).distinct()
        return [
            (system, asset, is_removed)
            for query, is_removed in ((unsettled, False), (removed, True))
            for system, asset in self.connection.execute(query)
        ]

    def is_owed(self, one: Owed) -> bool:
        """Whether that run was not followed meanwhile."""
        return following.is_owed(self.connection, one)

    def shown(self, one: Owed) -> Iterator[Shown]:
        """What each visit of a run showed, in the order of the evidence."""
        return following.shown(self.connection, one)

    def seen_in(self, results: bytes) -> Sequence[Seen]:
        """The verdicts of a result set; none where it cannot be read: a gap."""
        return following.seen_in(self.connection, results)

    def mark(self, one: Owed) -> None:
        """Put on record that findings have heard of a run."""
        following.mark(self.connection, one)


def _found(connection: Connection, query: Select[Any], titles: Titles) -> list[Finding]:
    """Raises Unreadable: somebody wrote into a row what is no state of a finding."""
    read: Callable[[Row[Any]], Finding] = partial(_read, connection, titles)
    try:
        return [read(row) for row in connection.execute(query).all()]
    except (ValueError, TypeError) as error:
        raise unreadable() from error


def _read(connection: Connection, titles: Titles, row: Row[Any]) -> Finding:
    return finding_of(row, titles.of(connection, row.title))


def numbered(connection: Connection, numbers: Sequence[int], titles: Titles) -> list[Finding]:
    """The findings of these numbers in that order; raises UsageError for the first that is none."""
    found: dict[int, Finding] = {}
    for start in range(0, len(numbers), AT_ONCE):
        query = select(FINDINGS).where(FINDINGS.c.number.in_(numbers[start : start + AT_ONCE]))
        found |= {one.number: one for one in _found(connection, query, titles)}
    for number in numbers:
        if number not in found:
            raise UsageError(
                _("There is no finding {number}.").format(number=f"F{number:06d}"),
                hint=_("See them with: secaudit finding list"),
            )
    return [found[number] for number in numbers]


def history_of(connection: Connection, finding: Finding) -> tuple[Event, ...]:
    """The events of a finding in the order in which they were written; the first opened it."""
    events = events_between(connection, finding.number, finding.number)
    return (opening_of(finding), *events.get(finding.number, ()))


def opening_of(finding: Finding) -> Event:
    """The event that opened it: all of it stands in the finding itself."""
    run = finding.opened_in if finding.source is Source.SCAN else ""
    return Event(finding.opened, EventKind.OPENED, run=run, failed_in=finding.opened_in)


def events_between(connection: Connection, first: int, last: int) -> dict[int, list[Event]]:
    """Finding → its events after the first, in order, of the findings with these numbers."""
    query = select(FINDING_EVENTS).where(FINDING_EVENTS.c.finding.between(first, last))
    found: dict[int, list[Event]] = {}
    for row in connection.execute(query.order_by(FINDING_EVENTS.c.finding, FINDING_EVENTS.c.place)):
        found.setdefault(row.finding, []).append(EVENT.decode(row.said))
    return found
