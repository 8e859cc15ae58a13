"""An audit keeps what it did, whatever ends it, and goes on from there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from secaudit.audit import Asked, Rules, make_plan, resume_audit, run_audit
from secaudit.audit.owner import this_process
from secaudit.audit.planning import retest_plan
from secaudit.audit.running import Stopped, interrupted_run
from secaudit.errors import ContentError, NotAuthorised, Problem, StoreError, UsageError
from secaudit.model.evidence import Gap, GapReason, Visit
from secaudit.model.register import Asset, Authorisation, Register
from secaudit.model.result import Verdict
from secaudit.model.run import Plan, Run, RunState
from secaudit.store import Store, open_store
from tests.unit.audit import samples


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/secaudit.db") as opened:
        yield opened


def plan(rules: Rules, register: Register | None = None) -> Plan:
    """The plan for everything."""
    return make_plan(register or samples.register(), rules.content, rules.facts, Asked(), samples.allowed())


def verdicts(store: Store, run_id: str) -> dict[tuple[str, str], Verdict]:
    """(object, check) → verdict."""
    return {(r.object_id, r.check_id): r.verdict for record in store.records(run_id) for r in record.results}


def test_an_audit_from_start_to_end(store: Store) -> None:
    rules, hosts = samples.rules(), samples.Hosts({"name": "ada"}, down=("oa-2",))
    run_id = run_audit(store, plan(rules), rules, hosts.steps())
    assert verdicts(store, run_id) == {
        ("oa-1", "linux.copied"): Verdict.MANUAL,
        ("oa-1", "linux.named"): Verdict.PASS,
        ("oa-1", "linux.young"): Verdict.PASS,
        ("oa-2", "linux.copied"): Verdict.MANUAL,
        ("oa-2", "linux.named"): Verdict.UNKNOWN,
        ("oa-2", "linux.young"): Verdict.UNKNOWN,
    }
    assert hosts.told == [("oa-1", 3), ("oa-2", 3)]
    run = store.run(run_id)
    assert (run.state, run.versions, run.plan) == (RunState.COMPLETE, rules.versions, plan(rules))
    assert run.ended_at is not None
    assert run.ended_at > run.started_at
    assert store.runs()[0].owner == this_process()


def test_an_unreached_asset_stays_in_the_results(store: Store) -> None:
    rules = samples.rules(samples.YOUNG)
    run_id = run_audit(store, plan(rules), rules, samples.Hosts(down=("oa-1", "oa-2")).steps())
    for record in store.records(run_id):
        assert record.gap is not None
        assert [r.gap and r.gap.reason for r in record.results] == [GapReason.UNREACHABLE]
        assert [r.probes for r in record.results] == [("age",)]


def test_an_interrupted_audit_goes_on_where_it_was(store: Store) -> None:
    rules = samples.rules()
    with pytest.raises(KeyboardInterrupt):
        run_audit(store, plan(rules), rules, samples.Hosts(stop_after=1).steps())
    (run,) = store.runs()
    assert (run.state, run.visits) == (RunState.INTERRUPTED, 1)
    assert interrupted_run(store, ()) == interrupted_run(store, ["oa"]) == run.id
    hosts = samples.Hosts()
    assert resume_audit(store, run.id, rules, hosts.steps()) == run.id
    assert [p.asset_id for p in hosts.visited] == ["oa-2"]
    assert store.runs()[0].state is RunState.COMPLETE
    assert store.visited(run.id) == ("oa-1", "oa-2")
    with pytest.raises(UsageError, match="no interrupted run"):
        interrupted_run(store, ())


def test_going_on_needs_an_authorisation_of_today(store: Store) -> None:
    rules = samples.rules()
    with pytest.raises(KeyboardInterrupt):
        run_audit(store, plan(rules), rules, samples.Hosts(stop_after=0).steps())
    run_id = store.runs()[0].id
    hosts = samples.Hosts()

    def refuse(_system: str, _asset: Asset) -> Authorisation:
        raise NotAuthorised("expired")

    with pytest.raises(UsageError, match="expired"):
        resume_audit(store, run_id, rules, replace(hosts.steps(), authorise=refuse))
    assert hosts.visited == []
    newer = replace(samples.authorisation(port_scan=True), id="a-2")
    resume_audit(store, run_id, rules, replace(hosts.steps(), authorise=lambda _system, _asset: newer))
    assert {p.authorisation for p in hosts.visited} == {"a-2"}
    assert all(p.outside_ports for p in hosts.visited)
    assert {r.authorisation for r in store.records(run_id)} == {"a-2"}


def test_no_visit_begins_after_the_authorisation_has_ended(store: Store) -> None:
    rules, hosts = samples.rules(), samples.Hosts()

    def until_the_first(_system: str, _asset: Asset) -> Authorisation:
        if hosts.visited:
            raise NotAuthorised("the authorisation ended")
        return samples.authorisation()

    with pytest.raises(Stopped, match="the authorisation ended") as stopped:
        run_audit(store, plan(rules), rules, replace(hosts.steps(), authorise=until_the_first))
    (run,) = store.runs()
    assert stopped.value.run_id == run.id
    assert (run.state, store.visited(run.id)) == (RunState.INTERRUPTED, ("oa-1",))
    assert resume_audit(store, run.id, rules, samples.Hosts().steps()) == run.id


def test_a_visit_is_recorded_under_the_authorisation_of_its_moment(store: Store) -> None:
    rules, hosts = samples.rules(), samples.Hosts()
    made = plan(rules)

    def another_after_the_first(_system: str, _asset: Asset) -> Authorisation:
        return replace(samples.authorisation(), id="a-2" if hosts.visited else "a-1")

    run_id = run_audit(store, made, rules, replace(hosts.steps(), authorise=another_after_the_first))
    records = list(store.records(run_id))
    assert [record.authorisation for record in records] == ["a-1", "a-2"]
    assert [record.authorised for record in records] == [
        replace(samples.authorisation(), id=name) for name in ("a-1", "a-2")
    ]


class Doors:
    """Which assets are allowed now; asked of the others it refuses."""

    def __init__(self, *open_now: str) -> None:
        self.open_now = set(open_now)

    def authorise(self, _system: str, asset: Asset) -> Authorisation:
        if asset.id not in self.open_now:
            raise NotAuthorised(f"{asset.id} is not allowed")
        return samples.authorisation()


def test_an_asset_that_nobody_allowed_is_a_gap_and_no_visit(store: Store) -> None:
    rules, hosts, doors = samples.rules(samples.YOUNG), samples.Hosts(), Doors("oa-2")
    made = make_plan(samples.register(), rules.content, rules.facts, Asked(), doors.authorise)
    run_id = run_audit(store, made, rules, replace(hosts.steps(), authorise=doors.authorise))
    assert [planned.asset_id for planned in hosts.visited] == ["oa-2"]
    assert store.runs()[0].state is RunState.COMPLETE
    first, second = store.records(run_id)
    assert first.gap == Gap(GapReason.NOT_AUTHORISED, "oa-1 is not allowed")
    assert [result.gap and result.gap.reason for result in first.results] == [GapReason.NOT_AUTHORISED]
    assert (first.authorisation, first.authorised, second.gap) == ("", None, None)


def test_an_asset_that_is_allowed_by_its_turn_is_visited(store: Store) -> None:
    rules, hosts, doors = samples.rules(), samples.Hosts(), Doors("oa-2")
    made = make_plan(samples.register(), rules.content, rules.facts, Asked(), doors.authorise)
    doors.open_now.add("oa-1")
    run_audit(store, made, rules, replace(hosts.steps(), authorise=doors.authorise))
    assert [planned.asset_id for planned in hosts.visited] == ["oa-1", "oa-2"]


def test_a_window_that_closes_postpones_its_assets_and_no_others(store: Store) -> None:
    rules, hosts, doors = samples.rules(), samples.Hosts(), Doors("oa-1", "oa-2", "oa-3")
    register = samples.register(samples.system("oa", *map(samples.host, ("oa-1", "oa-2", "oa-3"))))
    made = make_plan(register, rules.content, rules.facts, Asked(), doors.authorise)
    doors.open_now.discard("oa-1")
    with pytest.raises(Stopped, match="oa-1 is not allowed") as stopped:
        run_audit(store, made, rules, replace(hosts.steps(), authorise=doors.authorise))
    run_id = stopped.value.run_id
    assert store.visited(run_id) == ("oa-2", "oa-3")
    with pytest.raises(NotAuthorised, match="oa-1 is not allowed"):
        resume_audit(store, run_id, rules, replace(hosts.steps(), authorise=doors.authorise))
    doors.open_now = {"oa-1"}
    assert resume_audit(store, run_id, rules, replace(hosts.steps(), authorise=doors.authorise)) == run_id
    assert store.runs()[0].state is RunState.COMPLETE
    assert [planned.asset_id for planned in hosts.visited] == ["oa-2", "oa-3", "oa-1"]


def test_a_run_killed_before_its_gaps_were_stored_stores_them(store: Store) -> None:
    rules, hosts, doors = samples.rules(), samples.Hosts(), Doors("oa-2")
    made = make_plan(samples.register(), rules.content, rules.facts, Asked(), doors.authorise)
    store.create_run(Run("r", RunState.INTERRUPTED, samples.NOW, None, made, rules.versions), "gone")
    resume_audit(store, "r", rules, replace(hosts.steps(), authorise=doors.authorise))
    assert {record.asset_id: record.gap is None for record in store.records("r")} == {
        "oa-1": False,
        "oa-2": True,
    }


def test_files_that_cannot_be_read_stop_all_visits(store: Store) -> None:
    rules, hosts = samples.rules(), samples.Hosts()

    def broken(_system: str, _asset: Asset) -> Authorisation:
        raise ContentError((Problem("authorisations/a.yaml", 1, "", "", "no YAML"),))

    with pytest.raises(Stopped, match="no YAML"):
        run_audit(store, plan(rules), rules, replace(hosts.steps(), authorise=broken))
    assert hosts.visited == []


def test_a_run_does_not_go_on_with_other_checks(store: Store) -> None:
    rules = samples.rules()
    with pytest.raises(KeyboardInterrupt):
        run_audit(store, plan(rules), rules, samples.Hosts(stop_after=1).steps())
    with pytest.raises(UsageError, match="other checks"):
        resume_audit(
            store,
            store.runs()[0].id,
            samples.rules(content_hash="two"),
            samples.Hosts().steps(),
        )


def test_a_run_that_goes_on_elsewhere_is_left_alone(store: Store) -> None:
    rules = samples.rules()
    with pytest.raises(KeyboardInterrupt):
        run_audit(store, plan(rules), rules, samples.Hosts(stop_after=1).steps())
    run_id = store.runs()[0].id
    store.resume_run(run_id, this_process())
    with pytest.raises(UsageError, match="still going"):
        interrupted_run(store, ())
    store.resume_run(run_id, this_process().rpartition("/")[0] + "/1")
    assert interrupted_run(store, ()) == run_id


def test_a_run_of_another_machine_is_taken_over_only_when_that_is_asked_for(store: Store) -> None:
    rules = samples.rules()
    with pytest.raises(KeyboardInterrupt):
        run_audit(store, plan(rules), rules, samples.Hosts(stop_after=1).steps())
    run_id = store.runs()[0].id
    store.resume_run(run_id, "old-machine/boot/77/1")
    with pytest.raises(UsageError, match="begun on old-machine") as caught:
        interrupted_run(store, ())
    assert "--take-over" in str(caught.value.hint)
    assert interrupted_run(store, (), take_over=True) == run_id
    resume_audit(store, run_id, rules, samples.Hosts().steps())
    assert store.runs()[0].state is RunState.COMPLETE
    store.resume_run(run_id, this_process())
    with pytest.raises(UsageError, match="still going"):
        interrupted_run(store, (), take_over=True)


def test_a_run_that_may_go_on_elsewhere_holds_up_no_other(store: Store) -> None:
    rules = samples.rules()
    for owner in ("", "old-machine/boot/77/1"):
        with pytest.raises(KeyboardInterrupt):
            run_audit(store, plan(rules), rules, samples.Hosts(stop_after=1).steps())
        newest = store.runs()[0].id
        if owner:
            store.resume_run(newest, owner)
    ours = store.runs()[1].id
    assert interrupted_run(store, ()) == ours
    assert interrupted_run(store, (), take_over=True) == newest
    store.resume_run(newest, this_process())  # here it is known to go on: it audits them
    with pytest.raises(UsageError, match=f"Run {newest} is still going"):
        interrupted_run(store, ())
    store.resume_run(ours, "old-machine/boot/78/1")
    store.resume_run(newest, "old-machine/boot/77/1")
    with pytest.raises(UsageError, match=f"Run {newest} was begun on old-machine"):
        interrupted_run(store, ())


def test_a_run_is_over_when_its_systems_were_audited_since(store: Store) -> None:
    rules = samples.rules()
    with pytest.raises(KeyboardInterrupt):
        run_audit(store, plan(rules), rules, samples.Hosts(stop_after=1).steps())
    run_id = store.runs()[0].id
    later = replace(samples.Hosts().steps(), clock=lambda: samples.NOW.replace(year=2027))
    run_audit(store, plan(rules, samples.register(samples.system("hr"))), rules, later)
    assert interrupted_run(store, ()) == run_id
    with pytest.raises(UsageError, match="no interrupted run"):
        interrupted_run(store, ["hr"])
    retest = retest_plan(plan(rules), {"oa-1": {"linux.young"}}, rules.content, rules.facts)
    run_audit(store, retest, rules, later)
    assert interrupted_run(store, ()) == run_id  # a retest audits no system
    run_audit(store, plan(rules), rules, later)
    with pytest.raises(UsageError, match="no interrupted run"):
        interrupted_run(store, ())


def test_a_store_that_fails_ends_the_run_and_says_why(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise StoreError("The disk is full")

    rules, save = samples.rules(), store.save_visit
    hosts = samples.Hosts()

    def save_one(run_id: str, visit: Visit, results: tuple[()]) -> None:
        (full if hosts.told else save)(run_id, visit, results)

    monkeypatch.setattr(store, "save_visit", save_one)
    with pytest.raises(StoreError, match="disk is full"):
        run_audit(store, plan(rules), rules, hosts.steps())
    assert (store.runs()[0].state, store.runs()[0].visits) == (RunState.INTERRUPTED, 1)


def test_closing_a_run_that_failed_hides_no_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_arguments: object) -> None:
        raise StoreError("closing failed too")

    rules = samples.rules()
    monkeypatch.setattr(store, "finish_run", fails)
    with pytest.raises(KeyboardInterrupt):
        run_audit(store, plan(rules), rules, samples.Hosts(stop_after=0).steps())


def test_visits_that_are_left_out_are_our_bug(store: Store) -> None:
    rules = samples.rules()
    steps = replace(samples.Hosts().steps(), visits=lambda _plans, _subjects, _allow: iter(()))
    with pytest.raises(AssertionError, match="every planned asset"):
        run_audit(store, plan(rules), rules, steps)
    assert store.runs()[0].state is RunState.INTERRUPTED
