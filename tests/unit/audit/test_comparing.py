"""Two runs compared, from the store: what differs, why, and what a gap must never hide."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from secaudit.audit import Asked, Rules, run_audit
from secaudit.audit.comparing import Comparison, compare
from secaudit.audit.sides import Scope
from secaudit.audit.whole_runs import whole_runs_of
from secaudit.errors import UsageError
from secaudit.model.difference import Cause, Difference, Kind, Reason
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.run import RunState
from secaudit.store import Store, UnreadableRun, open_store
from secaudit.store.codec import Codec
from tests.unit.audit import samples
from tests.unit.audit.nights import Nights

AGED = replace(samples.YOUNG, pass_when="age < 3")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/secaudit.db") as opened:
        yield opened


@pytest.fixture
def nights(store: Store) -> Nights:
    return Nights(store)


def no_rules() -> Rules:
    pytest.fail("nothing needs to be judged again")


def compared(
    store: Store, before: str, after: str, rules: Rules | None = None, scope: Scope | None = None
) -> Comparison:
    return compare(store, before, after, (lambda: rules) if rules else no_rules, scope)


Row = tuple[Kind, str, Cause | None]


def rows(comparison: Comparison, *, persisting: bool = False) -> list[Row]:
    return [_row(one) for one in comparison.differences(persisting=persisting)]


def _row(one: Difference) -> Row:
    return one.kind, one.asset_id, one.cause


def test_nights_without_a_change_have_no_difference(store: Store, nights: Nights) -> None:
    same = compared(store, nights.run(), nights.run())
    assert rows(same) == []
    assert (same.compared, dict(same.counts)) == (2, {Kind.PERSISTING: 0})


def test_what_fails_in_both_is_counted_and_told_where_it_is_asked_for(store: Store, nights: Nights) -> None:
    first, second = nights.run(12), nights.run(12)
    same = compared(store, first, second)
    assert rows(same) == []
    assert same.counts[Kind.PERSISTING] == 2
    assert rows(same, persisting=True) == [(Kind.PERSISTING, name, None) for name in ("oa-1", "oa-2")]
    assert (same.counts[Kind.PERSISTING], same.compared) == (2, 2)


def test_failures_come_go_and_come_back(store: Store, nights: Nights) -> None:
    runs = [nights.run(age) for age in (5, 12, 5, 13)]
    both = ("oa-1", "oa-2")
    assert rows(compared(store, runs[0], runs[1])) == [(Kind.NEW, name, Cause.WORLD) for name in both]
    assert rows(compared(store, runs[1], runs[2])) == [(Kind.FIXED, name, Cause.WORLD) for name in both]
    assert rows(compared(store, runs[2], runs[3])) == [(Kind.REGRESSED, name, Cause.WORLD) for name in both]
    assert rows(compared(store, runs[0], runs[3])) == [(Kind.NEW, name, Cause.WORLD) for name in both]


def test_a_host_that_is_down_has_fixed_nothing(store: Store, nights: Nights) -> None:
    up, down, again = nights.run(12), nights.run(12, down=("oa-2",)), nights.run(12)
    lost = compared(store, up, down)
    (one,) = lost.differences()
    assert (one.kind, one.asset_id, one.check_id, one.reason, one.verdicts) == (
        *(Kind.COVERAGE_LOST, "oa-2", "", Reason.UNREACHED),
        1,
    )
    assert one.gap is not None
    assert one.gap.reason is GapReason.UNREACHABLE
    assert lost.counts == {Kind.PERSISTING: 1, Kind.COVERAGE_LOST: 1}
    won = compared(store, down, again)
    assert rows(won) == [(Kind.COVERAGE_WON, "oa-2", Cause.WORLD)]
    assert won.counts == {Kind.PERSISTING: 2, Kind.COVERAGE_WON: 1}, "it failed before it was down"


def test_a_host_that_stays_down_says_nothing(store: Store, nights: Nights) -> None:
    both = compared(store, nights.run(down=("oa-2",)), nights.run(12, down=("oa-2",)))
    assert rows(both) == [(Kind.NEW, "oa-1", Cause.WORLD)]
    assert both.compared == 2


def test_why_an_asset_is_not_seen_any_more(store: Store, nights: Nights) -> None:
    whole = nights.run()
    one_host = samples.register(samples.system("oa", samples.host("oa-1")))
    two = samples.register(samples.system(), samples.system("mail"))
    removed = nights.run(register=one_host)
    left_out = nights.run(asked=Asked(assets=("oa-1",)))
    cut = nights.run(stop_after=1)
    of_two = nights.run(register=two)
    again = nights.run()

    def told(before: str, after: str) -> list[tuple[Kind, str, Reason | None]]:
        found = compared(store, before, after, samples.rules(samples.YOUNG)).differences()
        return [(one.kind, one.asset_id, one.reason) for one in found]

    assert told(whole, removed) == [(Kind.COVERAGE_LOST, "oa-2", Reason.NOT_REGISTERED)]
    assert told(whole, left_out) == [(Kind.COVERAGE_LOST, "oa-2", Reason.NOT_PLANNED)]
    assert told(whole, cut) == [(Kind.COVERAGE_LOST, "oa-2", Reason.NOT_VISITED)]
    assert told(of_two, again) == [
        (Kind.COVERAGE_LOST, "mail-1", Reason.SYSTEM_LEFT_OUT),
        (Kind.COVERAGE_LOST, "mail-2", Reason.SYSTEM_LEFT_OUT),
    ]
    assert told(removed, again) == [(Kind.COVERAGE_WON, "oa-2", Reason.NOT_REGISTERED)]
    assert told(cut, again) == [(Kind.COVERAGE_WON, "oa-2", Reason.NOT_VISITED)]


def test_our_content_is_told_apart_from_the_world(store: Store, nights: Nights) -> None:
    """Nobody touched the hosts: today's check is stricter. Nothing is stored for that."""
    strict = samples.rules(AGED, content_hash="two")
    first, second = nights.run(5), nights.run(5, rules=strict)
    stricter = compared(store, first, second, strict)
    assert not stricter.ruled_alike
    assert rows(stricter) == [(Kind.NEW, name, Cause.CONTENT) for name in ("oa-1", "oa-2")]
    assert store.latest_judgement(first).number == 0
    third = nights.run(12, rules=strict)
    assert rows(compared(store, first, third, strict)) == [
        (Kind.NEW, name, Cause.CONTENT) for name in ("oa-1", "oa-2")
    ]


