"""An expression that makes a list, taken apart into programs that each make some of its rows, as plain data.

``["whole", program]``, ``["joined", plan…]``, ``["chosen", condition, plan, plan]``, ``["handed", plan, program]``,
``["numbered", [name…], program, program, plan]``: what ``judge.rows`` makes of each is said there.
"""

from collections.abc import Sequence
from typing import Any

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
from secaudit.judge.rows import MACROS, ROW, SEVERAL

Plan = list[Any]


def plan_of(text: str) -> Plan:
    """The plan of an expression; raises ExpressionFault."""
    return _plan(parse_expression(text))


def _plan(part: Expression) -> Plan:
    match part:
        case Operation(_, "+", operands):
            return ["joined", *map(_plan, operands)]
        case Operation(_, "?", (condition, yes, no)):
            return ["chosen", text_of(condition), _plan(yes), _plan(no)]
        case Call(_, target, "filter" | "map") if target is not None:
            return _macros(part)
        case _:
            return ["whole", text_of(part)]


def _macros(chain: Call) -> Plan:
    """The macros of ``list.filter(…).map(…)`` on a list of a few rows."""
    base = _base(chain)
    handed = ["handed", _plan(base), text_of(_on(chain, (Name(ROW),)))]
    path = _path(base)
    if not path:
        return handed
    rows = [Index("", base, Name(f"{ROW} + {step}")) for step in range(SEVERAL)]
    return ["numbered", list(path), text_of(_on(chain, rows)), text_of(_on(chain, rows[:1])), handed]


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
