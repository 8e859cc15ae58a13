"""The type of a CEL expression, found without running it: unknown names, fields and functions are refused.

The rules are stricter than CEL's own, because at run time ``null``, a missing field or mixed types can make a
condition true.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import assert_never

from secaudit.content.engine import cel
from secaudit.content.expression_calls import function_type, method_type, say_type
from secaudit.content.expression_operators import operation_type, same_type
from secaudit.content.expression_parser import parse_expression
from secaudit.content.expression_tree import (
    Call,
    Expression,
    ExpressionFault,
    Index,
    ListOfParts,
    Literal,
    MapOfParts,
    Name,
    Operation,
    Select,
)
from secaudit.content.expression_types import (
    BOOL,
    INT,
    NOTHING,
    OFFENDER,
    STRING,
    has_text,
    shown,
)
from secaudit.language import _
from secaudit.model.schema import ListOf, MapOf, Schema, Struct

MACROS = ("all", "exists", "exists_one", "filter", "map")


@dataclass(frozen=True, slots=True)
class Typed:
    """The type of an expression, and the variables it names in the order they appear."""

    type: Schema
    names: tuple[str, ...]


def type_expression(
    text: str, variables: Mapping[str, Schema], facts: frozenset[str], *, condition: bool = False
) -> Typed:
    """The type of the expression; raises ExpressionFault.

    ``variables`` are the names it may use, ``facts`` those of them that are facts: inside a macro no other
    macro may run over a fact (time is not bounded; such joins are facts). In a ``condition`` no list is made
    from a fact: ``cel`` copies the list for each row that is added (offenders are listed row by row).
    """
    names: dict[str, None] = {}
    try:
        found = type_of(parse_expression(text), Scope(variables, facts, names, condition))
    except RecursionError as error:
        raise ExpressionFault(text, _("nested too deeply")) from error
    _refuse_what_does_not_compile(text)
    return Typed(found, tuple(names))


def _refuse_what_does_not_compile(text: str) -> None:
    """What judges is the ``cel`` package, not the parser that gave the tree: its compiler has the last word."""
    try:
        cel.compile(text)
    except ValueError as error:
        raise ExpressionFault(text, _("not a CEL expression")) from error


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name where it stands; ``names`` collects what it does name.

    ``shown``: it stands in what an offender shows to people.
    """

    variables: Mapping[str, Schema]
    facts: frozenset[str]
    names: dict[str, None]
    condition: bool = False
    bound: frozenset[str] = frozenset()
    shown: bool = False

    def binding(self, name: str, schema: Schema) -> "Scope":
        """The scope inside a macro."""
        return replace(self, variables={**self.variables, name: schema}, bound=self.bound | {name})


def type_of(part: Expression, scope: Scope) -> Schema:
    """The type of a part of an expression; raises ExpressionFault."""
    match part:
        case Literal():
            return part.type
        case Name():
            return _name(part, scope)
        case Select() | Index():
            return _inside(part, scope)
        case Call():
            return _call(part, scope)
        case ListOfParts() | MapOfParts():
            return _made(part, scope)
        case Operation():
            return operation_type(part, [type_of(operand, scope) for operand in part.operands])
    assert_never(part)


def _name(part: Name, scope: Scope) -> Schema:
    if part.source not in scope.variables:
        raise ExpressionFault(part.source, _unknown(_("no such name here"), part.source, scope.variables))
    if part.source not in scope.bound:
        scope.names[part.source] = None
    return scope.variables[part.source]


def _inside(part: Select | Index, scope: Scope) -> Schema:
    target = type_of(part.target, scope)
    return (
        _field(part, target) if isinstance(part, Select) else _index(part, target, type_of(part.key, scope))
    )


def _field(part: Select, target: Schema) -> Schema:
    if isinstance(target, MapOf):
        return target.value
    if not isinstance(target, Struct):
        raise ExpressionFault(part.source, _("{type} has no fields").format(type=shown(target)))
    if part.field not in target.fields:
        message = _("{type} has no field {field}").format(type=shown(target), field=part.field)
        raise ExpressionFault(part.source, _unknown(message, part.field, target.fields))
    return target.fields[part.field]


