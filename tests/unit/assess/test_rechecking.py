"""What a recheck says of a finding."""

from datetime import UTC, datetime, timedelta

import pytest

from secaudit.assess.rechecking import Newest, Rechecked, Standing, Why, recheck
from secaudit.model.finding import CUT, Claim, CloseReason, Closing, Event, EventKind, Source, Stage
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.text import Text
from tests.unit.assess.test_demanding import finding

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
LATER, LAST = SINCE + timedelta(days=1), SINCE + timedelta(days=2)
TEXT = Text("", "")


def result(verdict: Verdict, *offenders: str) -> Result:
    return Result("linux.a", "web1", "web1", verdict, tuple(Offender(one, TEXT, TEXT) for one in offenders))


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (CloseReason.PASSED, Rechecked(Standing.RECTIFIED, Why.PASSED, "r2")),
        (CloseReason.REVIEWED, Rechecked(Standing.RECTIFIED, Why.REVIEWED)),
        (CloseReason.ASSET_REMOVED, Rechecked(Standing.UNVERIFIED, Why.ASSET_REMOVED)),
    ],
)
def test_what_is_closed(reason: CloseReason, expected: Rechecked) -> None:
    closed = finding(stage=Stage.CLOSED, closed=Closing(LATER, reason, run=expected.run))
    assert recheck(closed, SINCE, None) == expected


@pytest.mark.parametrize(
    ("newest", "expected"),
    [
        (None, Why.NOT_RETESTED),
        (Newest("r2", SINCE, result(Verdict.FAIL)), Why.NOT_RETESTED),
        (Newest("r2", LATER, result(Verdict.UNKNOWN)), Why.GAP),
        (Newest("r2", LATER, result(Verdict.MANUAL)), Why.UNDECIDED),
        (Newest("r2", LATER, result(Verdict.NOT_APPLICABLE)), Why.UNDECIDED),
        (Newest("r2", LATER, result(Verdict.PASS)), Why.UNDECIDED),
        (Newest("r2", LATER, result(Verdict.FAIL, "daemon")), Why.UNDECIDED),
        (Newest("r2", LATER, result(Verdict.FAIL, CUT)), Why.UNDECIDED),
    ],
)
def test_what_is_not_known_is_not_rectified(newest: Newest | None, expected: Why) -> None:
    found = recheck(finding(offender="root"), SINCE, newest)
    assert (found.standing, found.why) == (Standing.UNVERIFIED, expected)


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.PARTIAL])
@pytest.mark.parametrize(("offender", "named"), [("root", ("daemon", "root")), ("", ()), ("", ("root",))])
def test_what_fails_again_is_not_rectified(verdict: Verdict, offender: str, named: tuple[str, ...]) -> None:
    newest = Newest("r2", LATER, result(verdict, *named))
    expected = Rechecked(Standing.NOT_RECTIFIED, Why.FAILS, "r2")
    assert recheck(finding(offender=offender), SINCE, newest) == expected


def test_evidence_before_the_claim_verifies_nothing() -> None:
    claimed = finding(claimed=Claim(LAST, "王岗"))
    newest = Newest("r2", LATER, result(Verdict.FAIL))
    assert recheck(claimed, SINCE, newest) == Rechecked(Standing.UNVERIFIED, Why.NOT_RETESTED)


@pytest.mark.parametrize(
    ("kind", "why"), [(EventKind.NOT_FIXED, Why.NOT_FIXED), (EventKind.REFUTED, Why.ANSWERED)]
)
@pytest.mark.parametrize("known", [{"source": Source.ANSWER}, {"source": Source.POLICE, "check": ""}])
def test_people_say_that_it_is_not_fixed(kind: EventKind, why: Why, known: dict[str, object]) -> None:
    said = finding(**known, history=(Event(SINCE, EventKind.NOTICED), Event(LATER, kind)))
    assert recheck(said, SINCE, None) == Rechecked(Standing.NOT_RECTIFIED, why)
    early = finding(**known, history=(Event(SINCE, kind),))
    waiting = finding(**known, history=said.history, claimed=Claim(LAST, "王岗"))
    for one in (early, waiting):
        assert recheck(one, SINCE, None) == Rechecked(Standing.UNVERIFIED, Why.NOT_REVIEWED)


def test_an_outside_finding_with_a_check_is_retested() -> None:
    newest = Newest("r2", LATER, result(Verdict.FAIL, "root"))
    assert recheck(finding(source=Source.POLICE), SINCE, newest).standing is Standing.NOT_RECTIFIED
