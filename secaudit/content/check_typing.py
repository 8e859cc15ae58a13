"""The types of a check's expressions: conditions are conditions, offenders are offenders, all names are known."""

from collections.abc import Iterator, Mapping

from secaudit.content.check_rules import World
from secaudit.content.expression_tree import ExpressionFault
from secaudit.content.expression_types import BOOL, NOTHING, OFFENDER, SURROUNDINGS, shown, type_of_value
from secaudit.content.expressions import type_expression
from secaudit.document.reader import Document
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.content import Check
from secaudit.model.schema import ListOf, Schema, Struct

CONDITIONS = ("applies_when", "manual_when", "pass_when", "partial_when")


def ill_typed(check: Check, document: Document, world: World) -> Iterator[Problem]:
    """Every expression that has a mistake (the first of each), and needed facts that none of them names."""
    variables = variables_of(check, world.fact_schemas)
    facts = frozenset(check.needs)
    used: set[str] = set()
    faults = 0
    for field in (*CONDITIONS, "offenders"):
        text: str = getattr(check, field)
        if not text:
            continue
        try:
            found = type_expression(text, variables, facts, condition=field in CONDITIONS)
        except ExpressionFault as fault:
            faults += 1
            yield document.problem((field,), fault.part, fault.expected)
            continue
        used.update(found.names)
        yield from _wrong_kind(document, field, text, found.type)
    if not faults:
        yield from _idle(check, document, used)


def variables_of(check: Check, fact_schemas: Mapping[str, Schema]) -> dict[str, Schema]:
    """What the expressions of a check may name."""
    variables = {name: fact_schemas[name] for name in check.needs if name in fact_schemas}
    parameters = {
        name: schema
        for name, parameter in check.parameters.items()
        if (schema := type_of_value(parameter.default)) is not None
    }
    row = variables.get(check.each)
    own: dict[str, Schema] = {"params": Struct("params", parameters)} if parameters else {}
    if isinstance(row, ListOf):
        own["each"] = row.item
    return {**variables, **SURROUNDINGS, **own}


def _wrong_kind(document: Document, field: str, text: str, found: Schema) -> Iterator[Problem]:
    wanted: tuple[Schema, ...] = (ListOf(OFFENDER), ListOf(NOTHING)) if field == "offenders" else (BOOL,)
    if found not in wanted:
        message = _("{wanted} expected, this is {found}")
        yield document.problem((field,), text, message.format(wanted=shown(wanted[0]), found=shown(found)))


def _idle(check: Check, document: Document, used: set[str]) -> Iterator[Problem]:
    for index, name in enumerate(check.needs):
        if name not in used and name != check.each:
            yield document.problem(
                ("needs", index), name, _("no expression names this fact: it is not needed")
            )
    if check.parameters and "params" not in used:
        yield document.problem(("parameters",), None, _("no expression names a parameter"))
