"""How an attempt to deliver a message ended."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """It was taken over."""


@dataclass(frozen=True, slots=True)
class Later:
    """It was not taken over for now; worth another attempt, at the earliest in ``wait_s`` seconds."""

    reason: str
    wait_s: float = 0


@dataclass(frozen=True, slots=True)
class Down:
    """The way itself does not work: nothing that goes by it is tried now."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It was handed over whole, and no answer came."""

    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """It is refused for good."""

    reason: str


Outcome = Sent | Later | Down | Unsure | Never