def _unknown(message: str, name: str, known: Mapping[str, Schema]) -> str:
    close = get_close_matches(name, known, n=3) or sorted(known)
    return _("{message}; there is {names}").format(message=message, names=", ".join(close))


def _index(part: Index, target: Schema, key: Schema) -> Schema:
    match target:
        case ListOf(item) if key == INT:
            return item
        case MapOf(value) if key == STRING:
            return value
    raise ExpressionFault(
        part.source, _("{key} cannot look into {type}").format(key=shown(key), type=shown(target))
    )


def _made(part: ListOfParts | MapOfParts, scope: Scope) -> Schema:
    if isinstance(part, MapOfParts):
        return _offender(part, scope)
    found: Schema = NOTHING
    for item in part.items:
        found = same_type(item.source, found, type_of(item, scope))
    return ListOf(found)


def _offender(part: MapOfParts, scope: Scope) -> Schema:
    """A map in an expression is an offender: exactly ``id``, ``seen`` and ``expected``."""
    keys = [key.value if isinstance(key, Literal) else None for key, _value in part.entries]
    if sorted(map(str, keys)) != sorted(OFFENDER.fields):
        raise ExpressionFault(part.source, _('a map has the keys "id", "seen" and "expected"'))
    for key, value in zip(keys, (value for _key, value in part.entries), strict=True):
        if not has_text(type_of(value, replace(scope, shown=key != "id"))):
            raise ExpressionFault(value.source, _("a scalar or a list of scalars expected"))
    return OFFENDER


def _call(part: Call, scope: Scope) -> Schema:
    if part.name == "has":
        raise ExpressionFault(part.source, _("a fact is whole: has() tells nothing"))
    if part.target is None and part.name == "say":
        return say_type(part, shown_here=scope.shown)
    if part.target is not None and part.name in MACROS:
        return _macro(part, part.target, scope)
    arguments = [type_of(argument, scope) for argument in part.arguments]
    if part.target is None:
        return function_type(part, arguments)
    return method_type(part, type_of(part.target, scope), arguments)


def _macro(part: Call, target: Expression, scope: Scope) -> Schema:
    item = _item(target, _reached(part, target, scope))
    variable, bodies = part.arguments[0], part.arguments[1:]
    if not isinstance(variable, Name) or variable.source in scope.variables:
        raise ExpressionFault(variable.source, _("a new name for the item expected"))
    inside = scope.binding(variable.source, item)
    found = [type_of(body, inside) for body in bodies]
    for body, type_found in zip(bodies, found, strict=True):
        if type_found != BOOL and not (part.name == "map" and body is bodies[-1]):
            message = _("a condition expected, this is {type}")
            raise ExpressionFault(body.source, message.format(type=shown(type_found)))
    if part.name == "map":
        return ListOf(found[-1])
    return ListOf(item) if part.name == "filter" else BOOL


def _reached(part: Call, target: Expression, scope: Scope) -> Schema:
    """The type of what a macro runs over; inside another macro that may not be a fact."""
    over = replace(scope, names={})
    found = type_of(target, over)
    over_fact = any(name in scope.facts for name in over.names)
    if scope.bound and over_fact:
        message = _("no iteration over a fact inside another one: make the join a fact in Python")
        raise ExpressionFault(part.source, message)
    if scope.condition and over_fact and part.name in ("filter", "map"):
        message = _("a condition makes no list of a fact: use all, exists or exists_one")
        raise ExpressionFault(part.source, message)
    if len(part.arguments) not in ((2, 3) if part.name == "map" else (2,)):
        raise ExpressionFault(part.source, _("a name and a condition or value expected"))
    scope.names.update(over.names)
    return found


def _item(target: Expression, over: Schema) -> Schema:
    match over:
        case ListOf(item):
            return item
        case MapOf():
            return STRING
    raise ExpressionFault(target.source, _("a list expected, this is {type}").format(type=shown(over)))
