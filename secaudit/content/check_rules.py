"""What a well-formed check must also keep: steps, facts, parameters and risks that exist, examples of each verdict."""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field

from secaudit.content.expression_types import STRING, SURROUNDINGS, type_of_value
from secaudit.document.reader import Document, Place
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.content import Catalogue, Check, Parameter, Step
from secaudit.model.schema import ListOf, Scalar, Schema, Struct

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED = frozenset({"params", "each", *SURROUNDINGS})


@dataclass(frozen=True, slots=True)
class World:
    """What checks may point at. ``steps`` maps a level to its steps by id, ``questions`` to step ids by question.

    ``unknown_facts`` are those of broken plug-ins, with the reason: they may be needed, their shape is not known.
    """

    fact_schemas: Mapping[str, Schema]
    high_risks: Set[str]
    steps: Mapping[int, Mapping[str, Step]]
    questions: Mapping[int, Mapping[str, str]]
    unknown_facts: Mapping[str, str] = field(default_factory=dict)


def world_of(
    fact_schemas: Mapping[str, Schema],
    high_risks: Set[str],
    catalogues: Mapping[int, Catalogue],
    unknown_facts: Mapping[str, str] | None = None,
) -> World:
    """The world of some catalogues and facts."""
    by_level = {
        level: {step.id: step for requirement in catalogue.requirements for step in requirement.steps}
        for level, catalogue in catalogues.items()
    }
    questions = {
        level: {step.question.zh: step.id for step in steps.values()} for level, steps in by_level.items()
    }
    return World(fact_schemas, high_risks, by_level, questions, unknown_facts or {})


def broken_rules(check: Check, document: Document, world: World) -> Iterator[Problem]:
    """Every rule that the check breaks, but for the types of its expressions and examples."""
    for place, read, expected in _faults(check, world):
        yield document.problem(place, read, expected)


Fault = tuple[Place, object, str]


def _faults(check: Check, world: World) -> Iterator[Fault]:
    yield from _purpose(check)
    for index, step_id in enumerate(check.proves):
        yield from _step(check, ("proves", index), step_id, world)
    yield from _needs(check, world)
    for name, parameter in check.parameters.items():
        yield from _parameter(("parameters", name), name, parameter)
    for index, risk in enumerate(check.high_risk):
        if risk.id not in world.high_risks:
            yield ("high_risk", index, "id"), risk.id, _("a high-risk condition of the guide (HR-…) expected")
    yield from _examples(check)


def _purpose(check: Check) -> Iterator[Fault]:
    kind = check.id.split(".")[0]
    if check.applies_to != kind:
        yield ("applies_to",), check.applies_to, _("{kind} expected, as the folder says").format(kind=kind)
    if check.advisory and check.proves:
        yield ("advisory",), True, _("a check proves steps or is advisory, not both")
    if not check.advisory and not check.proves:
        yield (), None, _("a check proves steps, or says advisory: true")
    if check.veto and not check.proves:
        yield ("veto",), True, _("only a check that proves steps can veto")
    if not check.levels:
        yield ("levels",), None, _("at least one level expected")


def _step(check: Check, place: Place, step_id: str, world: World) -> Iterator[Fault]:
    having = [level for level in world.steps if step_id in world.steps[level]]
    if not having:
        yield place, step_id, _("no level has this step")
        return
    missing = [level for level in check.levels if level not in having]
    if missing:
        message = _("not a step at level {missing}: say levels: {having}")
        yield place, step_id, message.format(missing=", ".join(map(str, missing)), having=having)
    moved = [
        level for level in check.levels if level in having and _means_another(step_id, level, check, world)
    ]
    if moved and not missing:
        message = _("the number means another step at another level: one check for each, with its own levels")
        yield place, step_id, message


def _means_another(step_id: str, level: int, check: Check, world: World) -> bool:
    """Whether the question of this step has another number at another level of the check (``L3:1 L4:2``)."""
    question = world.steps[level][step_id].question.zh
    return any(world.questions[other].get(question, step_id) != step_id for other in check.levels)


def _needs(check: Check, world: World) -> Iterator[Fault]:
    for index, name in enumerate(check.needs):
        if name not in world.fact_schemas and name not in world.unknown_facts:
            yield ("needs", index), name, _("no such fact")
        if name in check.needs[:index]:
            yield ("needs", index), name, _("each fact once")
    if not check.each:
        return
    if check.each not in check.needs:
        yield ("each",), check.each, _("a fact that the check needs expected")
    elif check.each not in world.unknown_facts and not _has_objects(world.fact_schemas.get(check.each)):
        yield ("each",), check.each, _("a list of rows with a field object expected")


def _has_objects(schema: Schema | None) -> bool:
    return (
        isinstance(schema, ListOf)
        and isinstance(schema.item, Struct)
        and schema.item.fields.get("object") == STRING
    )


def _parameter(place: Place, name: str, parameter: Parameter) -> Iterator[Fault]:
    if not _NAME.fullmatch(name):
        yield place, name, _("small letters, digits and _ expected")
    schema = type_of_value(parameter.default)
    if schema is None:
        yield (
            (*place, "default"),
            parameter.default,
            _("a number, a text, true, false, or a list of one of these"),
        )
    elif not _can_tighten(schema, parameter.tighten):
        yield (*place, "tighten"), parameter.tighten, _("this value cannot become stricter that way")


def _can_tighten(schema: Schema, direction: str) -> bool:
    if direction in ("lower", "higher"):
        return isinstance(schema, Scalar) and schema != STRING
    return direction == "fixed" or isinstance(schema, ListOf)


def _examples(check: Check) -> Iterator[Fault]:
    names: set[str] = set()
    for index, example in enumerate(check.examples):
        if example.name in names:
            yield ("examples", index, "name"), example.name, _("each name once")
        names.add(example.name)
    for verdict in sorted(_owed(check) - {example.expect for example in check.examples}):
        yield ("examples",), None, _("an example that leads to {verdict} is missing").format(verdict=verdict)


def _owed(check: Check) -> set[str]:
    """The verdicts that can occur and so need an example."""
    owed = {"UNKNOWN"}
    if check.applies_when:
        owed.add("NOT_APPLICABLE")
    if check.manual_when or check.each:
        owed.add("MANUAL")
    if check.manual_when == "true":
        return owed
    if check.pass_when == "true":
        return owed | {"PASS"}
    if check.pass_when != "false":
        owed.add("PASS")
    if check.partial_when:
        owed.add("PARTIAL")
    if check.partial_when != "true":
        owed.add("FAIL")
    return owed
