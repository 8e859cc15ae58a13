"""The checks that something is not done with, by the reason: one list a file of this folder."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import filter as matching
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
LISTS = ("never_failed", "not_compared", "remedy_not_tried")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Reason → checks, or patterns of them."""

    reasons: Mapping[str, tuple[str, ...]]

    def undecided(self, checks: Iterable[str], done: Iterable[str]) -> dict[str, int]:
        """Check → how often it is placed, of those that are not placed once: among what is done, or left out."""
        known, did = sorted(checks), set(done)
        left = [check for names in self.reasons.values() for name in names for check in matching(known, name)]
        placed = {check: (check in did) + left.count(check) for check in known}
        return {check: times for check, times in placed.items() if times != 1}

    def astray(self, checks: Iterable[str]) -> list[str]:
        """Names that no check bears."""
        known = sorted(checks)
        return [name for names in self.reasons.values() for name in names if not matching(known, name)]


def read(name: str, folder: Path = FOLDER) -> LeftOut:
    """One of LISTS."""
    content: dict[str, str] = yaml.safe_load((folder / f"{name}.yaml").read_text())
    return LeftOut({reason: tuple(names.split()) for reason, names in content.items()})
