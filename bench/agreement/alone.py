"""The checks of Linux hosts that no other side decides beside us, by the reason (alone.yaml)."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("alone.yaml")


def read(file: Path = FILE) -> dict[str, tuple[str, ...]]:
    """Reason → checks, or patterns of them."""
    content: dict[str, str] = yaml.safe_load(file.read_text())
    return {reason: tuple(names.split()) for reason, names in content.items()}


def places(check: str, asked: Iterable[str], alone: Mapping[str, Iterable[str]]) -> int:
    """How often a check is placed: asked of several sides, or left to us for a reason."""
    reasons = [name for names in alone.values() for name in names if fnmatchcase(check, name)]
    return (check in set(asked)) + len(reasons)
