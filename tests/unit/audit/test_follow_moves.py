"""Findings follow their assets through the register: to another system, under another id, and back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from secaudit.assess.finding_state import applied, is_as_told
from secaudit.audit.follow import Ground, follow
from secaudit.model.finding import CloseReason, Event, EventKind, Finding, Move, Stage
from secaudit.model.run import RunState
from secaudit.store import Store, open_store
from secaudit.store.schema import FINDINGS
from tests.unit.audit.following import PASS, Shown, audit, fail, found, ground, night, visit
from tests.unit.store import samples


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/secaudit.db") as opened:
        yield opened


def audit_of(store: Store, number: float, system: str, asset: str, shown: Shown) -> None:
    """The run of a night on one asset of one system."""
    run = samples.run(f"r{number}", started_at=night(number))
    planned = replace(run.plan.assets[1], system_id=system, asset_id=asset)
    plan = replace(run.plan, systems=(replace(samples.system(), id=system),), assets=(planned,))
    store.create_run(replace(run, plan=plan))
    visit(store, run.id, asset, night(number), shown)
    store.finish_run(run.id, RunState.COMPLETE, night(number))


def registered(number: float, **systems: set[str]) -> Ground:
    return ground(night(number), registered=systems)


def digests(store: Store) -> list[str]:
    """Of every change but the newest."""
    return [store.findings.digest_of(number) for number, _act in store.findings.changes()]


@pytest.fixture
def planned(store: Store) -> Finding:
    """A finding of oa / h1 with a plan."""
    audit(store, 0, {"h1": fail()})
    follow(store, registered(0, oa={"h1"}, crm=set()))
    event = Event(night(0), EventKind.PLANNED, owner="运维", deadline=night(40).date())
    with store.findings.changing("plan", night(0)) as changing:
        (one,) = changing.numbered([1])
        changing.change.write((), [(applied(one, event), event)])
    return found(store)["h1", "root"]


def test_it_follows_to_another_system_with_its_plan(store: Store, planned: Finding) -> None:
    before = digests(store)
    assert follow(store, registered(1, oa=set(), crm={"h1"})) == {EventKind.MOVED: 1}
    (one,) = found(store).values()
    assert (one.number, one.system, one.deadline, one.stage) == (1, "crm", planned.deadline, Stage.PLANNED)
    assert one.history[-1].moved == Move("oa", "h1", "crm", "h1")
    assert digests(store)[: len(before)] == before
    assert is_as_told(one)
    assert follow(store, registered(2, oa=set(), crm={"h1"})) == {}
    audit_of(store, 3, "crm", "h1", PASS)
    assert follow(store, registered(3, oa=set(), crm={"h1"})) == {EventKind.CLOSED: 1}
    audit_of(store, 4, "crm", "h1", fail())
    assert follow(store, registered(4, oa=set(), crm={"h1"})) == {EventKind.REOPENED: 1}
    assert len(found(store)) == 1


@pytest.mark.usefixtures("planned")
def test_it_follows_to_another_id_and_back(store: Store) -> None:
    before = digests(store)
    renamed = replace(registered(1, oa={"web2"}), formerly={"h1": "web1", "web1": "web2"})
    assert follow(store, renamed) == {EventKind.MOVED: 1}
    one = found(store)["web2", "root"]
    assert one.asset_ids == ("web2", "h1")
    assert store.findings.first_moves([1, 2]) == {1: Move("oa", "h1", "oa", "web2")}
    assert follow(store, replace(registered(2, oa={"h1"}), formerly={"web2": "h1"})) == {EventKind.MOVED: 1}
    one = found(store)["h1", "root"]
    assert is_as_told(one)
    assert [move.to_asset for move in one.moves] == ["web2", "h1"]
    assert digests(store)[: len(before)] == before


@pytest.mark.usefixtures("planned")
def test_one_that_was_away_is_open_again_where_it_came_back(store: Store) -> None:
    follow(store, registered(1, oa=set(), crm=set()))
    again = follow(store, registered(2, oa=set(), crm={"h1"}))
    assert again == {EventKind.MOVED: 1, EventKind.REOPENED: 1}
    (one,) = found(store).values()
    assert (one.system, one.stage) == ("crm", Stage.PLANNED)


@pytest.mark.usefixtures("planned")
def test_what_has_a_number_there_already_stays_where_it_was(store: Store) -> None:
    audit_of(store, 1, "oa", "h2", fail("root", "db"))
    follow(store, registered(1, oa={"h1", "h2"}))
    merged = replace(registered(2, oa={"h2"}), formerly={"h1": "h2"})
    assert follow(store, merged) == {EventKind.CLOSED: 1, CloseReason.ASSET_REMOVED: 1}
    assert {one.number: one.asset for one in found(store).values()} == {1: "h1", 2: "h2", 3: "h2"}


@pytest.mark.usefixtures("planned")
def test_what_may_be_another_offices_is_left_where_it_is(store: Store) -> None:
    other = registered(1, crm={"h1"})
    assert follow(store, replace(other, whole=False)) == {}
    assert follow(store, other) == {EventKind.MOVED: 1}


@pytest.mark.usefixtures("planned")
def test_a_ring_of_names_leads_nowhere(store: Store) -> None:
    ring = replace(registered(1, oa=set()), formerly={"h1": "h2", "h2": "h1"})
    assert follow(store, ring) == {EventKind.CLOSED: 1, CloseReason.ASSET_REMOVED: 1}


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize("column", ["system_id", "asset_id", "identity"])
def test_a_place_that_somebody_wrote_is_seen(store: Store, column: str) -> None:
    follow(store, registered(1, oa=set(), crm={"h1"}))
    before = digests(store)
    with store.findings.changing("none", night(2)) as changing:
        value = b"x" * 32 if column == "identity" else "elsewhere"
        changing.connection.execute(update(FINDINGS).values({column: value}))
    (one,) = found(store).values()
    assert not is_as_told(one) or digests(store) != before
