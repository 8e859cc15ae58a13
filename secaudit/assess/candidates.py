"""High-risk conditions that failed steps show as candidates: people confirm or downgrade them."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from secaudit.model.assessment import Assessment, Conclusion, Decider, ObjectOutcome, StepOutcome, StepState
from secaudit.model.content import Check, Extension, HighRiskCondition
from secaudit.model.register import System
from secaudit.model.result import Result, Verdict
from secaudit.model.risk import Ground
from secaudit.model.text import Text

# What the register knows of a scope; of the others (ha_required, wireless …) a person says whether they hold.
REGISTERED: Final[Mapping[str, Callable[[System], bool]]] = {
    "internet_facing": lambda system: system.internet_facing,
    "internal": lambda system: not system.internet_facing,
    "cloud_platform": lambda system: Extension.CLOUD in system.extensions and system.platform is None,
    "tenant": lambda system: system.platform is not None,
    "cloud_platform|tenant": lambda system: (
        Extension.CLOUD in system.extensions or system.platform is not None
    ),
    "ics": lambda system: Extension.INDUSTRIAL in system.extensions,
}
# where the item is decided all the same, a single step shows nothing
HARMLESS: Final = (Conclusion.COMPLIANT, Conclusion.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A condition that a failed check or an answered step shows on an object, and in which case."""

    condition: HighRiskCondition
    case: Text
    ground: Ground


def candidates_of(
    system: System,
    assessment: Assessment,
    checks: Mapping[str, Check],
    conditions: Mapping[str, HighRiskCondition],
) -> list[Candidate]:
    """Of conditions for the level of the system and a scope that it may be in: what checks show, then answers."""
    known = [condition for condition in conditions.values() if concerns(system, condition)]
    return [*_of_checks(assessment, checks, known), *_of_answers(assessment, known)]


def concerns(system: System, condition: HighRiskCondition) -> bool:
    """Whether the system has the level, and may have the scope, of the condition."""
    registered = REGISTERED.get(condition.scope)
    return system.level >= condition.min_level and (registered is None or registered(system))


def _of_checks(
    assessment: Assessment, checks: Mapping[str, Check], known: Iterable[HighRiskCondition]
) -> Iterator[Candidate]:
    by_id = {condition.id: condition for condition in known}
    for result in assessment.risky:
        if result.verdict is Verdict.FAIL:
            ground = Ground(result.object_id, result.check_id, _found(result))
            for risk in checks[result.check_id].high_risk:
                if risk.id in by_id:
                    yield Candidate(by_id[risk.id], risk.case, ground)


def _found(result: Result) -> frozenset[str]:
    """What the check found, without figures that another day changes."""
    return frozenset(digest(offender.id) for offender in result.offenders)


def _of_answers(assessment: Assessment, known: Iterable[HighRiskCondition]) -> Iterator[Candidate]:
    conditions = tuple(known)
    for outcome, step in _answered(assessment):
        for condition in conditions:
            if condition.shown_at(step.step.id):
                yield Candidate(condition, condition.condition, _ground(outcome, step))


def _answered(assessment: Assessment) -> Iterator[tuple[ObjectOutcome, StepOutcome]]:
    """Steps that a person says are not met, where the item suffers from it."""
    for item in assessment.items:
        for outcome in item.objects:
            if outcome.conclusion not in HARMLESS:
                for step in outcome.steps:
                    if step.decider is Decider.ATTESTED and step.state is StepState.NOT_MET:
                        yield outcome, step


def _ground(outcome: ObjectOutcome, step: StepOutcome) -> Ground:
    answer = step.attestation
    assert answer is not None
    said = "\n".join([answer.record, *sorted(file.sha256 for file in answer.files)])
    return Ground(outcome.object_id, step.step.id, frozenset({digest(said)}))


def digest(text: str) -> str:
    """What a decision remembers of what was found: no text of a target, and short."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def unresolved(
    system: System,
    assessment: Assessment,
    checks: Mapping[str, Check],
    conditions: Mapping[str, HighRiskCondition],
) -> frozenset[str]:
    """Ids of conditions that what is still open may show: a step at which they are shown, or a check."""
    open_steps = {
        step.step.id
        for item in assessment.items
        for outcome in item.objects
        for step in outcome.steps
        if step.state is StepState.OPEN
    }
    unknown = {
        risk.id
        for result in assessment.risky
        if result.verdict is Verdict.UNKNOWN
        for risk in checks[result.check_id].high_risk
    }
    return frozenset(
        condition.id
        for condition in conditions.values()
        if concerns(system, condition)
        and (condition.id in unknown or any(map(condition.shown_at, open_steps)))
    )
