"""The examples that a check carries: each given situation must lead to the verdict it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from secaudit.content.example_rules import is_gap
from secaudit.judge.compiled import CompiledCheck, Variables
from secaudit.judge.judge import Owed, judge_checks, parameter_values
from secaudit.language import _
from secaudit.model.content import Check, Example, Profile
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.result import Result

ASSET_ID = "asset"
SURROUNDINGS: dict[str, Any] = {
    "asset": {"id": ASSET_ID, "kind": "linux", "zone": "", "name": "an asset"},
    "system": {"level": 3, "s": 3, "a": 3, "internet_facing": False},
    "now": 1_767_225_600,  # 2026-01-01 00:00 UTC
}


@dataclass(frozen=True, slots=True)
class ExampleOutcome:
    """What an example led to; ``fault`` says in which way that is not what it says ("" when it is)."""

    check: Check
    example: Example
    result: Result
    fault: str


def run_examples(check: Check) -> tuple[ExampleOutcome, ...]:
    """Every example of a check, judged; raises ContentError when an expression is not CEL."""
    compiled = CompiledCheck(check, "params_0")
    return tuple(_outcome(compiled, example) for example in check.examples)


def _outcome(compiled: CompiledCheck, example: Example) -> ExampleOutcome:
    result = _judged(compiled, example)
    return ExampleOutcome(compiled.check, example, result, _fault(example, result))


def _judged(compiled: CompiledCheck, example: Example) -> Result:
    check = compiled.check
    facts = {name: _fact(example.given[name]) for name in check.needs if name in example.given}
    around = {name: _around(name, example.given) for name in SURROUNDINGS}
    own = Profile("example", 0, check.title, {check.id: example.parameters})
    parameters = {compiled.parameters: parameter_values(check, own)}
    variables = Variables(facts, around, check.needs, parameters=parameters)
    owed = Owed(compiled, _object_of(check, example))
    (result,) = judge_checks([owed], variables, ASSET_ID, {})
    return result


def _fact(given: Any) -> Any:
    """The given fact; ``{"gap": reason}`` is a Gap."""
    if is_gap(given):
        return Gap(GapReason(given["gap"]), "as the example says")
    return given


def _around(name: str, given: Mapping[str, Any]) -> Any:
    usual = SURROUNDINGS[name]
    if name not in given:
        return usual
    return {**usual, **given[name]} if isinstance(usual, dict) else given[name]


def _object_of(check: Check, example: Example) -> str:
    """The object an example is about: the one it names, else that of the first row, else the asset."""
    if example.object_id or not check.each:
        return example.object_id or ASSET_ID
    rows = example.given.get(check.each)
    return rows[0]["object"] if isinstance(rows, list) and rows else ASSET_ID


def _fault(example: Example, result: Result) -> str:
    seen = tuple(offender.id for offender in result.offenders)
    if result.verdict != example.expect:
        detail = f" ({result.gap.reason}: {result.gap.detail})" if result.gap else ""
        return _wrong(example.expect, f"{result.verdict}{detail}")
    if result.gap and not result.gap_source:
        return _wrong(_("a gap in a fact"), f"{result.gap.reason}: {result.gap.detail}")
    if example.offenders is not None and seen != example.offenders:
        return _wrong(_("the offenders {ids}").format(ids=list(example.offenders)), str(list(seen)))
    return ""


def _wrong(expected: str, got: str) -> str:
    return _("expected {expected}, got {got}").format(expected=expected, got=got)
