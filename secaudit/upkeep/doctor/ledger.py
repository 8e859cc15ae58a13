"""Whether the chain of the ledger is whole, and whether it still holds what was noted elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from secaudit.errors import UsageError
from secaudit.handover.chain import anchor_of
from secaudit.handover.ledger import Ledger
from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, unknown, warn
from secaudit.upkeep.notes import Notes, moment_of

OLD: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Chained:
    """``fault``: entry and reason; ``anchored_at``: when its head was last noted outside (in a backup)."""

    entries: int = 0
    fault: tuple[int, str] | None = None
    anchored_at: datetime | None = None
    error: str = ""


def gather(ledger: Ledger, notes: Notes) -> Chained:
    """The chain followed from its first entry, and held against the head in the newest backup."""
    anchor = anchor_of(notes.anchor)
    try:
        chain = ledger.check([anchor] if anchor else [])
    except UsageError as error:
        return Chained(error=str(error))
    fault = (chain.fault.entry, chain.fault.reason) if chain.fault else None
    return Chained(chain.head.entries, fault, moment_of(notes.backup_at) if anchor else None)


def lines(facts: Chained, now: datetime, verify: str, backup: str) -> Iterator[Line]:
    """``verify`` and ``backup`` are commands."""
    if facts.error:
        yield unknown(Topic.LEDGER, facts.error, verify)
    elif facts.fault:
        told = _("the chain is broken at entry {entry}: {reason}")
        yield fail(Topic.LEDGER, told.format(entry=facts.fault[0], reason=facts.fault[1]), verify)
    elif not facts.entries:
        yield ok(Topic.LEDGER, _("the ledger is empty: nothing happened yet"))
    elif facts.anchored_at is None:
        told = _("the chain of {count} entries is whole; its head is noted nowhere outside")
        yield warn(Topic.LEDGER, told.format(count=facts.entries), backup)
    elif now - facts.anchored_at > OLD:
        told = _("the chain of {count} entries is whole; its head was last noted outside {days} days ago")
        days = (now - facts.anchored_at).days
        yield warn(Topic.LEDGER, told.format(count=facts.entries, days=days), backup)
    else:
        told = _("the chain of {count} entries is whole and holds what the newest backup says of it")
        yield ok(Topic.LEDGER, told.format(count=facts.entries))
