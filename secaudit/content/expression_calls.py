"""The functions an expression may call. What is not listed here is refused."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from secaudit.content.engine import cel
from secaudit.content.expression_tree import Call, ExpressionFault, Literal
from secaudit.content.expression_types import BOOL, DOUBLE, INT, STRING, shown
from secaudit.language import _
from secaudit.model.schema import ListOf, MapOf, Scalar, Schema


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes and gives: a tuple of alternatives for each argument."""

    takes: tuple[tuple[Scalar, ...], ...]
    gives: Scalar


FUNCTIONS: Final = {
    "string": Signature(((STRING, INT, DOUBLE),), STRING),
    "int": Signature(((INT, DOUBLE, STRING),), INT),
    "double": Signature(((DOUBLE, INT, STRING),), DOUBLE),
}
TEXT_METHODS: Final = {
    "startsWith": Signature(((STRING,),), BOOL),
    "endsWith": Signature(((STRING,),), BOOL),
    "contains": Signature(((STRING,),), BOOL),
    "matches": Signature(((STRING,),), BOOL),
    "lowerAscii": Signature((), STRING),
}
_CJK: Final = re.compile("[\u4e00-\u9fff]")


def function_type(call: Call, arguments: Sequence[Schema]) -> Schema:
    """The type of ``name(…)``; raises ExpressionFault."""
    if call.name == "size" and len(arguments) == 1:
        return _size(call, arguments[0])
    signature = FUNCTIONS.get(call.name)
    if signature is None:
        known = ", ".join(sorted({*FUNCTIONS, "say", "size"}))
        raise ExpressionFault(call.source, _("no such function; there is {names}").format(names=known))
    return _fits(call, signature, arguments)


def say_type(call: Call, *, shown_here: bool) -> Schema:
    """The type of ``say("中文", "English")``: words for people, so only where an offender shows them."""
    if not shown_here:
        raise ExpressionFault(call.source, _('say() is for what an offender shows: "seen" and "expected"'))
    match call.arguments:
        case (Literal(type=zh_type, value=zh), Literal(type=en_type, value=en)) if (
            zh_type == en_type == STRING
        ):
            if _CJK.search(zh) and en and not _CJK.search(en):
                return STRING
    raise ExpressionFault(
        call.source, _("say() takes two texts in quotes, first in Chinese, then in English")
    )


def method_type(call: Call, target: Schema, arguments: Sequence[Schema]) -> Schema:
    """The type of ``target.name(…)``; raises ExpressionFault."""
    if call.name == "size" and not arguments:
        return _size(call, target)
    if call.name == "join" and target == ListOf(STRING):
        return _fits(call, Signature(((STRING,),), STRING), arguments)
    signature = TEXT_METHODS.get(call.name)
    if signature is None or target != STRING:
        message = _("{type} has no function {name}").format(type=shown(target), name=call.name)
        raise ExpressionFault(call.source, message)
    found = _fits(call, signature, arguments)
    if call.name == "matches":
        _refuse_bad_pattern(call)
    return found


def _size(call: Call, counted: Schema) -> Schema:
    """The size of a text is refused: ``cel`` counts its bytes, CEL its characters."""
    if isinstance(counted, (ListOf, MapOf)):
        return INT
    raise ExpressionFault(
        call.source, _("size() counts a list or a map, not {type}").format(type=shown(counted))
    )


def _fits(call: Call, signature: Signature, arguments: Sequence[Schema]) -> Schema:
    if len(arguments) != len(signature.takes):
        message = _("{name}() takes {count} arguments").format(name=call.name, count=len(signature.takes))
        raise ExpressionFault(call.source, message)
    for argument, allowed in zip(arguments, signature.takes, strict=True):
        if argument not in allowed:
            message = _("{name}() cannot take {type}").format(name=call.name, type=shown(argument))
            raise ExpressionFault(call.source, message)
    return signature.gives


def _refuse_bad_pattern(call: Call) -> None:
    pattern = call.arguments[0]
    if not isinstance(pattern, Literal):
        return
    try:
        cel.evaluate("''.matches(pattern)", {"pattern": pattern.value})
    except (RuntimeError, ValueError) as error:
        raise ExpressionFault(pattern.source, _("a regular expression expected")) from error
