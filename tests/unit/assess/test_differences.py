"""Two judgements of an asset compared: what comes, goes, comes back, and is known no more."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.assess.differences import Past, Place, differences, past_of, with_causes
from secaudit.model.difference import Cause, Kind, Reason
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.finding import CUT
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.text import Text

TEXT = Text("文", "text")
PASS, FAIL, PARTIAL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.PARTIAL, Verdict.UNKNOWN
NOT_APPLICABLE, MANUAL = Verdict.NOT_APPLICABLE, Verdict.MANUAL


def result(verdict: Verdict, *offenders: str, check: str = "c") -> Result:
    gap = Gap(GapReason.NEEDS_ROOT) if verdict is UNKNOWN else None
    named = tuple(Offender(name, TEXT, TEXT) for name in offenders)
    return Result(check, "h", "h", verdict, named, gap)


def found(
    before: Result | None, after: Result | None, *earlier: Result | None
) -> list[tuple[Kind, str | None, Reason | None]]:
    """(kind, offender, reason) of what differs."""

    def at(place: Place) -> Iterable[Past | None]:
        assert place == ("h", "c")
        return (past_of(one.verdict, (o.id for o in one.offenders)) if one else None for one in earlier)

    old, new = ([one] if one else [] for one in (before, after))
    return [
        (one.kind, one.offender.id if one.offender else None, one.reason)
        for one in differences("s", "h", old, new, at)
    ]


@pytest.mark.parametrize("verdict", [FAIL, PARTIAL])
def test_failures_come_and_go_by_offender(verdict: Verdict) -> None:
    assert found(result(PASS), result(verdict, "a", "b")) == [(Kind.NEW, "a", None), (Kind.NEW, "b", None)]
    assert found(result(verdict, "a", "b"), result(PASS)) == [
        (Kind.FIXED, "a", None),
        (Kind.FIXED, "b", None),
    ]
    assert found(result(verdict, "a", "b"), result(FAIL, "b", "c")) == [
        (Kind.PERSISTING, "b", None),
        (Kind.NEW, "c", None),
        (Kind.FIXED, "a", None),
    ]


def test_a_failure_without_names_stands_for_all_of_them() -> None:
    """Who is named on one side alone has neither come nor gone."""
    assert found(result(PASS), result(FAIL)) == [(Kind.NEW, None, None)]
    assert found(result(FAIL), result(PASS)) == [(Kind.FIXED, None, None)]
    assert found(result(FAIL), result(FAIL, "a")) == [(Kind.PERSISTING, "a", None)]
    assert found(result(FAIL, "a"), result(FAIL)) == [(Kind.PERSISTING, None, None)]


def test_a_list_that_was_cut_shows_nobody_come_or_gone() -> None:
    """Who is not on it may be among those that it leaves out."""
    cut = result(FAIL, "a", CUT)
    assert found(result(FAIL, "a", "b"), cut) == [(Kind.PERSISTING, "a", None), (Kind.NEW, CUT, None)]
    assert found(cut, result(FAIL, "b")) == [(Kind.PERSISTING, "b", None), (Kind.FIXED, "a", None)]


@pytest.mark.parametrize("before", [result(FAIL, "a"), result(PASS), result(NOT_APPLICABLE), result(MANUAL)])
def test_a_gap_is_never_a_fix(before: Result) -> None:
    assert found(before, result(UNKNOWN)) == [(Kind.NEWLY_UNKNOWN, None, None)]


@pytest.mark.parametrize(
    "before", [result(FAIL, "a"), result(PARTIAL, "a"), result(PASS), result(NOT_APPLICABLE)]
)
def test_a_check_that_is_gone_is_coverage_lost(before: Result) -> None:
    assert found(before, None) == [(Kind.COVERAGE_LOST, None, Reason.CHECK)]


@pytest.mark.parametrize("after", [NOT_APPLICABLE, MANUAL])
def test_what_no_longer_applies_is_not_fixed(after: Verdict) -> None:
    assert found(result(FAIL, "a"), result(after)) == [(Kind.UNDECIDED, "a", None)]


@pytest.mark.parametrize("after", [PASS, NOT_APPLICABLE])
def test_what_is_judged_for_the_first_time_is_coverage_won(after: Verdict) -> None:
    assert found(result(UNKNOWN), result(after)) == [(Kind.COVERAGE_WON, None, Reason.KNOWN)]
    assert found(None, result(after)) == [(Kind.COVERAGE_WON, None, Reason.CHECK)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (result(PASS), result(PASS)),
        (result(PASS), result(NOT_APPLICABLE)),
        (result(NOT_APPLICABLE), result(PASS)),
        (result(PASS), result(MANUAL)),
        (result(MANUAL), result(PASS)),
        (result(UNKNOWN), result(UNKNOWN)),
        (result(UNKNOWN), result(MANUAL)),
        (None, result(UNKNOWN)),
        (None, result(MANUAL)),
        (result(UNKNOWN), None),
        (result(MANUAL), None),
    ],
)
def test_the_rest_is_no_difference(before: Result | None, after: Result | None) -> None:
    assert found(before, after) == []


@pytest.mark.parametrize(
    ("before", "earlier", "kind"),
    [
        (result(PASS), (), Kind.NEW),
        (result(PASS), (result(PASS), result(NOT_APPLICABLE)), Kind.NEW),
        (result(PASS), (result(PASS), result(FAIL, "other")), Kind.NEW),
        (result(PASS), (result(PASS), result(FAIL, "a")), Kind.REGRESSED),
        (result(FAIL, "other"), (result(FAIL, "a"),), Kind.REGRESSED),
        (result(NOT_APPLICABLE), (result(FAIL),), Kind.REGRESSED),
        # nothing but a gap in between: it was never seen fixed
        (result(UNKNOWN), (result(FAIL, "a"),), Kind.PERSISTING),
        (None, (None, result(UNKNOWN), result(FAIL, "a")), Kind.PERSISTING),
        (result(MANUAL), (result(FAIL, "a"),), Kind.PERSISTING),
        (result(UNKNOWN), (result(UNKNOWN), result(PASS), result(FAIL, "a")), Kind.REGRESSED),
        (result(UNKNOWN), (), Kind.NEW),
    ],
)
def test_what_failed_in_an_earlier_run_fails_again(
    before: Result | None, earlier: tuple[Result | None, ...], kind: Kind
) -> None:
    assert found(before, result(FAIL, "a"), *earlier)[0] == (kind, "a", None)


def test_places_are_told_in_the_order_of_the_later_run() -> None:
    old = [result(PASS, check="gone"), result(PASS, check="two")]
    new = [result(FAIL, check="two"), result(FAIL, check="new")]
    told = list(differences("s", "h", old, new, lambda _place: ()))
    assert [(one.check_id, one.kind, one.cause) for one in told] == [
        ("two", Kind.NEW, Cause.WORLD),
        ("new", Kind.NEW, Cause.WORLD),
        ("gone", Kind.COVERAGE_LOST, Cause.WORLD),
    ]
    assert told[0].before == old[1]
    assert told[0].after == new[0]


@pytest.mark.parametrize(
    ("before", "before_today", "after", "after_today", "cause"),
    [
        (result(PASS), result(PASS), result(FAIL, "a"), result(FAIL, "a"), Cause.WORLD),
        (result(PASS), result(FAIL, "a"), result(FAIL, "a"), result(FAIL, "a"), Cause.CONTENT),
        (result(PASS), result(NOT_APPLICABLE), result(FAIL, "a"), result(FAIL, "a"), Cause.BOTH),
        (None, result(FAIL, "a"), result(FAIL, "a"), result(FAIL, "a"), Cause.CONTENT),
        (None, result(PASS), result(FAIL, "a"), result(FAIL, "a"), Cause.BOTH),
        # the old evidence was not asked what today's check needs
        (None, result(UNKNOWN), result(FAIL, "a"), result(FAIL, "a"), Cause.UNTOLD),
        (result(PASS), result(UNKNOWN), result(FAIL, "a"), result(FAIL, "a"), Cause.UNTOLD),
        (result(PASS), result(PASS), result(FAIL, "a"), result(UNKNOWN), Cause.UNTOLD),
        (result(FAIL, "a"), result(PASS), result(PASS), result(PASS), Cause.CONTENT),
        (result(FAIL, "a"), result(FAIL, "a", "b"), result(FAIL, "b"), result(FAIL, "b"), Cause.CONTENT),
        (result(PASS), None, None, None, Cause.CONTENT),
        (result(PASS), result(PASS), result(UNKNOWN), result(UNKNOWN), Cause.WORLD),
        (result(MANUAL), result(MANUAL), result(UNKNOWN), result(UNKNOWN), Cause.WORLD),
        # judged by others than today's, both times
        (result(PASS), result(PASS), result(FAIL, "a"), result(PASS), Cause.CONTENT),
    ],
)
def test_the_world_is_told_apart_from_our_content(
    before: Result | None,
    before_today: Result | None,
    after: Result | None,
    after_today: Result | None,
    cause: Cause,
) -> None:
    four = [[one] if one else [] for one in (before, before_today, after, after_today)]
    plain = [one for one in differences("s", "h", four[0], four[2], lambda _place: ()) if one.cause]
    told = list(with_causes(plain, (four[0], four[1]), (four[2], four[3])))
    assert told[0].cause is cause


def test_each_offender_has_its_own_cause() -> None:
    """Today's check finds b in the old evidence too; a is gone from the asset."""
    old, new = [result(FAIL, "a")], [result(FAIL, "b")]
    plain = differences("s", "h", old, new, lambda _place: ())
    told = with_causes(plain, (old, [result(FAIL, "a", "b")]), (new, new))
    assert [(one.kind, one.cause) for one in told] == [
        (Kind.NEW, Cause.CONTENT),
        (Kind.FIXED, Cause.WORLD),
    ]


