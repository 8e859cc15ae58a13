"""What a log server keeps of each sender: since when, until when, and how long by its rotation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.log_reception import LOG_RECEPTION
from secaudit.facts.log_retention import ROTATION, Kept, parse_rotation
from secaudit.facts.received_probe import RECEIVED
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

MOST_SENDERS = 5000


@dataclass(frozen=True, slots=True)
class Sender:
    """A host whose records are kept here, by the name or address in its folder or file.

    ``oldest`` is the day, ISO, on which the oldest of its ``files`` was last written, ``newest`` that of the newest;
    ``_s`` in seconds since 1970. ``rotated``: logrotate cares for them, and keeps them ``kept_days``, 0 where a size
    may decide.
    """

    sender: str
    files: int
    oldest: str
    oldest_s: int
    newest: str
    newest_s: int
    rotated: bool
    kept_days: int


@dataclass(frozen=True, slots=True)
class ReceivedLogs:
    """``receives``: records of others come here. ``told``: it is known where each sender's lie."""

    receives: bool
    told: bool
    senders: tuple[Sender, ...]


def received(text: str, receives: bool, rotation: Sequence[tuple[str, Kept]]) -> ReceivedLogs:
    """``place /srv/log/@/*.log``, ``sender web 5 1790000000 1796000000 PATH`` → ReceivedLogs; raises GapFound."""
    lines = text.split("\n")
    if "end" not in lines:
        raise GapFound(GapReason.TRUNCATED, "the list of senders is cut off")
    places = [line for line in lines if line.startswith("place ")]
    rows = [line for line in lines if line.startswith("sender ")]
    if len(rows) > MOST_SENDERS:
        raise GapFound(GapReason.TRUNCATED, "more senders than are read")
    found: dict[str, Sender] = {}
    for row in (_sender(line, rotation) for line in rows):
        found[row.sender] = _joined(found[row.sender], row) if row.sender in found else row
    senders = tuple(found[name] for name in sorted(found)) if receives else ()
    return ReceivedLogs(receives, bool(places) and "?" not in lines, senders)


def _sender(line: str, rotation: Sequence[tuple[str, Kept]]) -> Sender:
    words = line.split(" ", 5)
    if len(words) != 6:
        raise GapFound(GapReason.UNPARSABLE, line[:80])
    files, oldest, newest = (number(word, "a file of a sender") for word in words[2:5])
    block = next((block for pattern, block in rotation if _matches(words[5], pattern)), None)
    return Sender(
        sender=words[1],
        files=files,
        oldest=_day(oldest),
        oldest_s=oldest,
        newest=_day(newest),
        newest_s=newest,
        rotated=block is not None,
        kept_days=block.days if block else 0,
    )


def _joined(one: Sender, other: Sender) -> Sender:
    """Of several places of a sender: what is kept the shorter time counts."""
    older, newer = min(one, other, key=lambda s: s.oldest_s), max(one, other, key=lambda s: s.newest_s)
    rotated = [s for s in (one, other) if s.rotated]
    return Sender(
        one.sender,
        one.files + other.files,
        older.oldest,
        older.oldest_s,
        newer.newest,
        newer.newest_s,
        bool(rotated),
        min((s.kept_days for s in rotated), default=0),
    )


def _matches(path: str, pattern: str) -> bool:
    """As glob(7) has it: a star stands for no slash."""
    return path.count("/") == pattern.count("/") and all(
        map(fnmatchcase, path.split("/"), pattern.split("/"))
    )


def _day(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        raise GapFound(GapReason.UNPARSABLE, f"time {seconds}") from None


def build_received_logs(evidence: Evidence) -> ReceivedLogs:
    """The senders of the asset; none where it takes in no records."""
    reception = evidence.fact(LOG_RECEPTION.name)
    rotation = evidence.parsed(ROTATION.id, parse_rotation)
    return received(evidence.text(RECEIVED.id), reception.receives, rotation)


RECEIVED_LOGS = Fact(
    "received_logs",
    Text("收到的日志", "Records received of others"),
    ReceivedLogs,
    build_received_logs,
    (RECEIVED, ROTATION),
    (LOG_RECEPTION.name,),
)
