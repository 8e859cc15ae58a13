"""What the answer of a department makes of a finding."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from secaudit.assess.answering import FindingAnswer, after_answer
from secaudit.assess.finding_state import applied
from secaudit.model.attestation import EvidenceFile
from secaudit.model.finding import EventKind, Finding, Stage
from tests.unit.assess.test_demanding import finding

NOW = datetime(2026, 3, 5, tzinfo=UTC)
PLAN = FindingAnswer("王岗", "改配置", planned=date(2026, 3, 20), note="需停机")
CLAIM = FindingAnswer(
    "王岗", "改配置", fixed=date(2026, 3, 4), note="已改", files=(EvidenceFile("a", "0" * 64),)
)


def taken(known: Finding, answer: FindingAnswer) -> Finding:
    """The finding after the answer, with its history."""
    for event in after_answer(known, answer, NOW):
        known = replace(applied(known, event), history=(*known.history, event))
    return known


def test_a_plan_sets_a_deadline_where_there_is_none() -> None:
    after = taken(finding(), PLAN)
    assert (after.stage, after.owner, after.measure) == (Stage.PLANNED, "王岗", "改配置")
    assert after.deadline == date(2026, 3, 20)
    assert after.history[0].text == "2026-03-20 需停机"


def test_a_plan_leaves_the_deadline_of_a_notice_alone() -> None:
    after = taken(finding(deadline=date(2026, 4, 1), stage=Stage.PLANNED), PLAN)
    assert after.deadline == date(2026, 4, 1)


def test_no_department_extends_its_deadline() -> None:
    with pytest.raises(ValueError, match="a day until the deadline 2026-03-19 expected"):
        after_answer(finding(deadline=date(2026, 3, 19)), PLAN, NOW)


def test_a_claim_closes_nothing() -> None:
    after = taken(finding(), CLAIM)
    assert [event.kind for event in after.history] == [EventKind.PLANNED, EventKind.CLAIMED]
    assert after.stage is Stage.CLAIMED
    assert after.claimed
    assert (after.claimed.person, after.claimed.text) == ("王岗", "2026-03-04 已改")
    assert after.claimed.files == CLAIM.files
    assert after.history[0].text == ""


@pytest.mark.parametrize("answer", [PLAN, CLAIM])
@pytest.mark.parametrize("deadline", [None, date(2026, 4, 1)])
def test_the_same_answer_again_changes_nothing(answer: FindingAnswer, deadline: date | None) -> None:
    once = taken(finding(deadline=deadline), answer)
    assert after_answer(once, replace(answer, stale=True), NOW) == []


def test_an_empty_answer_wishes_nothing() -> None:
    known = finding(owner="王岗", measure="改配置")
    assert after_answer(known, FindingAnswer("", "", stale=True), NOW) == []
    assert after_answer(known, FindingAnswer("王岗", "改配置"), NOW) == []


@pytest.mark.parametrize("answer", [FindingAnswer("李岗", ""), FindingAnswer("", "换设备")])
def test_who_changes_what_somebody_else_changed_meanwhile_is_refused(answer: FindingAnswer) -> None:
    known = finding(owner="王岗", measure="改配置")
    assert len(after_answer(known, answer, NOW)) == 1
    with pytest.raises(ValueError, match="were changed since"):
        after_answer(known, replace(answer, stale=True), NOW)


def test_a_closed_finding_takes_no_answer() -> None:
    assert after_answer(finding(stage=Stage.CLOSED), CLAIM, NOW) == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (replace(CLAIM, note="再改"), "claimed fixed already, by 王岗"),
        (FindingAnswer("李岗", ""), "planned no more"),
        (replace(PLAN, planned=date(2026, 3, 21)), "planned no more"),
    ],
)
def test_what_is_claimed_waits_for_a_retest(answer: FindingAnswer, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        after_answer(taken(finding(), CLAIM), answer, NOW)
