"""Lists that an expression makes, evaluated row by row.

``cel`` copies the list for each row that ``filter`` or ``map`` adds: 4,000 rows took 11 s with the interpreter
lock held, and a target decides how many rows there are. Here a program runs over a list of one row or
a few at a time, and the time grows with the rows. (``all``, ``exists`` and ``exists_one`` copy nothing.)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from secaudit.content.engine import cel
from secaudit.content.expression_parser import parse_expression
from secaudit.content.expression_tree import (
    Call,
    Expression,
    Index,
    ListOfParts,
    Name,
    Operation,
    Select,
    text_of,
)

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
    """How the list of an expression is made; raises ExpressionFault."""
    return _rows(parse_expression(text))


def _rows(part: Expression) -> Rows:
    match part:
        case Operation(_, "+", operands):
            return Joined([_rows(operand) for operand in operands])
        case Operation(_, "?", (condition, yes, no)):
            return Chosen(_program(condition), _rows(yes), _rows(no))
        case Call(_, target, "filter" | "map") if target is not None:
            return _macros(part)
        case _:
            return Whole(_program(part))


def _macros(chain: Call) -> Rows:
    """The macros of ``list.filter(…).map(…)`` on a list of a few rows."""
    base = _base(chain)
    handed = Handed(_rows(base), _program(_on(chain, (Name(ROW),))))
    path = _path(base)
    if not path:
        return handed
    rows = [Index("", base, Name(f"{ROW} + {step}")) for step in range(SEVERAL)]
    return Numbered(path, _program(_on(chain, rows)), _program(_on(chain, rows[:1])), handed)


def _base(part: Expression) -> Expression:
    """The list that a chain of macros begins with."""
    match part:
        case Call(_, target, "filter" | "map" as macro, arguments) if target is not None:
            if len(arguments) not in MACROS[macro]:
                raise ValueError(f"{macro} with {len(arguments)} arguments")
            return _base(target)
        case _:
            return part


def _on(part: Expression, rows: Sequence[Expression]) -> Expression:
    """The chain with these rows as its list."""
    match part:
        case Call(source, target, "filter" | "map" as macro, arguments) if target is not None:
            return Call(source, _on(target, rows), macro, arguments)
        case _:
            return ListOfParts("", tuple(rows))


def _path(part: Expression) -> tuple[str, ...]:
    """The names of a variable or of a field of one; empty for all else."""
    match part:
        case Name(source):
            return (source,)
        case Select(_, target, field):
            path = _path(target)
            return (*path, field) if path else ()
        case _:
            return ()


def _program(part: Expression) -> cel.Program:
    return cel.compile(text_of(part))
