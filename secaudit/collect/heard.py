"""What frames say, read with the distrust that a target's words need."""

from dataclasses import dataclass
from functools import lru_cache

# what timeout(1) gives when it had to end a command
ENDED_BY_TIMEOUT = 124
WHOLE_DIGITS = 11
MOST_MS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Hello:
    """How a part of the script began: which part, seconds since boot, its limiter, clock, and who it is."""

    uptime_s: float
    limiter: str
    epoch_s: int
    uid: int
    user: str


@dataclass(slots=True)
class Answer:
    """What arrived for one probe so far. ``ended_s`` stays None when its end never came."""

    begun_s: float
    output: bytes
    root: bool
    ended_s: float | None = None
    limiter_status: int = 0
    exit_status: int | None = None
    timed_out: bool = False
    refused: bool = False
    errors: bytes = b""

    @property
    def duration_s(self) -> float:
        """How long it took, 0 while it has not ended."""
        return (self.ended_s or self.begun_s) - self.begun_s

    def end(self, uptime: str, limiter_status: str, report: bytes) -> None:
        """It has ended; only the first end counts."""
        if self.ended_s is not None:
            return
        self.ended_s, self.limiter_status = seconds(uptime), number(limiter_status)
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
    return Hello(seconds(uptime), limiter[:16], number(epoch), number(uid), user[:64])


@lru_cache(maxsize=64)
def number(text: str) -> int:
    """A number of at most 11 digits, -1 for anything else: a target may say what it likes."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 11 else -1


@lru_cache(maxsize=64)
def seconds(text: str) -> float:
    """What /proc/uptime counts, 0 for anything else. It comes twice a probe, mostly the same as just before."""
    whole, point, part = text.partition(".")
    digits = whole + part
    if not (digits.isascii() and digits.isdigit()) or not 1 <= len(whole) <= WHOLE_DIGITS:
        return 0.0
    return float(text) if len(part) in ((1, 2) if point else (0,)) else 0.0


def milliseconds(duration_s: float) -> int:
    """As an observation has it."""
    whole = round(duration_s * 1000)
    return whole if 0 <= whole <= MOST_MS else MOST_MS if whole > 0 else 0
