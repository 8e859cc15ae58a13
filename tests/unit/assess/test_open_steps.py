"""Every open step is named with its reason, whether its item depends on it or not."""

from dataclasses import replace

from secaudit.assess.open_steps import open_steps
from secaudit.model.assessment import Decider
from secaudit.model.attestation import Answer
from secaudit.model.result import Verdict
from tests.unit.assess import samples
from tests.unit.assess.test_candidates import assessed


def test_reasons_and_gaps() -> None:
    found = list(open_steps(assessed(samples.result(Verdict.UNKNOWN))))
    assert [(one.step.step.id, one.step.decider) for one in found] == [
        ("ces.x.a#1", Decider.EVIDENCE_MISSING),
        ("mms.x.a#1", Decider.PERSON),
        ("mms.x.a#2", Decider.PERSON),
    ]
    assert [one.gaps for one in found] == [{"linux.one": "needs_root"}, {}, {}]
    assert (found[0].requirement.key, found[0].outcome.object_id) == ("ces.x.a", "h1")


def test_a_step_that_decides_nothing_is_open_all_the_same() -> None:
    answers = (replace(samples.answer(Answer.MET), step_id="mms.x.a#1"),)
    found = list(open_steps(assessed(samples.result(Verdict.PASS), answers=answers, rule="any")))
    assert [one.step.step.id for one in found] == ["mms.x.a#2"]
