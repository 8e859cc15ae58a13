"""What a change of findings wrote as one digest: its row, the findings that it opened, and its events."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from secaudit.model.finding import Move
from secaudit.store.digests import line_of
from secaudit.store.finding_rows import EVENT, identity_at
from secaudit.store.schema import FINDING_CHANGES, FINDING_EVENTS, FINDINGS

STATE: Final = frozenset(
    (
        *("failed_at", "failed_in", "stage", "owner", "measure", "deadline", "notice", "claimed"),
        *("closed", "reason", "reopened"),
    )
)
"""What later events change: it is what the events led to, and no part of the change that opened a finding.

Where it is changes only by a move, which says where it was.
"""
REGISTER: Final = "register"
"""The act of a change by which findings follow the register."""


def change_digest(connection: Connection, change: int) -> str:
    """SHA-256 in hex."""
    own = select(FINDING_CHANGES).where(FINDING_CHANGES.c.number == change)
    row = connection.execute(own).one()
    opened = [column for column in FINDINGS.c if column.name not in STATE]
    findings = select(*opened).where(FINDINGS.c.number.between(row.first_number, row.last_number))
    events = select(FINDING_EVENTS).where(FINDING_EVENTS.c.change == change)
    digest = hashlib.sha256(line_of(row))
    first = first_moves(connection)
    for found in connection.execute(findings.order_by(FINDINGS.c.number)):
        digest.update(line_of(found, _opened_at(found, first.get(found.number))))
    for found in connection.execute(events.order_by(FINDING_EVENTS.c.finding, FINDING_EVENTS.c.place)):
        digest.update(line_of(found))
    return digest.hexdigest()


def first_moves(connection: Connection) -> dict[int, Move]:
    """Finding → the first move of its asset, of all whose assets moved: only the register moves any."""
    by_register = select(FINDING_CHANGES.c.number).where(FINDING_CHANGES.c.act == REGISTER)
    query = select(FINDING_EVENTS.c.finding, FINDING_EVENTS.c.said).where(
        FINDING_EVENTS.c.change.in_(by_register)
    )
    moves: dict[int, Move] = {}
    for found in connection.execute(query.order_by(FINDING_EVENTS.c.finding, FINDING_EVENTS.c.place)):
        if b'"moved"' in found.said and (move := EVENT.decode(found.said).moved):
            moves.setdefault(found.finding, move)
    return moves


def _opened_at(row: Row[Any], move: Move | None) -> Mapping[str, Any]:
    """What of a row was otherwise when its finding was opened."""
    if move is None:
        return {}
    was = {"system_id": move.from_system, "asset_id": move.from_asset}
    if row.identity != identity_at(row, row.system_id, row.asset_id):
        return was  # somebody wrote into it
    return {**was, "identity": identity_at(row, move.from_system, move.from_asset)}