def test_content_newer_than_both_runs_is_judged_on_both(store: Store, nights: Nights) -> None:
    """The check of the second run is at hand no more; today's is that of the first again."""
    plain = samples.rules(samples.YOUNG)
    first, second = nights.run(5), nights.run(5, rules=samples.rules(AGED, content_hash="two"))
    today = replace(plain, versions=replace(plain.versions, content_hash="three"))
    assert rows(compared(store, first, second, today)) == [
        (Kind.NEW, name, Cause.CONTENT) for name in ("oa-1", "oa-2")
    ]


def test_what_old_evidence_was_not_asked_cannot_be_told(store: Store, nights: Nights) -> None:
    other = replace(samples.FACTS["age"], probes=(Probe("age", "cat /another/age"),))
    asked = samples.rules(AGED, content_hash="two")
    asked = replace(asked, facts={**asked.facts, "age": other})
    first, second = nights.run(5), nights.run(5, rules=asked)
    assert rows(compared(store, first, second, asked)) == [
        (Kind.NEW, name, Cause.UNTOLD) for name in ("oa-1", "oa-2")
    ]


def test_parameters_and_register_count_as_ours(store: Store, nights: Nights) -> None:
    plain = samples.rules(samples.YOUNG)
    first = nights.run(5)
    moved = samples.system("oa", samples.host("oa-1", zone="dmz"), samples.host("oa-2"))
    checks = replace(samples.YOUNG, pass_when="age < 10 && asset.zone != 'dmz'")
    rules = samples.rules(checks)
    second = nights.run(5, rules=rules, register=samples.register(moved))
    assert plain.versions == rules.versions
    found = compared(store, first, second, rules)
    assert (found.judged_alike, found.ruled_alike) == (True, False)
    assert rows(found) == [(Kind.NEW, "oa-1", Cause.CONTENT)]


def test_only_a_part_is_compared(store: Store, nights: Nights) -> None:
    rules = samples.rules(samples.YOUNG, samples.NAMED)
    first, second = nights.run(5, rules=rules), nights.run(12, rules=rules)
    young = Scope(checks=frozenset({"linux.young"}), assets=frozenset({"oa-2"}))
    part = compared(store, first, second, scope=young)
    assert rows(part) == [(Kind.NEW, "oa-2", Cause.WORLD)]
    assert part.compared == 1
    assert rows(compared(store, first, second, scope=Scope(frozenset({"mail"})))) == []


def test_runs_that_cannot_be_compared_are_refused(store: Store, nights: Nights) -> None:
    first, second = nights.run(), nights.run()
    mail = nights.run(register=samples.register(samples.system("mail")))
    rules, narrow = samples.rules(), store.run(second).plan
    retest = replace(narrow, assets=narrow.assets[:1], only=("linux.young",))
    again = run_audit(store, retest, rules, samples.Hosts({"age": "5"}).steps())
    for before, after, told in (
        (first, first, "with itself"),
        (second, first, "began after"),
        (first, mail, "no system in common"),
        (first, "r0", "no run r0"),
        (first, again, "is a retest of findings"),
    ):
        with pytest.raises(UsageError, match=told):
            compared(store, before, after)


def test_a_run_under_way_is_compared_as_far_as_it_is(store: Store, nights: Nights) -> None:
    first, cut = nights.run(), nights.run(12, stop_after=1)
    assert store.runs()[0].state is RunState.INTERRUPTED
    assert rows(compared(store, first, cut)) == [
        (Kind.NEW, "oa-1", Cause.WORLD),
        (Kind.COVERAGE_LOST, "oa-2", Cause.WORLD),
    ]


def test_whole_runs_leave_out_parts_and_what_was_cut_short(store: Store, nights: Nights) -> None:
    whole = nights.run()
    nights.run(asked=Asked(assets=("oa-1",)))
    nights.run(stop_after=1)
    newest = nights.run(register=samples.register(samples.system(), samples.system("mail")))
    assert [run.id for run in whole_runs_of(store, "oa")] == [newest, whole]
    assert [run.id for run in whole_runs_of(store, "mail")] == [newest]


def test_damaged_results_are_an_error_and_no_difference(
    store: Store, nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = nights.run(), nights.run(12)
    found = compared(store, first, second)
    monkeypatch.setattr("secaudit.store.evidence._RESULTS", Codec[int](int))
    with pytest.raises(UnreadableRun):
        list(found.differences())
