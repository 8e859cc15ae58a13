"""The ledger of a workspace: an append-only file that says what was there when, each entry chained to the last.

It is brought up to date from what the workspace holds, so a step that a crash or a full disk left out is entered by
the next command, and a file that somebody edits by hand is entered as changed. It never stops a scan.
"""

import fcntl
import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from secaudit.errors import UsageError
from secaudit.handover.chain import Chain, check, limited_lines
from secaudit.handover.entry import LINE_BYTES, Change, Entry, Head, body_of, head_of
from secaudit.language import _

FILE: Final = "ledger.txt"
# changes after which a subject is not there
AWAY: Final = (Change.GONE, Change.PRUNED)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a workspace holds. ``digest`` reckons the SHA-256 (hex) of it; ``settled``: it changes no more.

    A settled subject that is on record with the same ``told`` is not reckoned again by ``enter``.
    """

    kind: str
    id: str
    digest: Callable[[], str]
    told: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger in that file; where there is none yet, an empty one."""

    file: Path

    def entries(self) -> tuple[list[Entry], Chain]:
        """Every entry that can be read, and the chain as it was followed. Raises UsageError."""
        chain = Chain()
        with self._reading() as stream:
            return list(chain.follow(limited_lines(stream.readline))), chain

    def check(self, anchors: Iterable[Head] = ()) -> Chain:
        """The chain held against its own digests and the anchors. Raises UsageError where it cannot be read."""
        with self._reading() as stream:
            return check(limited_lines(stream.readline), anchors)

    def enter(self, subjects: Iterable[Subject], now: datetime) -> list[Entry]:
        """Enter what is new, changed or gone since the last entry; returns the new entries.

        ``subjects`` are all of them: one on record that is not among them is gone. A chain that is damaged is
        continued from where it stands: the damage stays to be seen. Raises UsageError, then nothing is entered.
        """
        return self._enter(lambda known: _news(known, subjects), now)

    def prune(self, pruned: Iterable[tuple[str, str]], now: datetime) -> list[Entry]:
        """Enter that these (kind, id) are taken away because their time is over, with the digests on record.

        Before they are: one that is there still when a command ends is entered again. Raises UsageError.
        """
        return self._enter(lambda known: _prunings(known, pruned), now)

    def _enter(self, told: Callable[["_Known"], Iterable["_News"]], now: datetime) -> list[Entry]:
        with self._alone() as stream:
            chain, known = Chain(), dict[tuple[str, str], Entry]()
            for entry in chain.follow(limited_lines(stream.readline)):
                known[entry.kind, entry.id] = entry
            news = list(told(known))
            if not news:
                return []
            moment = now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            entries = list(_chained(chain.head, news, moment))
            self._append(stream, chain.torn, b"".join(entry.line() for entry in entries))
            return entries

    def _append(self, stream: BinaryIO, torn: bytes, lines: bytes) -> None:
        """All or nothing. What a crash left of a line is cut away; anything longer is no line of ours and stays."""
        end = stream.seek(0, os.SEEK_END)
        if torn and len(torn) <= LINE_BYTES:
            end = stream.seek(end - len(torn))
            stream.truncate()
        elif torn:
            lines = b"\n" + lines
        try:
            stream.write(lines)
            stream.flush()
            os.fsync(stream.fileno())
        except OSError as error:
            os.ftruncate(stream.fileno(), end)
            raise _cannot(self.file, error) from error

    @contextmanager
    def _reading(self) -> Iterator[BinaryIO]:
        try:
            with self.file.open("rb") as stream:
                yield stream
        except FileNotFoundError:
            yield io.BytesIO()
        except OSError as error:
            raise _cannot(self.file, error) from error

    @contextmanager
    def _alone(self) -> Iterator[BinaryIO]:
        """Open for this process alone, made with mode 0600 where it is new; a link is refused."""
        try:
            handle = os.open(self.file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise _cannot(self.file, error) from error
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise UsageError(_("{path} is no file.").format(path=self.file))
        with os.fdopen(handle, "r+b") as stream:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield stream


def differences(entries: Iterable[Entry], subjects: Iterable[Subject]) -> Iterator[tuple[Change, str, str]]:
    """Change, kind and id of whatever ``enter`` would enter; settled subjects are reckoned too."""
    known = {(entry.kind, entry.id): entry for entry in entries}
    for one in _news(known, (replace(subject, settled=False) for subject in subjects)):
        yield one.change, one.kind, one.id


class _News(NamedTuple):
    change: Change
    kind: str
    id: str
    digest: str
    told: str


# (kind, id) → the last entry of it
_Known = Mapping[tuple[str, str], Entry]


def _prunings(known: _Known, pruned: Iterable[tuple[str, str]]) -> Iterator[_News]:
    for kind, id_ in pruned:
        last = known.get((kind, id_))
        if last is not None and last.change not in AWAY:
            yield _News(Change.PRUNED, kind, id_, last.digest, last.told)


def _news(known: _Known, subjects: Iterable[Subject]) -> Iterator[_News]:
    """What the ledger does not say yet."""
    here = {key: entry for key, entry in known.items() if entry.change not in AWAY}
    for subject in subjects:
        last = here.pop((subject.kind, subject.id), None)
        if last is not None and subject.settled and last.told == subject.told:
            continue
        digest = subject.digest()
        if last is None:
            yield _News(Change.ENTERED, subject.kind, subject.id, digest, subject.told)
        elif (digest, subject.told) != (last.digest, last.told):
            yield _News(Change.CHANGED, subject.kind, subject.id, digest, subject.told)
    for (kind, id_), entry in here.items():
        yield _News(Change.GONE, kind, id_, entry.digest, entry.told)


def _chained(head: Head, news: Iterable[_News], moment: str) -> Iterator[Entry]:
    for one in news:
        entry = Entry(
            head.entries + 1,
            moment,
            one.kind,
            one.id,
            one.change,
            one.digest,
            one.told,
            head.sha256,
            head.sm3,
        )
        head = head_of(entry.n, body_of(entry.line()[:-1]))
        yield entry


def _cannot(path: Path, error: OSError) -> UsageError:
    message = _("The ledger {path} cannot be used: {reason}.")
    return UsageError(
        message.format(path=path, reason=error.strerror or error),
        hint=_("Nothing is lost: what is not entered yet is entered by the next command that can write it."),
    )
