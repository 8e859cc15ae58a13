"""Profiles: a level, and parameter values that may be stricter than a check's default but never looser."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from secaudit.content.check_file import TextPart
from secaudit.content.expression_types import shown, type_of_value
from secaudit.document import Document, read_document, validated
from secaudit.document.reader import Place
from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.content import Check, Parameter, Profile

# the level from which whole file systems are searched where a profile does not say
SEARCHED_FROM: Final = 3


class ProfilePart(BaseModel):
    """Everything a profile file may hold; its id is the name of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    level: Literal[1, 2, 3, 4]
    title: TextPart
    parameters: dict[str, dict[str, Any]] = {}
    heavy_searches: bool | None = None


def read_profile(path: Path, checks: Mapping[str, Check]) -> Profile:
    """The profile in a file; raises ContentError when it loosens a check or names what is not there."""
    document = read_document(path)
    part = validated(document, ProfilePart)
    problems = tuple(_problems(document, part.parameters, checks))
    if problems:
        raise ContentError(problems)
    heavy = part.level >= SEARCHED_FROM if part.heavy_searches is None else part.heavy_searches
    return Profile(path.stem, part.level, part.title.made(), part.parameters, heavy)


def _problems(
    document: Document, values: Mapping[str, Mapping[str, Any]], checks: Mapping[str, Check]
) -> Iterator[Problem]:
    for check_id, own in values.items():
        place: Place = ("parameters", check_id)
        if check_id not in checks:
            yield document.problem(place, check_id, _("no such check"))
            continue
        if checks[check_id].broken:
            continue
        for name, value in own.items():
            fault = _fault(checks[check_id].parameters.get(name), value)
            if fault:
                yield document.problem((*place, name), value, fault)


def _fault(parameter: Parameter | None, value: Any) -> str:
    """What is wrong with a value for a parameter; "" when nothing is."""
    if parameter is None:
        return _("no such parameter")
    schema = type_of_value(parameter.default)
    if schema is None or type_of_value(value) != schema:
        return _("{type} expected").format(type=shown(schema) if schema else "")
    if is_at_least_as_strict(parameter, value):
        return ""
    message = _("a profile may only be stricter: {direction} than the default {default}")
    return message.format(direction=parameter.tighten, default=repr(parameter.default))


def is_at_least_as_strict(parameter: Parameter, value: Any) -> bool:
    """Whether a value of the right type moves in the direction that tightens, or not at all."""
    default = parameter.default
    match parameter.tighten:
        case "lower":
            return bool(value <= default)
        case "higher":
            return bool(value >= default)
        case "subset":
            return all(item in default for item in value)
        case "superset":
            return all(item in value for item in default)
        case _:
            return bool(value == default)
