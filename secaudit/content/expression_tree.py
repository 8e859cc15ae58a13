"""A CEL expression as a small tree: what the rest of the program looks at instead of a parser's own tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from secaudit.model.schema import Scalar


class ExpressionFault(Exception):
    """What is wrong with an expression: ``part`` is the text it is about, ``expected`` a sentence."""

    def __init__(self, part: str, expected: str) -> None:
        super().__init__(expected)
        self.part = part
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, true or false."""

    source: str
    type: Scalar
    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    source: str


@dataclass(frozen=True, slots=True)
class Select:
    """``target.field``."""

    source: str
    target: "Expression"
    field: str


@dataclass(frozen=True, slots=True)
class Index:
    """``target[key]``."""

    source: str
    target: "Expression"
    key: "Expression"


@dataclass(frozen=True, slots=True)
class Call:
    """``name(…)``, or ``target.name(…)``: a function, a method or a macro."""

    source: str
    target: "Expression | None"
    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class ListOfParts:
    """``[a, b]``."""

    source: str
    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class MapOfParts:
    """``{"key": value}``."""

    source: str
    entries: tuple[tuple["Expression", "Expression"], ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its one, two or three operands: ``!``, ``-``, ``&&``, ``<``, ``in``, ``+``, ``?`` …"""

    source: str
    operator: str
    operands: tuple["Expression", ...]


Expression = Literal | Name | Select | Index | Call | ListOfParts | MapOfParts | Operation


def text_of(part: Expression) -> str:
    """The expression as text again, every operation in parentheses."""
    match part:
        case Select():
            return f"{text_of(part.target)}.{part.field}"
        case Index():
            return f"{text_of(part.target)}[{text_of(part.key)}]"
        case Call():
            arguments = ", ".join(map(text_of, part.arguments))
            return (
                f"{text_of(part.target)}.{part.name}({arguments})"
                if part.target
                else f"{part.name}({arguments})"
            )
        case ListOfParts():
            return f"[{', '.join(map(text_of, part.items))}]"
        case MapOfParts():
            return "{" + ", ".join(f"{text_of(key)}: {text_of(value)}" for key, value in part.entries) + "}"
        case Operation():
            return _operation_text(part.operator, [text_of(operand) for operand in part.operands])
        case Literal() | Name():
            return part.source
    assert_never(part)


def _operation_text(operator: str, operands: Sequence[str]) -> str:
    if operator == "?":
        return f"({operands[0]} ? {operands[1]} : {operands[2]})"
    return f"({f' {operator} '.join(operands)})" if len(operands) == 2 else f"({operator}({operands[0]}))"
