"""The shape of a fact, read off its dataclass: what an expression may name."""

import dataclasses
import types
import typing
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any

SCALARS: dict[type, str] = {bool: "bool", int: "int", float: "double", str: "string"}


@dataclass(frozen=True, slots=True)
class Scalar:
    """``bool``, ``int``, ``double`` or ``string`` (the names of CEL)."""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; facts write it ``tuple[X, ...]``."""

    item: "Schema"


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map from text; facts write it ``Mapping[str, X]`` or ``dict[str, X]``."""

    value: "Schema"


@dataclass(frozen=True, slots=True)
class Struct:
    """A dataclass: field name → schema."""

    name: str
    fields: dict[str, "Schema"]


Schema = Scalar | ListOf | MapOf | Struct


def schema_of(annotation: Any) -> Schema:
    """The schema of a fact's type. Raises TypeError for what a fact may not hold (None, unions, Any)."""
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        hints = typing.get_type_hints(annotation)
        fields = {f.name: schema_of(hints[f.name]) for f in dataclasses.fields(annotation)}
        return Struct(annotation.__name__, fields)
    if isinstance(annotation, type) and annotation in SCALARS:
        return Scalar(SCALARS[annotation])
    if isinstance(annotation, type) and issubclass(annotation, str):
        return Scalar("string")
    return _generic(annotation)


def _generic(annotation: Any) -> Schema:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return ListOf(schema_of(arguments[0]))
    if origin is typing.Literal and all(isinstance(a, str) for a in arguments):
        return Scalar("string")
    if isinstance(origin, type) and issubclass(origin, typing.Mapping) and arguments[0] is str:
        return MapOf(schema_of(arguments[1]))
    if origin in (typing.Union, types.UnionType):
        raise TypeError(f"a fact holds no union and no null: {annotation}")
    raise TypeError(f"a fact cannot hold {annotation}")


def plain(value: Any, fields: frozenset[str] | None = None) -> Any:
    """The value as dicts, lists and scalars, as expressions and JSON see it; of dataclasses only these fields."""
    kind: Any = type(value)
    if kind in SCALARS:
        return value
    names = _field_names(kind, fields)
    if names is not None:
        # a scalar is taken as it is: a call for each costs as much as all the rest
        return {
            name: item if type(item := getattr(value, name)) in SCALARS else plain(item, fields)
            for name in names
        }
    if isinstance(value, dict):
        return {str(key): plain(item, fields) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item, fields) for item in value]
    return str(value) if isinstance(value, str) else value


def misfit(value: Any, schema: Schema, place: str = "value") -> str:
    """Where plain data first differ from a schema, and what was expected there; "" where they do not.

    ``value[0].name: string``. Whole numbers fit into 64 bits, as those of expressions do.
    """
    match schema:
        case Scalar(name):
            fits = type(value) in SCALARS and SCALARS[type(value)] == name
            return "" if fits and (name != "int" or -(2**63) <= value < 2**63) else f"{place}: {name}"
        case ListOf(item):
            if not isinstance(value, list):
                return f"{place}: list"
            parts = [(f"{place}[{index}]", part, item) for index, part in enumerate(value)]
        case MapOf(inner):
            if not isinstance(value, dict):
                return f"{place}: map"
            parts = [(f"{place}[…]", part, inner) for part in value.values()]
        case _:
            if not isinstance(value, dict) or set(value) != set(schema.fields):
                return f"{place}: {schema.name}"
            parts = [(f"{place}.{field}", value[field], inner) for field, inner in schema.fields.items()]
    return next((found for at, part, inner in parts if (found := misfit(part, inner, at))), "")


@cache
def _field_names(kind: Hashable, wanted: frozenset[str] | None) -> tuple[str, ...] | None:
    """The fields of a dataclass, None for any other type. Looked up for each row of each fact, so kept."""
    if not dataclasses.is_dataclass(kind):
        return None
    return tuple(field.name for field in dataclasses.fields(kind) if wanted is None or field.name in wanted)
