"""Entry points that installed packages declare: read off their metadata, without running a line of them."""

import importlib.util
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Final

FACTS: Final = "facts"
CHECKS: Final = "checks"
TRANSPORTS: Final = "transports"
FORMATS: Final = "formats"
GROUPS: Final = (TRANSPORTS, FACTS, CHECKS, FORMATS)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry point: ``group`` without ``secaudit.``, and the package (its distribution) that declares it."""

    group: str
    name: str
    value: str
    package: str
    version: str

    def __str__(self) -> str:
        return f"{self.package} {self.version}, secaudit.{self.group}: {self.name}"

    def load(self) -> Any:
        """What the entry point names. Runs code of the package, which may raise anything."""
        return EntryPoint(self.name, self.value, f"secaudit.{self.group}").load()

    def folder(self) -> Path | None:
        """The folder of the package that the entry point names, found without importing it; None: there is none."""
        top, *inner = self.value.partition(":")[0].strip().split(".")
        try:
            spec = importlib.util.find_spec(top)
        except (ImportError, ValueError):
            return None
        places = spec.submodule_search_locations if spec else None
        folders = (Path(place, *inner) for place in places or ())
        return next((folder for folder in folders if folder.is_dir()), None)


def entries_of(group: str) -> tuple[Entry, ...]:
    """The entry points of a group, by name and package."""
    found = [_entry(group, point) for point in entry_points(group=f"secaudit.{group}")]
    return tuple(sorted(found, key=lambda entry: (entry.name, entry.package)))


def _entry(group: str, point: EntryPoint) -> Entry:
    package, version = (point.dist.name, point.dist.version) if point.dist else ("", "")
    return Entry(group, point.name, point.value, package or "?", version or "?")
