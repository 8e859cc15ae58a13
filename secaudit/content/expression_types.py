"""The types an expression can have, and which of them go together."""

from collections.abc import Sequence
from typing import Any, Final

from secaudit.language import _
from secaudit.model.schema import ListOf, MapOf, Scalar, Schema, Struct

BOOL: Final = Scalar("bool")
INT: Final = Scalar("int")
DOUBLE: Final = Scalar("double")
STRING: Final = Scalar("string")
NOTHING: Final = Scalar("nothing")  # the item of an empty list: goes with every type
OFFENDER: Final = Struct("offender", {"id": NOTHING, "seen": NOTHING, "expected": NOTHING})

NUMBERS: Final = (INT, DOUBLE)
ORDERED: Final = (INT, DOUBLE, STRING)

ASSET: Final = Struct("asset", {"id": STRING, "kind": STRING, "zone": STRING, "name": STRING})
SYSTEM: Final = Struct("system", {"level": INT, "s": INT, "a": INT, "internet_facing": BOOL})
SURROUNDINGS: Final[dict[str, Schema]] = {"asset": ASSET, "system": SYSTEM, "now": INT}


def shown(schema: Schema) -> str:
    """The type in a few words: ``list of accounts row``."""
    match schema:
        case Scalar(name):
            return name
        case ListOf(item):
            return _("list of {type}").format(type=shown(item))
        case MapOf(value):
            return _("map to {type}").format(type=shown(value))
        case Struct(name):
            return name


def together(left: Schema, right: Schema) -> Schema | None:
    """The type of what may be either, or None when the two do not go together."""
    if left in (NOTHING, right):
        return right
    if right == NOTHING:
        return left
    if isinstance(left, ListOf) and isinstance(right, ListOf):
        item = together(left.item, right.item)
        return None if item is None else ListOf(item)
    return None


def has_text(schema: Schema) -> bool:
    """Whether an offender can show it: a scalar, or a list of scalars."""
    return isinstance(schema.item if isinstance(schema, ListOf) else schema, Scalar)


def type_of_value(value: Any) -> Schema | None:
    """The type of a parameter's value; None for what a parameter cannot hold (null, mixed lists)."""
    match value:
        case bool():
            return BOOL
        case int():
            return INT
        case float():
            return DOUBLE
        case str():
            return STRING
        case list():
            item = _type_of_all(value)
            return None if item is None else ListOf(item)
        case dict():
            item = _type_of_all(list(value.values()))
            return None if item is None or item == NOTHING else MapOf(item)
        case _:
            return None


def _type_of_all(values: Sequence[Any]) -> Schema | None:
    found: Schema | None = NOTHING
    for value in values:
        own = type_of_value(value)
        found = together(found, own) if found is not None and own is not None else None
    return found
