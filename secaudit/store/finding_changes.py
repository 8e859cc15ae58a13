"""What is written of findings, in one transaction: new ones, what happened to known ones, and one row that counts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select, update

from secaudit.model.finding import Event, Finding
from secaudit.store.blobs import NewBlobs
from secaudit.store.finding_rows import TITLE, event_said, opened_row, state_row
from secaudit.store.schema import FINDING_CHANGES, FINDING_EVENTS, FINDINGS

# the advisory lock of PostgreSQL behind which findings are numbered
LINE: Final = 0x7365_6366_696E_6473
AT_ONCE: Final = 500


class FindingChange:
    """Writes findings as one change of its own number; one that writes nothing leaves no trace."""

    def __init__(self, connection: Connection, act: str, at: datetime, run_id: str) -> None:
        """``act``: follow, import, plan, claim, review …; the transaction ends when the caller says so."""
        self.connection = connection
        self._row = {"act": act, "at": at, "run_id": run_id}
        self._number: int | None = None

    def write(
        self, opened: Sequence[Finding], happened: Iterable[tuple[Finding, Event]] = ()
    ) -> list[Finding]:
        """Store new findings, which are returned with their numbers, and events with the finding after each."""
        found = self._open(opened) if opened else []
        for part in _parts(happened):
            self._happen(part)
        return found

    @property
    def _change(self) -> int:
        if self._number is None:
            self._number = _next(self.connection, FINDING_CHANGES.c.number)
            self.connection.execute(insert(FINDING_CHANGES).values(number=self._number, **self._row))
        return self._number

    def _open(self, opened: Sequence[Finding]) -> list[Finding]:
        change, first = self._change, _next(self.connection, FINDINGS.c.number)
        found = [replace(one, number=number) for number, one in enumerate(opened, first)]
        titles = NewBlobs()
        rows = [opened_row(one, titles.put(TITLE.encode(one.title)), change) for one in found]
        titles.write(self.connection)
        self.connection.execute(insert(FINDINGS), rows)
        here = FINDING_CHANGES.c.number == change
        first_one = func.coalesce(FINDING_CHANGES.c.first_number, first)
        ends = {"first_number": first_one, "last_number": found[-1].number}
        self.connection.execute(update(FINDING_CHANGES).where(here).values(ends))
        return found

    def _happen(self, happened: Sequence[tuple[Finding, Event]]) -> None:
        places = self._places({finding.number for finding, _event in happened})
        events, states = [], {}
        for finding, event in happened:
            places[finding.number] = places.get(finding.number, 0) + 1
            row = {"finding": finding.number, "place": places[finding.number], "change": self._change}
            events.append({**row, "said": event_said(event)})
            states[finding.number] = state_row(finding)
        self.connection.execute(insert(FINDING_EVENTS), events)
        _update(self.connection, states)

    def _places(self, numbers: set[int]) -> dict[int, int]:
        """Finding → the place of its last event so far."""
        column = FINDING_EVENTS.c.finding
        last = func.max(FINDING_EVENTS.c.place).label("last")
        query = select(column, last).where(column.in_(numbers)).group_by(column)
        return {row.finding: row.last for row in self.connection.execute(query)}


def _next(connection: Connection, column: Any) -> int:
    return (connection.execute(select(func.max(column))).scalar() or 0) + 1


def _parts(happened: Iterable[tuple[Finding, Event]]) -> Iterator[list[tuple[Finding, Event]]]:
    part: list[tuple[Finding, Event]] = []
    for one in happened:
        part.append(one)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _update(connection: Connection, states: dict[int, dict[str, Any]]) -> None:
    changed = update(FINDINGS).where(FINDINGS.c.number == bindparam("of_finding"))
    rows = [{"of_finding": number, **state} for number, state in states.items()]
    connection.execute(changed.values({name: bindparam(name) for name in next(iter(states.values()))}), rows)
