"""An update that is known and not installed, and the state of the metadata that says so."""

from dataclasses import dataclass
from datetime import UTC, datetime

from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason


@dataclass(frozen=True, slots=True)
class Update:
    """``security``: an advisory or a security source offers it; ``held``: the administrator keeps the package back."""

    name: str
    installed: str
    candidate: str
    security: bool
    held: bool


@dataclass(frozen=True, slots=True)
class Metadata:
    """When the security metadata was made or last confirmed (aware, UTC).

    ``silent`` are the enabled sources that tell nothing of security: what comes from them is not known.
    """

    date: datetime
    silent: tuple[str, ...] = ()


def oldest(stamps: list[str]) -> Metadata:
    """The oldest of times given as seconds since 1970; raises GapFound when there is none or one makes no sense."""
    if not stamps:
        raise GapFound(GapReason.METADATA_ABSENT, "no metadata of package sources on the asset")
    if not all(s.isascii() and s.isdigit() and len(s) <= 11 for s in stamps):
        raise GapFound(GapReason.UNPARSABLE, f"not a time: {stamps[0][:40]!r}")
    return Metadata(datetime.fromtimestamp(min(map(int, stamps)), UTC))
