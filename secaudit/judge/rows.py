"""Lists that an expression makes, evaluated row by row.

``cel`` copies the list for each row that ``filter`` or ``map`` adds: 4,000 rows took 11 s with the interpreter
lock held, and a target decides how many rows there are. Here a program runs over a list of one row or
a few at a time, and the time grows with the rows. (``all``, ``exists`` and ``exists_one`` copy nothing.)
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol

from secaudit.content.engine import cel
from secaudit.kept import keep, key_of, recall

# the variable that is the row, or its number
ROW: Final = "row_"
# how many rows a program takes at once where it names them by number: few enough that copying them costs nothing
SEVERAL: Final = 8
# how many arguments a macro takes
MACROS: Final = {"filter": (2,), "map": (2, 3)}


class Names(Protocol):
    """The variables that programs run with."""

    def set(self, name: str, value: Any) -> None:
        """Set a variable."""

    def run(self, program: cel.Program) -> Any:
        """What a program gives."""

    def length(self, path: Sequence[str]) -> int | None:
        """How many rows a fact or a field of one has; None where it is no list."""


class Rows(Protocol):
    """A list that can be made row by row."""

    def made(self, names: Names) -> Iterator[Any]:
        """The rows, with the variables as they are now."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A list that one program gives."""

    program: cel.Program

    def made(self, names: Names) -> Iterator[Any]:
        yield from names.run(self.program)


@dataclass(frozen=True, slots=True)
class Joined:
    """``a + b``."""

    parts: Sequence[Rows]

    def made(self, names: Names) -> Iterator[Any]:
        for part in self.parts:
            yield from part.made(names)


@dataclass(frozen=True, slots=True)
class Chosen:
    """``condition ? a : b``."""

    condition: cel.Program
    yes: Rows
    no: Rows

    def made(self, names: Names) -> Iterator[Any]:
        yield from (self.yes if names.run(self.condition) else self.no).made(names)


@dataclass(frozen=True, slots=True)
class Numbered:
    """``filter`` and ``map`` over a list that is a variable: numbers name rows, which are not handed over.

    ``path`` is ``("accounts",)`` or ``("roles", "limited")``; ``otherwise`` serves where that is no list.
    """

    path: tuple[str, ...]
    several: cel.Program
    one: cel.Program
    otherwise: "Handed"

    def made(self, names: Names) -> Iterator[Any]:
        length = names.length(self.path)
        if length is None:
            yield from self.otherwise.made(names)
            return
        rest = length % SEVERAL
        for number in range(0, length - rest, SEVERAL):
            names.set(ROW, number)
            yield from names.run(self.several)
        for number in range(length - rest, length):
            names.set(ROW, number)
            yield from names.run(self.one)


@dataclass(frozen=True, slots=True)
class Handed:
    """``filter`` and ``map`` over any other list: each row becomes a variable."""

    source: Rows
    program: cel.Program

    def made(self, names: Names) -> Iterator[Any]:
        for row in self.source.made(names):
            names.set(ROW, row)
            yield from names.run(self.program)


def rows_of(text: str) -> Rows:
    """How the list of an expression is made; raises ExpressionFault.

    What its parser found is kept between runs: the parser costs 0.3 s, and more with each expression.
    """
    name = "rows-" + key_of([text])
    written = recall(name)
    if written is not None:
        with suppress(ValueError):
            return _made(json.loads(written))
    from secaudit.judge.row_plan import plan_of  # the parser

    plan = plan_of(text)
    keep(name, json.dumps(plan).encode())
    return _made(plan)


def _made(plan: Any) -> Rows:
    """The rows of a plan; raises ValueError for what is none."""
    match plan:
        case ["whole", str(program)]:
            return Whole(cel.compile(program))
        case ["joined", *parts]:
            return Joined([_made(part) for part in parts])
        case ["chosen", str(condition), yes, no]:
            return Chosen(cel.compile(condition), _made(yes), _made(no))
        case ["handed", source, str(program)]:
            return Handed(_made(source), cel.compile(program))
        case ["numbered", [*path], str(several), str(one), ["handed", source, str(program)]]:
            handed = Handed(_made(source), cel.compile(program))
            return Numbered(tuple(path), cel.compile(several), cel.compile(one), handed)
    raise ValueError("no plan of rows")
