"""The queue: a folder of the workspace with one file a message, each whole or not there.

A file moves by rename(2), which needs no room on the disk: ``waiting`` → ``sent`` or ``dead``. Its name says how many
attempts there were of which nobody knows the end, because the process was killed or the server never answered:
after the second the message is put aside, so that it arrives twice at most.
"""

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.notify.message import Message, decode, encode
from secaudit.register.folder import alone_in, make_private_folder, write_new
from secaudit.register.notice_settings import Channel

FOLDER: Final = "notices"
WAITING, SENT, DEAD = PLACES = ("waiting", "sent", "dead")
# a night older than this is told no more: retention keeps what was sent for longer
KEPT_DAYS: Final = 60
# of messages that wait; a file has a few kilobytes
LIMIT: Final = 10_000
SIZE_LIMIT_BYTES: Final = 262_144
_NAME: Final = re.compile(r"([0-9]{8})-(mail|webhook|syslog)-([0-9a-f]{20})(?:-u([12]))?\.json")


@dataclass(frozen=True, slots=True)
class Held:
    """A file of the queue by its name: ``number`` gives the order, ``unsure`` attempts ended nobody knows how."""

    file: Path
    number: int
    channel: Channel
    key: str
    unsure: int = 0

    def read(self) -> Message | None:
        """What it holds; None where it is gone by now, or no message."""
        with suppress(OSError):
            handle = os.open(self.file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as stream:
                return decode(stream.read(SIZE_LIMIT_BYTES))
        return None


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue in that folder, made when the first message comes."""

    folder: Path

    def held(self, place: str) -> list[Held]:
        """The messages that are waiting, sent or dead, in the order in which they came."""
        try:
            files = list((self.folder / place).iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _cannot(self.folder / place, error) from error
        found = (one for file in files if (one := _held(file)))
        return sorted(found, key=lambda one: one.number)

    @contextmanager
    def entering(self) -> Iterator["Entrance"]:
        """Nobody else enters a message meanwhile. Raises UsageError."""
        for folder in (self.folder, *(self.folder / place for place in PLACES)):
            make_private_folder(folder)
        with alone_in(self.folder / WAITING):
            yield Entrance(self, {one.key: one for place in PLACES for one in self.held(place)})

    @contextmanager
    def sending(self) -> Iterator[bool]:
        """Whether nobody else sends; nobody does meanwhile. The lock ends with the process (flock(2))."""
        try:
            handle = os.open(self.folder / "sending.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise _cannot(self.folder, error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
        finally:
            os.close(handle)

    def begin(self, one: Held) -> tuple[Held, Message | None]:
        """An attempt begins: should it never end, its name says so. The message, None where it is none."""
        with alone_in(self.folder / WAITING):
            begun = self._renamed(one, one.unsure + 1)
        return begun, begun.read()

    def sent(self, one: Held, now: datetime) -> None:
        """It was delivered."""
        self._moved(one, SENT, now)

    def dead(self, one: Held, message: Message | None, now: datetime) -> None:
        """It is put aside; ``message`` says why, where there is room for it."""
        if message is not None:
            with suppress(UsageError):
                put(one.file, encode(message))
        self._moved(one, DEAD, now)

    def unbegun(self, one: Held) -> Held:
        """The attempt that began has ended, and nothing was delivered."""
        return self._renamed(one, one.unsure - 1)

    def wait(self, one: Held, message: Message) -> None:
        """It waits until its next attempt."""
        put(one.file, encode(message))

    def revive(self, one: Held, now: datetime) -> bool:
        """A dead message waits again, as if it were new; whether it is one that can be read."""
        message = one.read()
        if message is None:
            return False
        fresh = replace(message, made=now, not_before=now, attempts=0, reason="")
        put(one.file, encode(fresh))
        self._rename(one.file, self.folder / WAITING / _name(one.number, one.channel, one.key, 0))
        return True

    def discard(self, one: Held) -> None:
        """Nobody needs it any more."""
        try:
            one.file.unlink(missing_ok=True)
        except OSError as error:
            raise _cannot(one.file, error) from error

    def sent_since(self, channel: Channel, moment: datetime) -> int:
        """How many messages went out by that channel since then."""
        recent = (one for one in self.held(SENT) if one.channel is channel)
        return sum(1 for one in recent if _changed(one.file) > moment)

    def forget(self, now: datetime) -> None:
        """Remove what a killed process left half written; what was sent or put aside goes by ``retention:``."""
        for torn in self.folder.glob("*/.*"):
            if _changed(torn) < now - timedelta(hours=1):
                torn.unlink(missing_ok=True)

    def _renamed(self, one: Held, unsure: int) -> Held:
        unsure = max(unsure, 0)
        file = one.file.with_name(_name(one.number, one.channel, one.key, unsure))
        self._rename(one.file, file)
        return replace(one, file=file, unsure=unsure)

    def _moved(self, one: Held, place: str, now: datetime) -> None:
        file = self.folder / place / _name(one.number, one.channel, one.key, 0)
        self._rename(one.file, file)
        with suppress(OSError):
            os.utime(file, (now.timestamp(), now.timestamp()))

    def _rename(self, file: Path, to: Path) -> None:
        try:
            file.rename(to)
        except OSError as error:
            raise _cannot(file, error) from error


class Entrance:
    """Enters messages; ``known`` are those of the queue by key."""

    def __init__(self, queue: Queue, known: dict[str, Held]) -> None:
        self._queue = queue
        self._known = known
        self._waiting = sum(one.file.parent.name == WAITING for one in known.values())
        self._last = max((one.number for one in known.values()), default=0)

    def enter(self, message: Message) -> bool:
        """Whether it is new: the same event for the same receiver and night is entered once. Raises UsageError."""
        if message.key in self._known:
            return False
        if self._waiting >= LIMIT:
            raise UsageError(
                _("{count} notices wait already; no more are taken in.").format(count=LIMIT),
                hint=_("See why they are not delivered with: secaudit notices list"),
            )
        channel, number = message.receiver.channel, self._last + 1
        file = self._queue.folder / WAITING / _name(number, channel, message.key, 0)
        put(file, encode(message))
        self._last, self._waiting = number, self._waiting + 1
        self._known[message.key] = Held(file, number, channel, message.key)
        return True

    def waiting(self, key: str) -> tuple[Held, Message] | None:
        """The message of that key while nobody has tried to send it."""
        one = self._known.get(key)
        message = one.read() if one and one.file.parent.name == WAITING and not one.unsure else None
        return (one, message) if one and message and not message.attempts else None

    def change(self, one: Held, message: Message) -> None:
        """Put another text in place of a message that waits. Raises UsageError."""
        put(one.file, encode(message))


def put(file: Path, content: bytes) -> None:
    """Write a file at once: a reader sees all of it, or what was there before. Raises UsageError."""
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    write_new(beside, content)
    try:
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _cannot(file, error) from error


def _held(file: Path) -> Held | None:
    found = _NAME.fullmatch(file.name)
    if found is None:
        return None
    return Held(file, int(found[1]), Channel(found[2]), found[3], int(found[4] or 0))


def _name(number: int, channel: Channel, key: str, unsure: int) -> str:
    return f"{number:08d}-{channel}-{key}{f'-u{unsure}' if unsure else ''}.json"


def _changed(file: Path) -> datetime:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    except OSError:
        return datetime.max.replace(tzinfo=UTC)


def _cannot(path: Path, error: OSError) -> UsageError:
    message = _("{path} cannot be written: {reason}.")
    return UsageError(message.format(path=path, reason=error.strerror or error))
