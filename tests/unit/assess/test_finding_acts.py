"""What an act of a person becomes on record, and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest

from secaudit.assess.finding_acts import Planned, Reviewed, claim, plan, review
from secaudit.assess.finding_state import applied
from secaudit.errors import UsageError
from secaudit.model.finding import CloseReason, Event, EventKind, Finding, Source
from tests.unit.assess.finding_samples import claimed, finding, night

TODAY = night(0).date()
WHOLE = Planned("张三", "设为 90 天", TODAY + timedelta(days=9))
PLANNED = finding(owner="张三", measure="设为 90 天", deadline=TODAY + timedelta(days=9))
CLOSED = applied(finding(), Event(night(5), EventKind.CLOSED, reason=CloseReason.PASSED))
DONE = Reviewed("王五", True, night(5), "抽查三台", ())


def answered(**changed: object) -> Finding:
    return claimed(3, source=Source.ANSWER, **changed)


def decidable(_finding: Finding) -> str:
    return ""


@pytest.mark.parametrize(
    ("known", "said", "kinds"),
    [
        (finding(), WHOLE, [EventKind.PLANNED]),
        (PLANNED, Planned(owner="李四"), [EventKind.PLANNED]),
        (PLANNED, Planned(notice="整改〔2026〕1号"), [EventKind.PLANNED]),
        (PLANNED, Planned(deadline=TODAY), [EventKind.PLANNED]),
        (
            PLANNED,
            Planned(deadline=TODAY + timedelta(days=10), allowed_by="李四", reason="停机"),
            [EventKind.EXTENDED],
        ),
        (
            PLANNED,
            Planned("赵六", "", TODAY + timedelta(days=10), "", "李四", "停机"),
            [EventKind.PLANNED, EventKind.EXTENDED],
        ),
    ],
)
def test_plans(known: Finding, said: Planned, kinds: list[EventKind]) -> None:
    assert [event.kind for event in plan(known, said, night(0), TODAY)] == kinds


@pytest.mark.parametrize(
    ("known", "said", "told"),
    [
        (finding(), replace(WHOLE, owner=""), "--owner is required"),
        (finding(), replace(WHOLE, measure=""), "--measure is required"),
        (finding(), replace(WHOLE, deadline=None), "--deadline is required"),
        (finding(), replace(WHOLE, deadline=TODAY - timedelta(days=1)), "has passed already"),
        (PLANNED, Planned(), "Nothing to plan is said"),
        (PLANNED, Planned(deadline=TODAY + timedelta(days=10)), "is an extension"),
        (PLANNED, Planned(deadline=TODAY + timedelta(days=10), allowed_by="李四"), "is an extension"),
        (
            PLANNED,
            Planned(deadline=TODAY + timedelta(days=10), allowed_by="张 三", reason="停机"),
            "somebody else than its owner",
        ),
        (
            PLANNED,
            Planned("李四", "", TODAY + timedelta(days=10), "", "张三", "停机"),
            "somebody else than its owner",
        ),
        (
            PLANNED,
            Planned("李四", "", TODAY + timedelta(days=10), "", "李四", "停机"),
            "somebody else than its owner",
        ),
        (claimed(3), WHOLE, "is claimed fixed"),
        (CLOSED, WHOLE, "is closed"),
    ],
)
def test_plans_that_are_refused(known: Finding, said: Planned, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        plan(known, said, night(0), TODAY)


def test_a_claim_is_made_once() -> None:
    made = claim(finding(), "张三", "已设", (), night(1))
    assert (made.kind, made.person, made.text) == (EventKind.CLAIMED, "张三", "已设")
    with pytest.raises(UsageError, match="already, by 张三"):
        claim(claimed(3), "李四", "已设", (), night(4))


def test_a_review_closes_or_sends_back() -> None:
    fixed = review(answered(), DONE, decidable)
    assert (fixed.kind, fixed.reason, fixed.text) == (EventKind.CLOSED, CloseReason.REVIEWED, "抽查三台")
    back = review(answered(), replace(DONE, fixed=False), decidable)
    assert (back.kind, back.reason) == (EventKind.NOT_FIXED, None)


def test_what_no_scan_can_decide_any_more_says_why() -> None:
    done = review(finding(), replace(DONE, text=""), lambda _finding: "retired")
    assert (done.kind, done.text) == (EventKind.CLOSED, "retired")


@pytest.mark.parametrize(
    ("known", "said", "told"),
    [
        (finding(), DONE, "its check decides it"),
        (finding(source=Source.POLICE), DONE, "nobody claims"),
        (answered(), replace(DONE, reviewer="张三"), "somebody else reviews it"),
        (answered(owner="王 五"), DONE, "somebody else reviews it"),
        (answered(), replace(DONE, at=night(3)), "after its last failure"),
        (answered(failed_at=night(6)), DONE, "after its last failure"),
    ],
)
def test_reviews_that_are_refused(known: Finding, said: Reviewed, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        review(known, said, decidable)
