"""What a measurement gives: a row of the table, held against its target."""

from collections.abc import Callable
from dataclasses import dataclass


class NotHere(Exception):
    """This machine cannot take a figure; the message says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """A bound of a value: ``Target(1.3)`` is at most 1.3 times as much, ``at_least`` turns it round."""

    bound: float
    unit: str = "×"
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def shown(self) -> str:
        """``≤ 1.3 ×``"""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what we need, what the other side needs, and the value that has a target."""

    what: str
    ours: str
    other: str
    value: float
    target: Target

    def shown(self) -> str:
        """A line of a Markdown table."""
        value = f"{self.value:.{2 if self.value < 10 else 0}f} {self.target.unit}"
        met = "yes" if self.target.met(self.value) else "**no**"
        return f"| {self.what} | {self.ours} | {self.other} | {value} | {self.target.shown()} | {met} |"


# Takes the figures of one kind; raises NotHere.
Measurement = Callable[[], tuple[Row, ...]]

HEADING = "| figure | secaudit | compared with | value | target | met |\n|---|---|---|---|---|---|"
