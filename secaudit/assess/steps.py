"""One step on one object, from the results of the checks that prove it and the answer of a person."""

from collections.abc import Sequence, Set
from typing import Final

from secaudit.model.assessment import SETTLED, Decider, Exemption, StepOutcome, StepState
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import SeenBy, Step
from secaudit.model.result import Result, Verdict

ANSWERED: Final = {
    Answer.MET: StepState.MET,
    Answer.PARTLY: StepState.PARTLY,
    Answer.NOT_MET: StepState.NOT_MET,
    Answer.NOT_APPLICABLE: StepState.NOT_APPLICABLE,
}


def decide(
    step: Step,
    results: Sequence[Result],
    answer: Attestation | None = None,
    *,
    missing: bool,
    unseen: Sequence[str] = (),
) -> StepOutcome:
    """The outcome of a step. ``missing``: a check would decide it here, but the run holds no result of it.

    A failure decides; after it what is unknown, what a person is asked, what is proved in part. A check that
    does not apply says nothing. A machine alone never closes a step that a person must see too, nor one where
    it could not look at all (``unseen``: the assets it did not), and a person answers only what no check
    decides: neither a failure nor a gap.
    """
    verdicts = {result.verdict for result in results}
    state, decider = _decided(step, verdicts, missing=missing, whole=not unseen)
    if answer is None or decider not in (Decider.PERSON, Decider.PERSON_REST):
        return StepOutcome(step, state, decider, tuple(results), unseen=tuple(unseen))
    answered = _answered(answer.answer, verdicts)
    return StepOutcome(step, answered, Decider.ATTESTED, tuple(results), answer, tuple(unseen))


def _decided(step: Step, verdicts: Set[Verdict], *, missing: bool, whole: bool) -> tuple[StepState, Decider]:
    proved = verdicts & {Verdict.PASS, Verdict.PARTIAL}
    if Verdict.FAIL in verdicts:
        return StepState.NOT_MET, Decider.MACHINE
    if Verdict.UNKNOWN in verdicts or missing:
        return StepState.OPEN, Decider.EVIDENCE_MISSING
    if not proved:
        return StepState.OPEN, Decider.PERSON
    if Verdict.MANUAL in verdicts or step.seen_by is not SeenBy.MACHINE or not whole:
        return StepState.OPEN, Decider.PERSON_REST
    if Verdict.PARTIAL in verdicts:
        return StepState.PARTLY, Decider.MACHINE
    return StepState.MET, Decider.MACHINE


def by_register(outcome: StepOutcome, exemptions: tuple[Exemption, ...]) -> StepOutcome:
    """The step where the register says why it is not judged; a failure that a machine saw stands all the same."""
    if any(result.verdict is Verdict.FAIL for result in outcome.results):
        return outcome
    state = StepState.NOT_APPLICABLE if SETTLED.issuperset(exemptions) else StepState.OPEN
    return StepOutcome(outcome.step, state, Decider.REGISTER, outcome.results, exemptions=exemptions)


def _answered(answer: Answer, verdicts: Set[Verdict]) -> StepState:
    """What a check proved in part stays in part, whatever the rest is: so it applies, too."""
    state = ANSWERED[answer]
    better = state in (StepState.MET, StepState.NOT_APPLICABLE)
    return StepState.PARTLY if better and Verdict.PARTIAL in verdicts else state


def at_worst(outcome: StepOutcome) -> StepState:
    """The state if whatever is open turns out badly."""
    return StepState.NOT_MET if outcome.state is StepState.OPEN else outcome.state


def at_best(outcome: StepOutcome) -> StepState:
    """The state if whatever is open turns out well; what is proved in part stays in part."""
    if outcome.state is not StepState.OPEN:
        return outcome.state
    partly = any(result.verdict is Verdict.PARTIAL for result in outcome.results)
    return StepState.PARTLY if partly else StepState.MET
