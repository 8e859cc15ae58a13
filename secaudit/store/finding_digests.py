"""What a change of findings wrote as one digest: its row, the findings that it opened, and its events."""

import hashlib
from typing import Final

from sqlalchemy import Connection, select

from secaudit.store.digests import line_of
from secaudit.store.schema import FINDING_CHANGES, FINDING_EVENTS, FINDINGS

STATE: Final = frozenset(
    (
        *("failed_at", "failed_in", "stage", "owner", "measure", "deadline", "notice", "claimed"),
        *("closed", "reason", "reopened"),
    )
)
"""What later events change: it is what the events led to, and no part of the change that opened a finding."""


def change_digest(connection: Connection, change: int) -> str:
    """SHA-256 in hex."""
    own = select(FINDING_CHANGES).where(FINDING_CHANGES.c.number == change)
    row = connection.execute(own).one()
    opened = [column for column in FINDINGS.c if column.name not in STATE]
    findings = select(*opened).where(FINDINGS.c.number.between(row.first_number, row.last_number))
    events = select(FINDING_EVENTS).where(FINDING_EVENTS.c.change == change)
    digest = hashlib.sha256(line_of(row))
    for query in (
        findings.order_by(FINDINGS.c.number),
        events.order_by(FINDING_EVENTS.c.finding, FINDING_EVENTS.c.place),
    ):
        for found in connection.execute(query):
            digest.update(line_of(found))
    return digest.hexdigest()
