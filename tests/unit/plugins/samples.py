"""Entry points and plug-ins that exist in these tests only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from secaudit.entries import Entry
from secaudit.facts.fact import Evidence, Fact
from secaudit.model.content import References
from secaudit.model.register import Asset, Grade, System
from secaudit.model.text import Text

ASSET = Asset("web", "linux", "web")
SYSTEM = System("oa", "OA", "office", Grade(3, 3), assets=(ASSET,))


@dataclass(frozen=True, slots=True)
class Size:
    """One number."""

    size: int


@dataclass(frozen=True, slots=True)
class Loads(Entry):
    """An entry point that loads what it is given, by a function that may raise."""

    found: Callable[[], Any] = lambda: None

    def load(self) -> Any:
        return self.found()


def entry(name: str, found: Any = None, *, group: str = "facts", package: str = "theirs") -> Loads:
    """An entry point that loads an object."""
    return Loads(group, name, "theirs:x", package, "1.0", lambda: found)


def fact(name: str = "size", **fields: Any) -> Fact:
    """A fact that is whole but for these fields."""
    given = {"name": name, "title": Text(name, name), "type": Size, "build": lambda _evidence: Size(1)}
    return Fact(**{**given, **fields})


def evidence() -> Evidence:
    """Of a visit that answered nothing."""
    return Evidence({}, {}, {}, ASSET, SYSTEM, References(), datetime(2026, 3, 1, tzinfo=UTC))
