"""How the queue stands: for the list of notices, and for whoever watches over the tool."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from secaudit.notify.message import Message
from secaudit.notify.queue import DEAD, FOLDER, LIMIT, WAITING, Held, Queue

# a queue that nobody works off, or that never gets through
LATE: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """A message and where it is; ``message`` is None where the file is none."""

    place: str
    held: Held
    message: Message | None


@dataclass(frozen=True, slots=True)
class Standing:
    """``oldest`` is when the message that waits for the longest time was made; ``broken`` files are no messages."""

    waiting: int
    dead: tuple[int, ...]
    broken: tuple[str, ...]
    oldest: datetime | None
    reason: str

    def is_late(self, now: datetime) -> bool:
        """Whether a message waits longer than a day."""
        return self.oldest is not None and now - self.oldest > LATE

    @property
    def is_full(self) -> bool:
        """Whether nothing more is taken in."""
        return self.waiting >= LIMIT


def rows(workspace: Path, places: Iterable[str]) -> Iterator[Row]:
    """The messages there, in the order in which they came. Raises UsageError."""
    queue = Queue(workspace / FOLDER)
    for place in places:
        for held in queue.held(place):
            yield Row(place, held, held.read())


def standing(workspace: Path) -> Standing:
    """How the queue stands. Raises UsageError."""
    waiting = list(rows(workspace, (WAITING,)))
    dead = list(rows(workspace, (DEAD,)))
    messages = [one.message for one in waiting if one.message is not None]
    oldest = min(messages, key=lambda one: one.made, default=None)
    return Standing(
        waiting=len(waiting),
        dead=tuple(one.held.number for one in dead),
        broken=tuple(one.held.file.name for one in (*waiting, *dead) if one.message is None),
        oldest=oldest.made if oldest else None,
        reason=oldest.reason if oldest else "",
    )
