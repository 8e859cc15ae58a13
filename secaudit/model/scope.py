"""What of a system is judged: the sample of its assets, as somebody chose it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Sample:
    """The assets of a kind that are judged for all of that kind: which, who chose them when, and why these."""

    kind: str
    assets: tuple[str, ...]
    person: str
    day: date
    reason: str
