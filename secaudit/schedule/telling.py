"""Which night people were told of last: what came after it is news, whatever kept later nights from being told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from secaudit.schedule.journal import End, Journal, Mode, NightRecord, nights_on_record

STAGE: Final = "notices"
# figure of the stage: whether the night's findings and deadlines are in the queue
TOLD: Final = "told"
# no night is told of that is older than what the queue remembers
_LOOK_BACK: Final = 60


@dataclass(frozen=True, slots=True)
class Untold:
    """``last`` is the last night that was told (None: none of those looked back on), ``since`` the nights after it."""

    last: NightRecord | None
    since: tuple[NightRecord, ...]

    @property
    def missed(self) -> int:
        """Nights of which nobody has heard that they did not happen, or were broken off and never ended."""
        return sum(len(record.missed) + (record.code is None) for record in self.since)

    @property
    def failed_later(self) -> bool:
        """Whether the last night that was told failed after that: at taking away what is old, at its backup."""
        stages = list(self.last.stages.values()) if self.last else []
        names = [stage.stage for stage in stages]
        after = stages[names.index(STAGE) + 1 :] if STAGE in names else []
        return any(stage.end is End.FAILED for stage in after)


def untold(workspace: Path, day: date, mode: Mode = Mode.AUDIT, first: date = date.min) -> Untold:
    """The nights before that day (not before ``first``), from the last one that was told. Raises StoreError."""
    since: list[NightRecord] = []
    for record in _before(workspace, day, mode, first):
        if is_told(record):
            return Untold(record, tuple(reversed(since)))
        since.append(record)
    return Untold(None, tuple(reversed(since)))


def is_told(record: NightRecord) -> bool:
    """Whether what it came to is in the queue, or nobody was to be told then."""
    ended = record.stages.get(STAGE)
    if ended is None:
        return False
    return ended.end is End.IDLE or bool(ended.figures.get(TOLD, ended.end is End.DONE))


def _before(workspace: Path, day: date, mode: Mode, first: date) -> Iterator[NightRecord]:
    """The newest first."""
    days = [earlier for earlier in nights_on_record(workspace, mode) if first <= earlier < day]
    for earlier in reversed(days[-_LOOK_BACK:]):
        if record := Journal(workspace, earlier, mode).read():
            yield record
