"""Whether the facts that an example gives have the shape of those facts."""

from collections.abc import Iterator
from typing import Any

from secaudit.content.check_rules import Fault, World
from secaudit.content.expression_types import SURROUNDINGS, shown, type_of_value
from secaudit.document.reader import Document, Place
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.content import Check, Example
from secaudit.model.evidence import GapReason
from secaudit.model.schema import ListOf, MapOf, Scalar, Schema, Struct

_PYTHON = {"bool": bool, "int": int, "double": float, "string": str}


def misfits(check: Check, document: Document, world: World) -> Iterator[Problem]:
    """Every given fact and parameter that does not fit.

    A row may leave out fields; where a condition names one of them, the example does not lead to a verdict
    and fails.
    """
    for index, example in enumerate(check.examples):
        for place, read, expected in _faults(("examples", index), check, example, world):
            yield document.problem(place, read, expected)


def _faults(place: Place, check: Check, example: Example, world: World) -> Iterator[Fault]:
    for name, value in example.given.items():
        at = (*place, "given", name)
        if name in SURROUNDINGS:
            yield from fits(at, value, SURROUNDINGS[name])
        elif name not in check.needs:
            yield at, None, _("the check does not need this fact")
        elif is_gap(value):
            yield from _gap(at, value)
        elif name in world.fact_schemas:
            yield from fits(at, value, world.fact_schemas[name])
    missing = [name for name in check.needs if name not in example.given]
    if missing and not any(is_gap(value) for value in example.given.values()):
        yield (
            (*place, "given"),
            None,
            _("these facts are not given: {names}").format(names=", ".join(missing)),
        )
    for name, value in example.parameters.items():
        yield from _parameter((*place, "parameters", name), check, name, value)


def is_gap(value: Any) -> bool:
    """Whether an example gives a gap: ``{gap: reason}``."""
    return isinstance(value, dict) and set(value) == {"gap"}


def _gap(place: Place, value: dict[str, Any]) -> Iterator[Fault]:
    if value["gap"] not in list(GapReason):
        reasons = ", ".join(GapReason)
        yield (*place, "gap"), value["gap"], _("one of {choices} expected").format(choices=reasons)


def _parameter(place: Place, check: Check, name: str, value: Any) -> Iterator[Fault]:
    if name not in check.parameters:
        yield place, None, _("no such parameter")
    elif type_of_value(value) != (schema := type_of_value(check.parameters[name].default)) and schema:
        yield place, value, _("{type} expected").format(type=shown(schema))


def fits(place: Place, value: Any, schema: Schema) -> Iterator[Fault]:
    """Where a value differs from a schema; fields may be missing, unknown ones may not be there."""
    match schema:
        case Scalar(name) if type(value) is not _PYTHON[name]:
            yield place, value, _("{type} expected").format(type=name)
        case ListOf(item):
            if not isinstance(value, list):
                yield place, value, _("a list expected")
                return
            for index, part in enumerate(value):
                yield from fits((*place, index), part, item)
        case MapOf() | Struct():
            yield from _fits_map(place, value, schema)


def _fits_map(place: Place, value: Any, schema: MapOf | Struct) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield place, value, _("a map expected")
        return
    for key, part in value.items():
        inner = schema.value if isinstance(schema, MapOf) else schema.fields.get(key)
        if inner is None:
            yield (*place, key), None, _("{type} has no field {field}").format(type=shown(schema), field=key)
        else:
            yield from fits((*place, key), part, inner)
