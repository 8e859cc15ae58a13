"""What of a system is judged, as it is on record: a sample of its assets, not what its platform answers for."""

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


@dataclass(frozen=True, slots=True)
class Platform:
    """The cloud platform that a system is a tenant of, and what of the items is its provider's.

    ``items`` are keys (``cns.architecture.a``, ``L3-CES2-01``) or their beginnings (``pes``, ``L3-PES2``), as the
    document ``split`` divides the responsibility. "", 0 and None: not on record.
    """

    name: str
    items: tuple[str, ...]
    filing_number: str = ""
    level: int = 0
    report_number: str = ""
    report_date: date | None = None
    split: str = ""

    def owns(self, key: str) -> bool:
        """Whether an item is the provider's."""
        return any(key == item or key.startswith(item + _separator(item)) for item in self.items)


def _separator(item: str) -> str:
    """What follows the beginning of a key: ``pes`` of ``pes.fire.a``, ``L3-PES2`` of ``L3-PES2-01``."""
    return "-" if item.startswith("L") else "."
