"""What frames say, read with the distrust that a target's words need."""

import re
from dataclasses import dataclass
from functools import lru_cache

# what timeout(1) gives when it had to end a command
ENDED_BY_TIMEOUT = 124
_UPTIME = re.compile(r"(\d{1,11})(?:\.(\d{1,2}))?", re.ASCII)
MOST_MS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Hello:
    """How a part of the script began: milliseconds since boot, its limiter, clock, and who it is."""

    uptime_ms: int
    limiter: str
    epoch_s: int
    uid: int
    user: str


@dataclass(slots=True)
class Answer:
    """What arrived for one probe so far. ``ended_ms`` stays None when its end never came."""

    begun_ms: int
    output: bytes
    root: bool
    ended_ms: int | None = None
    limiter_status: int = 0
    exit_status: int | None = None
    timed_out: bool = False
    refused: bool = False
    errors: bytes = b""

    @property
    def duration_ms(self) -> int:
        """How long it took, 0 while it has not ended."""
        return 0 if self.ended_ms is None else self.ended_ms - self.begun_ms

    def end(self, uptime: str, limiter_status: str, report: bytes) -> None:
        """It has ended; only the first end counts."""
        if self.ended_ms is not None:
            return
        self.ended_ms, self.limiter_status = uptime_ms(uptime), number(limiter_status)
        if report == b"s0":  # as most end: without a word
            self.exit_status = 0
            self.timed_out = self.limiter_status == ENDED_BY_TIMEOUT
            return
        errors: list[bytes] = []
        for line in report.split(b"\n"):
            if line[:1] == b"e":
                errors.append(line[1:])
            elif line[:1] == b"s" and line[1:].isdigit():
                self.exit_status = int(line[1:4])
            elif line == b"t":
                self.timed_out = True
            elif line == b"r":
                self.refused = True
        self.errors = b"\n".join(errors)
        self.timed_out |= self.limiter_status == ENDED_BY_TIMEOUT


def hello_of(uptime: str, limiter: str, epoch: str, body: bytes) -> Hello:
    """The beginning of a part, from its frame."""
    uid, _separator, user = body.decode("utf-8", "backslashreplace").strip().partition("\n")
    return Hello(uptime_ms(uptime), limiter[:16], number(epoch), number(uid), user[:64])


@lru_cache(maxsize=64)
def number(text: str) -> int:
    """A number of at most 11 digits, -1 for anything else: a target may say what it likes."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 11 else -1


@lru_cache(maxsize=64)
def uptime_ms(text: str) -> int:
    """Milliseconds of what /proc/uptime counts, 0 for anything else. It comes twice a probe, mostly as just before."""
    told = _UPTIME.fullmatch(text)
    return int(told[1]) * 1000 + int((told[2] or "").ljust(3, "0")) if told else 0


def bounded(duration_ms: int) -> int:
    """As an observation has it: none is negative, nor more than a database counts."""
    return duration_ms if 0 <= duration_ms <= MOST_MS else MOST_MS if duration_ms > 0 else 0
