"""How much each item weighs in the score of the 2021 template, and where that was laid down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Final

from secaudit.model.content import Requirement


class ItemClass(StrEnum):
    """The classes of items; their weights are 1, 2 and 3."""

    GENERAL = "一般"
    IMPORTANT = "重要"
    KEY = "关键"

    @property
    def weight(self) -> int:
        return list(ItemClass).index(self) + 1


@dataclass(frozen=True, slots=True)
class Weights:
    """``classes``: (level, item) → class, 一般 where nothing is said; ``technical_share`` is y.

    ``source`` names who laid that down; ``table`` is the file that says so, with its SHA-256 in hex. All three are ""
    where an office has laid down nothing.
    """

    classes: Mapping[tuple[int, str], ItemClass] = field(default_factory=dict)
    technical_share: Fraction = Fraction(1, 2)
    source: str = ""
    table: str = ""
    sha256: str = ""

    def item_class(self, requirement: Requirement) -> ItemClass:
        return self.classes.get((requirement.level, requirement.key), ItemClass.GENERAL)

    def by_key(self, requirements: Iterable[Requirement]) -> dict[str, int]:
        """Key of an item → its weight."""
        return {one.key: self.item_class(one).weight for one in requirements}


DEFAULT_WEIGHTS: Final = Weights()
