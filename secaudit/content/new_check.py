"""A first version of a check, made from the shape of a fact: it passes its own examples from the start."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from secaudit.content.expression_types import BOOL, DOUBLE, INT, STRING
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.schema import ListOf, MapOf, Scalar, Schema, Struct

_ID = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9_-]*){2,}")
_SAMPLES: Final[dict[Scalar, Any]] = {BOOL: True, INT: 1, DOUBLE: 1.0, STRING: "text"}

TEMPLATE: Final = """\
# {id}: it passes its own examples; edit it until it says what is meant.
title: {{zh: {id}, en: {id}}}
advisory: true                        # or what it proves: proves: [ces.authentication.a#4] and levels: [2, 3, 4]
severity: medium                      # low | medium | high
applies_to: {kind}
needs: [{fact}]                       # facts; where one of them is a gap, the check is UNKNOWN
# parameters: {{max_days: {{default: 90, tighten: lower, source: local policy}}}}   then params.max_days below
# applies_when: …                     else NOT_APPLICABLE
# manual_when: …                      then MANUAL: a person must answer
pass_when: {passes}
# partial_when: …                     then PARTIAL, else FAIL
offenders: >-                         # words for people: say("中文", "English")
  {offenders}
remedy: {{zh: 说明怎样改正, en: Say how it is put right}}
references: []
examples:                             # one for each verdict that can occur
  - {{name: as it should be, given: {{{fact}: {good}}}, expect: PASS}}
  - {{name: as it should not be, given: {{{fact}: {bad}}}, expect: FAIL}}
  - {{name: not permitted, given: {{{fact}: {{gap: no_permission}}}}, expect: UNKNOWN}}
"""


@dataclass(frozen=True, slots=True)
class _Draft:
    """Conditions on a fact, and a value that keeps and one that breaks them."""

    passes: str
    offenders: str
    good: Any
    bad: Any


def new_check(folder: Path, check_id: str, fact: str, schema: Schema) -> Path:
    """Writes the file below ``folder/checks`` and returns its path; raises UsageError."""
    if not _ID.fullmatch(check_id):
        raise UsageError(
            _("{id} is no id for a check.").format(id=check_id),
            hint=_("It is like linux.identity.password_max_age"),
        )
    path = folder.joinpath("checks", *check_id.split(".")).with_suffix(".yaml")
    draft = _draft(fact, schema)
    text = TEMPLATE.format(
        id=check_id,
        kind=check_id.split(".")[0],
        fact=fact,
        passes=draft.passes,
        offenders=draft.offenders,
        good=json.dumps(draft.good, ensure_ascii=False),
        bad=json.dumps(draft.bad, ensure_ascii=False),
    )
    _write(path, text)
    return path


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError as error:
        raise UsageError(_("{path} is there already.").format(path=path)) from error
    except OSError as error:
        raise UsageError(
            _("{path} cannot be written: {reason}").format(path=path, reason=error.strerror)
        ) from error


def _draft(path: str, schema: Schema) -> _Draft:
    """Conditions on what an expression calls ``path``."""
    match schema:
        case Struct():
            return _of_fields(path, schema)
        case ListOf(Struct() as row) if _scalar_field(row):
            return _of_rows(path, row)
        case ListOf() | MapOf():
            good: Any = [] if isinstance(schema, ListOf) else {}
            offender = f'[{{"id": "{path}", "seen": {path}.size(), "expected": 0}}]'
            return _Draft(f"{path}.size() == 0", offender, good, sample(schema))
        case Scalar():
            condition, good, bad = _condition(path, schema)
            offender = f'[{{"id": "{path}", "seen": {path}, "expected": {_wanted(good)}}}]'
            return _Draft(condition, offender, good, bad)


def _of_fields(path: str, schema: Struct) -> _Draft:
    field = _scalar_field(schema) or next(iter(schema.fields))
    inner = _draft(f"{path}.{field}", schema.fields[field])
    whole = sample(schema)
    return replace(inner, good={**whole, field: inner.good}, bad={**whole, field: inner.bad})


def _of_rows(fact: str, row: Struct) -> _Draft:
    field = str(_scalar_field(row))
    condition, good, bad = _condition(f"row.{field}", row.fields[field])
    name = next((name for name, schema in row.fields.items() if schema == STRING), field)
    found = f'{{"id": row.{name}, "seen": row.{field}, "expected": {_wanted(good)}}}'
    whole = sample(row)
    return _Draft(
        f"{fact}.all(row, {condition})",
        f"{fact}.filter(row, !({condition})).map(row, {found})",
        [{**whole, field: good}],
        [{**whole, field: bad}],
    )


def _scalar_field(row: Struct) -> str | None:
    """The field to begin with: a yes or no, else a number, else a text."""
    order = [BOOL, INT, DOUBLE, STRING]
    scalars = [
        (order.index(schema), name) for name, schema in row.fields.items() if isinstance(schema, Scalar)
    ]
    return min(scalars, key=lambda pair: pair[0])[1] if scalars else None


def _condition(operand: str, schema: Schema) -> tuple[str, Any, Any]:
    """A condition on a scalar, a value that keeps it and one that breaks it."""
    if schema == BOOL:
        return operand, True, False
    pairs: dict[Schema, tuple[Any, Any]] = {STRING: ("good", "bad"), INT: (1, 2), DOUBLE: (1.0, 2.0)}
    good, bad = pairs[schema]
    return f"{operand} == {json.dumps(good)}", good, bad


def _wanted(good: Any) -> str:
    """What an offender says that was expected: a text in both languages, else the value."""
    return 'say("符合要求", "good")' if isinstance(good, str) else json.dumps(good)


def sample(schema: Schema) -> Any:
    """A value of that shape, as an example gives it."""
    match schema:
        case Scalar():
            return _SAMPLES[schema]
        case ListOf(item):
            return [sample(item)]
        case MapOf(value):
            return {"key": sample(value)}
        case Struct(_name, fields):
            return {name: sample(inner) for name, inner in fields.items()}
