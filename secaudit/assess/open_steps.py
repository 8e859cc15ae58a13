"""Every step that is still open: while there is one, no conclusion is final."""

from collections.abc import Iterator
from dataclasses import dataclass

from secaudit.model.assessment import Assessment, ObjectOutcome, StepOutcome, StepState
from secaudit.model.content import Requirement
from secaudit.model.result import Verdict


@dataclass(frozen=True, slots=True)
class OpenStep:
    """An open step on an object.

    ``gaps``: check → why it could not be judged there; empty where the run holds no result, or a person is asked.
    """

    requirement: Requirement
    outcome: ObjectOutcome
    step: StepOutcome

    @property
    def gaps(self) -> dict[str, str]:
        return {
            result.check_id: result.gap.reason.value
            for result in self.step.results
            if result.verdict is Verdict.UNKNOWN and result.gap
        }


def open_steps(assessment: Assessment) -> Iterator[OpenStep]:
    """In the order of the standard, also those on which their item does not depend: each is owed an answer."""
    for item in assessment.items:
        for outcome in item.objects:
            for step in outcome.steps:
                if step.state is StepState.OPEN:
                    yield OpenStep(item.requirement, outcome, step)
