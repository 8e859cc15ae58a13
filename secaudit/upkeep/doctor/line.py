"""One line of what doctor says."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How it stands. UNKNOWN: it could not be looked at, which is never the same as well."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Topic(StrEnum):
    """What a line is about, in the order in which they are told."""

    SETTINGS = "settings"
    PERMISSIONS = "permissions"
    SECRETS = "secrets"
    HOST_KEYS = "host_keys"
    DATABASE = "database"
    LEDGER = "ledger"
    DISK = "disk"
    CLOCK = "clock"
    BACKUP = "backup"
    SCHEDULE = "schedule"
    NOTICES = "notices"
    CONTENT = "content"
    EXPIRY = "expiry"
    PROGRAMS = "programs"
    PYTHON = "python"


@dataclass(frozen=True, slots=True)
class Line:
    """``told`` says what was seen; ``fix`` is a command to copy or a sentence, "" where nothing is to be done."""

    state: State
    topic: Topic
    told: str
    fix: str = ""


def ok(topic: Topic, told: str) -> Line:
    """All is well."""
    return Line(State.OK, topic, told)


def warn(topic: Topic, told: str, fix: str) -> Line:
    """It works and will not for ever, or not as well as it could."""
    return Line(State.WARN, topic, told, fix)


def fail(topic: Topic, told: str, fix: str) -> Line:
    """A rule is broken."""
    return Line(State.FAIL, topic, told, fix)


def unknown(topic: Topic, told: str, fix: str = "") -> Line:
    """Nobody could look."""
    return Line(State.UNKNOWN, topic, told, fix)


def gravest(lines: Iterable[Line]) -> State:
    """Unknown wins over fail: a gap is never better than what was seen."""
    states = {line.state for line in lines}
    order = (State.UNKNOWN, State.FAIL, State.WARN)
    return next((state for state in order if state in states), State.OK)
