"""One item on one object, and for the system over its objects."""

from collections.abc import Collection, Mapping, Sequence

from secaudit.assess.steps import at_best, at_worst
from secaudit.assess.units import conclude
from secaudit.model.assessment import Conclusion, Decider, ItemOutcome, ObjectOutcome, StepOutcome, StepState
from secaudit.model.content import Check, Requirement
from secaudit.model.result import Verdict


def conclude_object(
    rule: str,
    steps: Sequence[StepOutcome],
    checks: Mapping[str, Check],
    vetoes: Collection[str] = (),
) -> tuple[Conclusion, Conclusion, Conclusion]:
    """Conclusion, worst and best of an item on an object; a failed veto closes it, an open one may.

    ``vetoes``: ids of the steps that a check with a veto proves.
    """
    if any(_vetoed(step, checks, vetoes) for step in steps):
        return (Conclusion.NOT_COMPLIANT,) * 3
    worst = conclude(rule, [at_worst(step) for step in steps])
    best = conclude(rule, [at_best(step) for step in steps])
    unsettled = [step for step in steps if step.state is StepState.OPEN]
    if any(step.step.id in vetoes for step in unsettled):
        worst = Conclusion.NOT_COMPLIANT
    return _closed_or_open(worst, bool(unsettled)), worst, best


def _vetoed(step: StepOutcome, checks: Mapping[str, Check], vetoes: Collection[str]) -> bool:
    """A check with a veto failed, or a person says of its step that it is not met."""
    if step.decider is Decider.ATTESTED:
        return step.state is StepState.NOT_MET and step.step.id in vetoes
    failed = (result.check_id for result in step.results if result.verdict is Verdict.FAIL)
    return any(checks[check_id].veto for check_id in failed)


def _closed_or_open(worst: Conclusion, is_open: bool) -> Conclusion:
    """What is open may still be enough: of a unit where one step suffices, that one is met (worst 符合)."""
    return Conclusion.OPEN if is_open and worst is not Conclusion.COMPLIANT else worst


def conclude_item(requirement: Requirement, objects: Sequence[ObjectOutcome]) -> ItemOutcome:
    """The item for the system: 符合 only if every object is, 不符合 only if none is even partly."""
    worst = over_objects([o.worst for o in objects])
    best = over_objects([o.best for o in objects])
    is_open = any(o.conclusion is Conclusion.OPEN for o in objects)
    return ItemOutcome(requirement, _closed_or_open(worst, is_open), worst, best, tuple(objects))


def over_objects(conclusions: Collection[Conclusion]) -> Conclusion:
    """One word for several objects whose own conclusions are closed; those it does not apply to say nothing."""
    kinds = set(conclusions) - {Conclusion.NOT_APPLICABLE}
    if not kinds:
        return Conclusion.NOT_APPLICABLE
    return kinds.pop() if len(kinds) == 1 else Conclusion.PARTLY
