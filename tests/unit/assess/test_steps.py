"""A step on an object: what decides it, and who must where nothing does."""

import pytest

from secaudit.assess.steps import at_best, at_worst, decide
from secaudit.model.assessment import Decider, StepState
from secaudit.model.attestation import Answer
from secaudit.model.content import SeenBy
from secaudit.model.result import Verdict
from tests.unit.assess import samples

MET, PARTLY, NOT_MET, OPEN = StepState.MET, StepState.PARTLY, StepState.NOT_MET, StepState.OPEN
MACHINE, PERSON, REST = Decider.MACHINE, Decider.PERSON, Decider.PERSON_REST
MISSING = Decider.EVIDENCE_MISSING


@pytest.mark.parametrize(
    ("seen_by", "verdicts", "state", "decider"),
    [
        ("machine", "PASS", MET, MACHINE),
        ("machine", "PASS PASS", MET, MACHINE),
        ("machine", "FAIL", NOT_MET, MACHINE),
        ("machine", "PARTIAL", PARTLY, MACHINE),
        ("machine", "PASS PARTIAL", PARTLY, MACHINE),
        ("machine", "FAIL PASS UNKNOWN MANUAL PARTIAL", NOT_MET, MACHINE),
        ("machine", "UNKNOWN", OPEN, MISSING),
        ("machine", "PASS UNKNOWN", OPEN, MISSING),
        ("machine", "MANUAL UNKNOWN", OPEN, MISSING),
        ("machine", "MANUAL", OPEN, PERSON),
        ("machine", "PASS MANUAL", OPEN, REST),
        ("machine", "NOT_APPLICABLE", OPEN, PERSON),
        ("machine", "NOT_APPLICABLE PASS", MET, MACHINE),
        ("machine", "", OPEN, PERSON),
        ("part", "FAIL", NOT_MET, MACHINE),
        ("part", "PASS", OPEN, REST),
        ("part", "PARTIAL", OPEN, REST),
        ("part", "", OPEN, PERSON),
        ("part", "UNKNOWN", OPEN, MISSING),
        ("person", "", OPEN, PERSON),
        ("person", "PASS", OPEN, REST),
        ("person", "FAIL", NOT_MET, MACHINE),
    ],
)
def test_what_decides(seen_by: str, verdicts: str, state: StepState, decider: Decider) -> None:
    results = [samples.result(Verdict(verdict)) for verdict in verdicts.split()]
    outcome = decide(samples.step(seen_by=SeenBy(seen_by)), results, missing=False)
    assert (outcome.state, outcome.decider) == (state, decider)
    assert outcome.results == tuple(results)


def test_a_result_that_the_run_does_not_hold_leaves_the_step_open() -> None:
    outcome = decide(samples.step(), [samples.result(Verdict.PASS)], missing=True)
    assert (outcome.state, outcome.decider) == (OPEN, MISSING)


def test_a_failure_stands_whatever_is_missing() -> None:
    assert decide(samples.step(), [samples.result(Verdict.FAIL)], missing=True).state is NOT_MET


@pytest.mark.parametrize(
    ("verdicts", "state", "decider"),
    [
        ("PASS", OPEN, REST),
        ("PARTIAL", OPEN, REST),
        ("FAIL PASS", NOT_MET, MACHINE),
        ("PASS UNKNOWN", OPEN, MISSING),
        ("NOT_APPLICABLE", OPEN, PERSON),
    ],
)
def test_no_machine_closes_a_step_where_it_could_not_look(
    verdicts: str, state: StepState, decider: Decider
) -> None:
    results = [samples.result(Verdict(verdict)) for verdict in verdicts.split()]
    outcome = decide(samples.step(), results, missing=False, unseen=("h2",))
    assert (outcome.state, outcome.decider, outcome.unseen) == (state, decider, ("h2",))


def test_a_person_answers_for_what_no_machine_saw() -> None:
    outcome = decide(
        samples.step(), [samples.result(Verdict.PASS)], samples.answer(), missing=False, unseen=("h2",)
    )
    assert (outcome.state, outcome.decider, outcome.unseen) == (MET, Decider.ATTESTED, ("h2",))


@pytest.mark.parametrize(
    ("verdicts", "worst", "best"),
    [
        ("PASS", MET, MET),
        ("FAIL", NOT_MET, NOT_MET),
        ("PARTIAL", PARTLY, PARTLY),
        ("UNKNOWN", NOT_MET, MET),
        ("UNKNOWN PARTIAL", NOT_MET, PARTLY),
    ],
)
def test_bounds(verdicts: str, worst: StepState, best: StepState) -> None:
    results = [samples.result(Verdict(verdict)) for verdict in verdicts.split()]
    outcome = decide(samples.step(), results, missing=False)
    assert (at_worst(outcome), at_best(outcome)) == (worst, best)


@pytest.mark.parametrize(
    ("seen_by", "verdicts", "answer", "state"),
    [
        ("person", "", "符合", MET),
        ("person", "", "部分符合", PARTLY),
        ("person", "", "不符合", NOT_MET),
        ("person", "", "不适用", StepState.NOT_APPLICABLE),
        ("part", "PASS", "符合", MET),
        ("part", "PASS", "不符合", NOT_MET),
        ("part", "PARTIAL", "符合", PARTLY),
        ("part", "PARTIAL", "不符合", NOT_MET),
        ("part", "PARTIAL", "不适用", PARTLY),
        ("part", "PASS", "不适用", StepState.NOT_APPLICABLE),
        ("part", "", "符合", MET),
        ("machine", "MANUAL", "符合", MET),
        ("machine", "PASS MANUAL", "部分符合", PARTLY),
        ("machine", "", "符合", MET),
    ],
)
def test_a_person_answers_what_no_check_decides(
    seen_by: str, verdicts: str, answer: str, state: StepState
) -> None:
    results = [samples.result(Verdict(verdict)) for verdict in verdicts.split()]
    said = samples.answer(Answer(answer))
    outcome = decide(samples.step(seen_by=SeenBy(seen_by)), results, said, missing=False)
    assert (outcome.state, outcome.decider, outcome.attestation) == (state, Decider.ATTESTED, said)


@pytest.mark.parametrize(
    ("seen_by", "verdicts", "state", "decider"),
    [
        ("machine", "FAIL", NOT_MET, MACHINE),
        ("part", "FAIL", NOT_MET, MACHINE),
        ("person", "FAIL", NOT_MET, MACHINE),
        ("machine", "UNKNOWN", OPEN, MISSING),
        ("part", "PASS UNKNOWN", OPEN, MISSING),
        ("machine", "PARTIAL", PARTLY, MACHINE),
        ("machine", "PASS", MET, MACHINE),
    ],
)
@pytest.mark.parametrize("answer", list(Answer))
def test_no_answer_overrides_a_failure_a_gap_or_what_a_machine_decides(
    seen_by: str, verdicts: str, state: StepState, decider: Decider, answer: Answer
) -> None:
    results = [samples.result(Verdict(verdict)) for verdict in verdicts.split()]
    outcome = decide(samples.step(seen_by=SeenBy(seen_by)), results, samples.answer(answer), missing=False)
    assert (outcome.state, outcome.decider, outcome.attestation) == (state, decider, None)
