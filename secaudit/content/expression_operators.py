"""The types that operators take and give."""

from collections.abc import Sequence

from secaudit.content.expression_tree import ExpressionFault, Operation
from secaudit.content.expression_types import (
    BOOL,
    INT,
    NUMBERS,
    ORDERED,
    STRING,
    has_text,
    shown,
    together,
)
from secaudit.language import _
from secaudit.model.schema import ListOf, MapOf, Scalar, Schema

ARITHMETIC = {"+": (*NUMBERS, STRING), "-": NUMBERS, "*": NUMBERS, "/": NUMBERS, "%": (INT,)}


def operation_type(part: Operation, operands: Sequence[Schema]) -> Schema:
    """The type of an operator with operands of these types; raises ExpressionFault."""
    match part.operator:
        case "!" | "&&" | "||":
            for operand in operands:
                _wanted(part, operand, (BOOL,))
            return BOOL
        case "?":
            _wanted(part, operands[0], (BOOL,))
            return same_type(part.source, operands[1], operands[2])
        case "in":
            return _membership(part, operands[0], operands[1])
        case "==" | "!=" | "<" | "<=" | ">" | ">=":
            return _comparison(part, same_type(part.source, operands[0], operands[1]))
        case _:
            return _arithmetic(part, operands)


def _comparison(part: Operation, both: Schema) -> Schema:
    if part.operator not in ("==", "!="):
        _wanted(part, both, ORDERED)
    elif not has_text(both):
        raise ExpressionFault(part.source, _("{type} cannot be compared").format(type=shown(both)))
    return BOOL


def _arithmetic(part: Operation, operands: Sequence[Schema]) -> Schema:
    both = operands[0] if len(operands) == 1 else same_type(part.source, operands[0], operands[1])
    if part.operator == "+" and isinstance(both, ListOf):
        return both
    return _wanted(part, both, ARITHMETIC[part.operator])


def _membership(part: Operation, left: Schema, right: Schema) -> Schema:
    match right:
        case ListOf(item) if isinstance(left, Scalar) and together(left, item) is not None:
            return BOOL
        case MapOf() if left == STRING:
            return BOOL
    message = _("{left} cannot be in {right}").format(left=shown(left), right=shown(right))
    raise ExpressionFault(part.source, message)


def _wanted(part: Operation, found: Schema, allowed: Sequence[Scalar]) -> Schema:
    if found in allowed:
        return found
    names = ", ".join(shown(schema) for schema in allowed)
    message = _("{operator} works on {names}, not on {type}")
    raise ExpressionFault(part.source, message.format(operator=part.operator, names=names, type=shown(found)))


def same_type(source: str, left: Schema, right: Schema) -> Schema:
    """The one type of two parts; raises ExpressionFault when they have none."""
    both = together(left, right)
    if both is None:
        message = _("one type expected, these are {left} and {right}")
        raise ExpressionFault(source, message.format(left=shown(left), right=shown(right)))
    return both
