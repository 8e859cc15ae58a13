"""What remedies tell the user to do, and why some are not tried (remedies.yaml)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_suffix(".yaml")


@dataclass(frozen=True, slots=True)
class Remedies:
    """Host → check → commands, in the order they are done; pattern of checks → the reason why none is tried."""

    tried: Mapping[str, Mapping[str, str]]
    not_tried: Mapping[str, str]

    def reason(self, check: str) -> str | None:
        """Why a check's remedy is not tried."""
        return next((why for names, why in self.not_tried.items() if fnmatchcase(check, names)), None)

    def undecided(self, checks: Iterable[str]) -> list[str]:
        """Checks that are neither tried nor left out for a reason, or both."""
        tried = {check for remedies in self.tried.values() for check in remedies}
        return sorted(c for c in checks if (c in tried) is (self.reason(c) is not None))


def read(file: Path = FILE) -> Remedies:
    """The file."""
    content: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text())
    reasons = {names: why for why, listed in content["not_tried"].items() for names in listed.split()}
    return Remedies(content["tried"], reasons)