def test_what_persists_has_no_cause() -> None:
    (one,) = differences("s", "h", [result(FAIL, "a")], [result(FAIL, "a")], lambda _place: ())
    assert one.cause is None
    assert list(with_causes([one], ((), ()), ((), ()))) == [one]


RESULTS = st.one_of(
    st.none(),
    st.sampled_from([PASS, UNKNOWN, NOT_APPLICABLE, MANUAL]).map(result),
    st.builds(
        lambda verdict, names: result(verdict, *names),
        st.sampled_from([FAIL, PARTIAL]),
        st.sets(st.sampled_from("abc")),
    ),
)


@given(RESULTS, RESULTS, st.lists(RESULTS, max_size=3))
def test_nothing_is_fixed_unless_it_is_seen_whole(
    before: Result | None, after: Result | None, earlier: list[Result | None]
) -> None:
    told = found(before, after, *earlier)
    if any(kind is Kind.FIXED for kind, _offender, _reason in told):
        assert before is not None
        assert after is not None
        assert after.verdict in (PASS, FAIL, PARTIAL)
        assert {name for kind, name, _reason in told if kind is Kind.FIXED}.isdisjoint(
            offender.id for offender in after.offenders
        )
    if after is not None and after.verdict in (FAIL, PARTIAL):
        failing = {name for kind, name, _reason in told if kind is not Kind.FIXED}
        named: set[str | None] = {offender.id for offender in after.offenders}
        assert failing == (named or {None})
