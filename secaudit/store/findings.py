"""Findings as they are read: by number with their history, or streamed by what they have in common."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, select

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.finding import Event, EventKind, Finding, Source, Stage
from secaudit.model.text import Text
from secaudit.store.blobs import read_blob
from secaudit.store.finding_rows import EVENT, TITLE, finding_of
from secaudit.store.schema import FINDING_EVENTS, FINDINGS

AT_ONCE: Final = 500

Reading = Callable[[], AbstractContextManager[Connection]]


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


class FindingsRead:
    """The findings of a database, read only. A method is one transaction (an iterator: one each few hundred)."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._titles = Titles()

    def all(self, which: Which = EVERY) -> Iterator[Finding]:
        """In the order of their numbers, without histories."""
        last = 0
        while found := self._after(last, which):
            yield from found
            last = found[-1].number

    def _after(self, number: int, which: Which) -> list[Finding]:
        query = select(FINDINGS).where(FINDINGS.c.number > number, *which.conditions())
        with self._reading() as connection:
            return _found(connection, query.order_by(FINDINGS.c.number).limit(AT_ONCE), self._titles)

    def with_history(self, number: int) -> Finding:
        """One finding and everything that happened to it, from its opening on. Raises UsageError."""
        with self._reading() as connection:
            (found,) = numbered(connection, [number], self._titles)
            return replace(found, history=history_of(connection, found))

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


def _found(connection: Connection, query: Select[Any], titles: Titles) -> list[Finding]:
    read: Callable[[Row[Any]], Finding] = partial(_read, connection, titles)
    return [read(row) for row in connection.execute(query).all()]


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


def at_place(connection: Connection, system: str, asset: str, titles: Titles) -> list[Finding]:
    """All findings of an asset ("": of the system itself), whatever their stage, without histories."""
    here = (FINDINGS.c.system_id == system, FINDINGS.c.asset_id == asset)
    return _found(connection, select(FINDINGS).where(*here).order_by(FINDINGS.c.number), titles)


def history_of(connection: Connection, finding: Finding) -> tuple[Event, ...]:
    """The events of a finding in the order in which they were written; the first opened it."""
    run = finding.opened_in if finding.source is Source.SCAN else ""
    opened = Event(finding.opened, EventKind.OPENED, run=run, failed_in=finding.opened_in)
    query = select(FINDING_EVENTS.c.said).where(FINDING_EVENTS.c.finding == finding.number)
    said = connection.execute(query.order_by(FINDING_EVENTS.c.place)).scalars()
    return (opened, *map(EVENT.decode, said))
