"""Grading of a system by what would be harmed and how badly (GB/T 22240-2020)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Harmed(StrEnum):
    """What is harmed (受侵害的客体): rights of people and organisations, order and public interest, the state."""

    CITIZENS = "citizens"
    SOCIETY = "society"
    STATE = "state"


class Degree(StrEnum):
    """How badly it is harmed (侵害程度)."""

    GENERAL = "general"
    SERIOUS = "serious"
    ESPECIALLY_SERIOUS = "especially-serious"


MATRIX: Final[Mapping[Harmed, Mapping[Degree, int]]] = {
    Harmed.CITIZENS: dict(zip(Degree, (1, 2, 2), strict=True)),
    Harmed.SOCIETY: dict(zip(Degree, (2, 3, 4), strict=True)),
    Harmed.STATE: dict(zip(Degree, (3, 4, 5), strict=True)),
}
"""Object and degree → level."""


@dataclass(frozen=True, slots=True)
class Harm:
    """What happens when one side of a system is broken: object → degree, at least one.

    ``what`` says what is processed or served, ``why`` how the harm comes about.
    """

    degrees: tuple[tuple[Harmed, Degree], ...]
    what: str = ""
    why: str = ""

    @property
    def level(self) -> int:
        """1 to 5: that of the object and degree with the highest level."""
        return max(MATRIX[harmed][degree] for harmed, degree in self.degrees)


@dataclass(frozen=True, slots=True)
class Grading:
    """Both sides of a system: business information (S) and system service (A)."""

    information: Harm
    service: Harm

    @property
    def level(self) -> int:
        """G, 1 to 5."""
        return max(self.information.level, self.service.level)

    def __str__(self) -> str:
        return f"S{self.information.level}A{self.service.level}G{self.level}"
