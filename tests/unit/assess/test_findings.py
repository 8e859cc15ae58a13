"""What closes a finding, what opens it again, and above all what does not close it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.assess.finding_state import applied, is_as_told
from secaudit.assess.findings import (
    DECISIVE,
    Evidence,
    FailedAnswer,
    after_answers,
    after_evidence,
    after_register,
)
from secaudit.model.content import Severity
from secaudit.model.finding import CloseReason, Event, EventKind, Finding, Seen, Source, Stage
from secaudit.model.result import Verdict
from tests.unit.assess.finding_samples import (
    AGE,
    KEYS,
    RULES,
    TITLE,
    carried_out,
    claimed,
    evidence,
    finding,
    kinds,
    night,
    seen,
    stages,
)

PASS, FAIL, PARTIAL = Verdict.PASS, Verdict.FAIL, Verdict.PARTIAL
STEP = "ces.authentication.a#4"


@pytest.mark.parametrize(
    ("result", "offenders"),
    [
        (seen(FAIL, "root", "db"), ["root", "db"]),
        (seen(PARTIAL, "root", "root"), ["root"]),
        (seen(FAIL), [""]),
        (seen(FAIL, "root", "…"), ["root", "…"]),
        *((seen(verdict, "root"), []) for verdict in Verdict if verdict not in (FAIL, PARTIAL)),
        (seen(FAIL, "root", check="linux.retired"), []),
    ],
)
def test_failures_are_born_one_for_each_offender(result: Seen, offenders: list[str]) -> None:
    opened = after_evidence([], evidence(1, result), RULES).opened
    assert [one.offender for one in opened] == offenders
    assert all(one.opened == one.failed_at == night(1) and one.opened_in == "r1" for one in opened)


def test_what_an_advisory_check_finds_is_marked() -> None:
    (one,) = after_evidence([], evidence(1, seen(FAIL, check=KEYS)), RULES).opened
    assert (one.advisory, one.severity) == (True, Severity.LOW)


def test_data_sets_of_a_host_have_findings_of_their_own() -> None:
    opened = after_evidence([], evidence(1, seen(FAIL), seen(FAIL, object_id="oa-db")), RULES).opened
    assert [one.object_id for one in opened] == ["", "oa-db"]
    assert len({one.identity for one in opened}) == 2
    passing = evidence(2, seen(FAIL), seen(PASS, object_id="oa-db"))
    numbered = [replace(one, number=number) for number, one in enumerate(opened, 1)]
    ((closed, _event),) = after_evidence(numbered, passing, RULES).happened
    assert closed.object_id == "oa-db"


@pytest.mark.parametrize(
    ("offender", "result", "closes"),
    [
        ("root", seen(PASS), True),
        ("", seen(PASS), True),
        ("…", seen(PASS), True),
        ("root", seen(FAIL, "db"), True),
        ("root", seen(PARTIAL, "db"), True),
        ("root", seen(FAIL, "db", "…"), False),
        ("root", seen(FAIL), False),
        ("root", seen(FAIL, "root"), False),
        ("", seen(FAIL, "root"), False),
        ("…", seen(FAIL, "root"), True),
        ("root", seen(Verdict.UNKNOWN), False),
        ("root", seen(Verdict.NOT_APPLICABLE), False),
        ("root", seen(Verdict.MANUAL), False),
        ("root", seen(PASS, check=KEYS), False),
        ("root", seen(PASS, object_id="oa-db"), False),
    ],
)
def test_only_a_pass_of_the_same_check_and_offender_closes(offender: str, result: Seen, closes: bool) -> None:
    changes = after_evidence([finding(offender)], evidence(1, result), RULES)
    assert kinds(changes) == ([EventKind.CLOSED] if closes else [])


def test_what_is_not_looked_at_stays_open() -> None:
    assert after_evidence([finding()], evidence(1), RULES).happened == []


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        (finding(), evidence(0, seen(PASS))),
        (finding(), evidence(-1, seen(PASS))),
        (finding(), evidence(1, seen(PASS), again=True)),
        (finding(), replace(evidence(1, seen(PASS)), newer={(AGE, "")})),
        (claimed(3), evidence(2, seen(PASS))),
        (claimed(3), evidence(3, seen(PASS))),
    ],
    ids=["the same moment", "older", "judged again", "newer is known", "before the claim", "at the claim"],
)
def test_evidence_that_is_not_fresh_closes_nothing(known: Finding, shown: Evidence) -> None:
    assert after_evidence([known], shown, RULES).happened == []


def test_a_claim_is_proved_or_refuted_by_evidence_collected_after_it() -> None:
    proved = after_evidence([claimed(3)], evidence(4, seen(PASS)), RULES)
    assert kinds(proved) == [EventKind.CLOSED]
    refuted = after_evidence([claimed(3)], evidence(4, seen(FAIL, "root")), RULES)
    assert kinds(refuted) == [EventKind.REFUTED]
    (after,) = carried_out([claimed(3)], refuted)
    assert (after.stage, after.claimed, after.failed_at, after.failed_in) == (
        Stage.OPEN,
        None,
        night(4),
        "r4",
    )
    (planned,) = carried_out([claimed(3, deadline=night(9).date())], refuted)
    assert planned.stage is Stage.PLANNED
    assert after_evidence([claimed(3)], evidence(2, seen(FAIL, "root")), RULES).happened == []
    assert after_evidence([claimed(3)], evidence(4, seen(FAIL)), RULES).happened == []


def closed(reason: CloseReason, at: float = 5, **changed: object) -> Finding:
    """A finding that was closed in that night."""
    return applied(finding(**changed), Event(night(at), EventKind.CLOSED, reason=reason))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "shown", "opens"),
    [
        (closed(CloseReason.PASSED), evidence(6, seen(FAIL, "root")), True),
        (closed(CloseReason.PASSED), evidence(6, seen(FAIL, "db")), False),
        (closed(CloseReason.PASSED), evidence(5, seen(FAIL, "root")), False),
        (closed(CloseReason.PASSED), evidence(5, seen(FAIL, "root"), again=True), True),
        (closed(CloseReason.PASSED), evidence(4, seen(FAIL, "root"), again=True), False),
        (closed(CloseReason.PASSED), evidence(6, seen(PASS)), False),
        (closed(CloseReason.REVIEWED), evidence(6, seen(FAIL, "root")), True),
        (closed(CloseReason.REVIEWED), evidence(5, seen(FAIL, "root"), again=True), False),
        (closed(CloseReason.REVIEWED, source=Source.POLICE), evidence(6, seen(FAIL, "root")), False),
        (
            closed(CloseReason.PASSED, source=Source.POLICE, offender=""),
            evidence(6, seen(FAIL, "root")),
            True,
        ),
        (closed(CloseReason.PASSED, offender=""), evidence(6, seen(FAIL, "root")), False),
        (closed(CloseReason.PASSED, offender=""), evidence(6, seen(FAIL)), True),
        (closed(CloseReason.ASSET_REMOVED), evidence(6, seen(FAIL, "root")), True),
        (closed(CloseReason.ASSET_REMOVED), evidence(4, seen(FAIL, "root")), False),
    ],
)
def test_what_appears_again_keeps_its_number(known: Finding, shown: Evidence, opens: bool) -> None:
    changes = after_evidence([known], shown, RULES)
    assert kinds(changes) == ([EventKind.REOPENED] if opens else [])
    if opens:
        (after,) = carried_out([known], changes)[:1]
        assert (after.number, after.stage, after.reopened, after.closed) == (1, Stage.OPEN, 1, None)
        assert (after.failed_at, after.opened) == (shown.at, night(0))


def test_an_outside_finding_is_closed_by_the_check_that_it_is_bound_to() -> None:
    told = finding("", source=Source.POLICE, document="公网安〔2026〕1号", reference="3")
    assert kinds(after_evidence([told], evidence(1, seen(FAIL, "root")), RULES)) == []
    assert kinds(after_evidence([told], evidence(1, seen(PASS)), RULES)) == [EventKind.CLOSED]
    assert told.identity != finding("").identity


@pytest.mark.parametrize(
    ("results", "closes"),
    [
        ([seen(PASS), seen(PASS, check=KEYS)], True),
        ([seen(PASS), seen(Verdict.NOT_APPLICABLE, check=KEYS)], True),
        ([seen(PASS)], False),
        ([seen(PASS), seen(Verdict.UNKNOWN, check=KEYS)], False),
        ([seen(PASS), seen(FAIL, check=KEYS)], False),
        ([seen(Verdict.NOT_APPLICABLE), seen(Verdict.NOT_APPLICABLE, check=KEYS)], False),
    ],
)
def test_an_answer_is_closed_where_all_checks_prove_the_step(results: list[Seen], closes: bool) -> None:
    answered = finding("", source=Source.ANSWER, check=STEP)
    changes = after_evidence([answered], evidence(1, *results), RULES)
    assert kinds(changes) == ([EventKind.CLOSED] if closes else [])
    newer = replace(evidence(1, *results), newer={(KEYS, "")})
    assert kinds(after_evidence([answered], newer, RULES)) == []
    assert kinds(after_evidence([answered], evidence(0, *results), RULES)) == []
    other = replace(answered, check="ces.authentication.b#1")
    assert kinds(after_evidence([other], evidence(1, *results), RULES)) == []


@pytest.mark.parametrize(
    ("results", "closes"),
    [
        ([seen(PASS), seen(PASS, check=KEYS)], False),
        ([seen(PASS, object_id="oa-db"), seen(PASS, check=KEYS)], False),
        ([seen(PASS, object_id="oa-db"), seen(PASS, check=KEYS, object_id="oa-db"), seen(FAIL)], True),
    ],
)
def test_an_answer_about_a_data_set_is_closed_by_what_passes_on_it(results: list[Seen], closes: bool) -> None:
    answered = finding("", source=Source.ANSWER, check=STEP, object_id="oa-db")
    changes = after_evidence([answered], evidence(1, *results), RULES)
    assert (EventKind.CLOSED in kinds(changes)) is closes


ANSWER = FailedAnswer("oa", "h1", "", STEP, TITLE, Severity.HIGH, night(1), "张三", "ab")


def test_a_failing_answer_is_a_finding_that_no_later_answer_closes() -> None:
    (one,) = after_answers([], [ANSWER]).opened
    assert (one.source, one.check, one.opened_in, one.severity) == (Source.ANSWER, STEP, "ab", Severity.HIGH)
    known = replace(one, number=1)
    assert after_answers([known, finding()], [ANSWER]).happened == []
    assert after_answers([known], []).happened == []
    assert after_answers([known], [replace(ANSWER, digest="cd", at=night(9))]).happened == []


def test_a_failing_answer_given_since_refutes_a_claim_and_opens_again() -> None:
    known = replace(after_answers([], [ANSWER]).opened[0], number=1)
    claim = applied(known, Event(night(5), EventKind.CLAIMED, person="李四"))
    done = applied(known, Event(night(5), EventKind.CLOSED, person="王五", reason=CloseReason.REVIEWED))
    later, earlier = replace(ANSWER, digest="cd", at=night(5.5)), replace(ANSWER, digest="cd", at=night(3.9))
    assert kinds(after_answers([claim], [later])) == [EventKind.REFUTED]
    assert kinds(after_answers([done], [later])) == [EventKind.REOPENED]
    assert kinds(after_answers([claim], [earlier])) == kinds(after_answers([done], [earlier])) == []
    assert kinds(after_answers([done], [replace(later, digest="ab")])) == []


@pytest.mark.parametrize(
    ("registered", "whole", "kind"),
    [
        ({"oa": {"h1"}}, True, None),
        ({"oa": {"h2"}}, True, EventKind.CLOSED),
        ({"crm": {"h1"}}, True, EventKind.CLOSED),
        ({"crm": {"h1"}}, False, None),
        ({"oa": {"h2"}}, False, EventKind.CLOSED),
    ],
)
def test_removal_from_the_register_closes(
    registered: dict[str, set[str]], whole: bool, kind: EventKind | None
) -> None:
    changes = after_register([finding()], registered, night(7), whole=whole)
    assert kinds(changes) == ([kind] if kind else [])
    if kind:
        (gone,) = carried_out([finding()], changes)
        assert gone.closed is not None
        assert gone.closed.reason is CloseReason.ASSET_REMOVED
        assert kinds(after_register([gone], registered, night(8), whole=whole)) == []
        back = after_register([gone], {"oa": {"h1"}}, night(9), whole=whole)
        assert kinds(back) == [EventKind.REOPENED]
        (again,) = carried_out([gone], back)
        assert (again.failed_at, again.stage) == (night(0), Stage.OPEN)
        (planned,) = carried_out([replace(gone, deadline=night(8).date())], back)
        assert (planned.stage, planned.is_overdue(night(9).date())) == (Stage.PLANNED, True)


def test_what_concerns_the_system_itself_lives_as_long_as_the_system() -> None:
    known = finding("", asset="")
    assert kinds(after_register([known], {"oa": set()}, night(7), whole=True)) == []
    assert kinds(after_register([known], {}, night(7), whole=True)) == [EventKind.CLOSED]
    passed = closed(CloseReason.PASSED)
    assert kinds(after_register([passed], {"oa": {"h1"}}, night(9), whole=True)) == []


def test_the_state_is_what_the_events_led_to() -> None:
    day = night(9).date()
    events = [
        Event(night(1), EventKind.OPENED),
        Event(night(1), EventKind.NOTICED, notice="整改〔2026〕1号"),
        Event(night(1), EventKind.PLANNED, owner="张三", measure="设 90 天", deadline=day),
        Event(night(2), EventKind.EXTENDED, person="李四", deadline=day + timedelta(days=9)),
        Event(night(3), EventKind.CLAIMED, person="张三", text="已设"),
        Event(night(4), EventKind.NOT_FIXED, person="王五"),
        Event(night(5), EventKind.CLAIMED, person="张三"),
        Event(night(6), EventKind.CLOSED, run="r6", reason=CloseReason.PASSED),
    ]
    found = list(accumulate(events, applied, initial=finding()))
    assert is_as_told(replace(found[-1], history=tuple(events)))
    assert not is_as_told(replace(found[-1], stage=Stage.OPEN, history=tuple(events)))
    assert [one.stage.value for one in found] == [
        *("open", "open", "open", "planned", "planned", "claimed", "planned", "claimed", "closed")
    ]
    assert (found[-1].owner, found[-1].notice, found[-1].deadline) == (
        "张三",
        "整改〔2026〕1号",
        day + timedelta(days=9),
    )
    assert found[5].is_overdue(day + timedelta(days=10))
    assert not found[5].is_overdue(day + timedelta(days=9))
    assert not found[-1].is_overdue(day + timedelta(days=10))
    again = applied(found[-1], Event(night(7), EventKind.REOPENED, run="r7", failed_in="r7"))
    assert (again.deadline, again.measure, again.notice, again.owner) == (None, "", "", "张三")
    assert str(again) == "F000001"


VERDICTS = st.sampled_from(list(Verdict))
OFFENDERS = st.lists(st.sampled_from(["", "root", "db", "…"]), unique=True, max_size=3)
NIGHTS = st.lists(
    st.builds(lambda verdict, names: seen(verdict, *filter(None, names)), VERDICTS, OFFENDERS), max_size=6
)


def followed(order: Sequence[int], results: Sequence[Seen]) -> list[Finding]:
    """Findings after the evidence of these nights came in that order."""
    known: list[Finding] = []
    heard: list[int] = []
    for number in order:
        later = {(AGE, "") for one in heard if one > number and results[one].verdict in DECISIVE}
        shown = replace(evidence(number, results[number]), newer=later)
        known = carried_out(known, after_evidence(known, shown, RULES))
        again = after_evidence(known, shown, RULES)
        assert (again.opened, again.happened) == ([], []), "a second time changes nothing"
        heard.append(number)
    return known


def still_open(known: Sequence[Finding]) -> set[str]:
    return {one.offender for one in known if one.stage is not Stage.CLOSED}


@given(NIGHTS)
def test_nothing_closes_but_a_result_that_passes(results: list[Seen]) -> None:
    known: list[Finding] = []
    for number, result in enumerate(results):
        before = still_open(known)
        known = carried_out(known, after_evidence(known, evidence(number, result), RULES))
        if result.verdict in (FAIL, PARTIAL):
            assert set(result.offenders or ("",)) <= still_open(known)
        gone = before - still_open(known)
        if result.verdict is not PASS and gone:
            assert result.verdict in (FAIL, PARTIAL)
            assert result.offenders
            assert "…" not in result.offenders
            assert not gone & {"", *result.offenders}
        assert len({one.identity for one in known}) == len(known)
        assert [one.number for one in known] == list(range(1, len(known) + 1))


@given(NIGHTS.filter(lambda results: len(results) <= 4))
def test_the_order_in_which_evidence_comes_in_decides_nothing_newer(results: list[Seen]) -> None:
    """Whatever comes late, what the newest deciding evidence says of it stands."""
    for order in permutations(range(len(results))):
        known = followed(order, results)
        newest = next((one for one in reversed(results) if one.verdict in DECISIVE), None)
        if newest is not None and newest.verdict is PASS:
            assert still_open(known) == set()
        if newest is not None and newest.verdict in (FAIL, PARTIAL):
            assert set(newest.offenders or ("",)) <= still_open(known)


def test_stages_can_be_told_by_offender() -> None:
    known = carried_out([], after_evidence([], evidence(0, seen(FAIL, "root", "db")), RULES))
    known = carried_out(known, after_evidence(known, evidence(1, seen(FAIL, "db")), RULES))
    assert stages(known) == {"root": Stage.CLOSED, "db": Stage.OPEN}
