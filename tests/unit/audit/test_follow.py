"""Findings hear of runs: once each, in whatever order they come, whoever is killed or works at the same time."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from secaudit.assess.finding_state import is_as_told
from secaudit.assess.findings import FailedAnswer
from secaudit.audit.follow import Happened, follow
from secaudit.audit.owner import this_process
from secaudit.model.content import Severity
from secaudit.model.finding import CloseReason, EventKind, Source, Stage
from secaudit.model.result import Verdict
from secaudit.model.run import RunState
from secaudit.store import Store, open_store
from tests.unit.audit.following import (
    CHECK,
    PASS,
    RULES,
    TITLE,
    audit,
    fail,
    found,
    ground,
    night,
    result,
    told,
    visit,
)
from tests.unit.store import samples


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/secaudit.db") as opened:
        yield opened


def test_a_life_of_a_finding(store: Store) -> None:
    nights = [fail("root", "db"), fail("root", "db"), fail("root"), PASS, (Verdict.UNKNOWN, ()), fail("root")]
    for number, shown in enumerate(nights):
        audit(store, number, {"h1": shown})
        follow(store, ground())
    assert told(store) == {
        "h1 root": ["opened r0", "closed r3", "reopened r5"],
        "h1 db": ["opened r0", "closed r2"],
    }
    root = found(store)["h1", "root"]
    assert (root.number, root.reopened, root.stage, root.failed_in) == (1, 1, Stage.OPEN, "r5")


def test_what_is_read_is_what_the_events_led_to(store: Store) -> None:
    for number, shown in enumerate([fail("root", "db"), fail("db"), fail("root")]):
        audit(store, number, {"h1": shown, "h2": fail()})
    follow(store, ground())
    assert all(is_as_told(one) for one in found(store).values())
    assert list(store.findings.all_with_history()) == list(found(store).values())


def test_a_run_followed_twice_and_a_night_without_change_write_nothing(store: Store) -> None:
    audit(store, 0, {"h1": fail(), "h2": fail()})
    assert follow(store, ground()) == {EventKind.OPENED: 2}
    before = told(store)
    assert follow(store, ground()) == {}
    audit(store, 1, {"h1": fail(), "h2": fail()})
    assert follow(store, ground()) == {}
    assert told(store) == before
    assert store.findings.changes() == [(1, "follow")]


@pytest.mark.parametrize(
    ("late", "told_of_it"),
    [(fail("db"), {"h1 root": ["opened r0"]}), (PASS, {"h1 root": ["opened r0"]})],
)
def test_what_comes_late_decides_nothing_that_newer_evidence_decided(
    store: Store, late: tuple[Verdict, tuple[str, ...]], told_of_it: dict[str, list[str]]
) -> None:
    audit(store, 0, {"h1": fail()})
    audit(store, 2, {"h1": fail()})
    follow(store, ground())
    audit(store, 3, {"h1": late}, at={"h1": night(1)})
    assert follow(store, ground()) == {}
    assert told(store) == told_of_it


def test_what_comes_late_counts_where_newer_evidence_says_nothing(store: Store) -> None:
    audit(store, 0, {"h1": fail()})
    audit(store, 2, {"h1": (Verdict.UNKNOWN, ())})
    follow(store, ground())
    audit(store, 3, {"h1": PASS}, at={"h1": night(1)})
    assert follow(store, ground()) == {EventKind.CLOSED: 1}


def test_what_comes_late_closes_nothing_that_newer_evidence_fails_when_it_is_judged_again(
    store: Store,
) -> None:
    audit(store, 0, {"h1": fail("root")})
    audit(store, 2, {"h1": (Verdict.UNKNOWN, ())})
    judge(store, "r2", Verdict.FAIL, "root")
    follow(store, ground())
    audit(store, 3, {"h1": PASS}, at={"h1": night(1)})
    follow(store, ground())
    assert told(store) == {"h1 root": ["opened r0"]}


def test_an_old_failure_that_comes_late_opens_nothing_that_has_passed_since(store: Store) -> None:
    audit(store, 0, {"h1": fail()})
    audit(store, 2, {"h1": PASS})
    follow(store, ground())
    audit(store, 3, {"h1": fail("root", "db")}, at={"h1": night(1)})
    assert follow(store, ground()) == {}


def test_the_same_bundle_taken_over_again_closes_nothing(store: Store) -> None:
    """A scan takes over the newest bundle: its evidence is no fresher for that, whatever is made of it."""
    audit(store, 0, {"h1": fail()})
    follow(store, ground())
    audit(store, 1, {"h1": PASS}, at={"h1": night(0)})
    assert follow(store, ground()) == {}
    audit(store, 2, {"h1": fail("root", "db")}, at={"h1": night(0)})
    assert follow(store, ground()) == {EventKind.OPENED: 1}


def judge(store: Store, run_id: str, verdict: Verdict, *offenders: str) -> None:
    judged = [("h1", [result("h1", verdict, *offenders)])]
    store.save_judgement(run_id, judged, samples.VERSIONS, night(9))


def test_judging_again_opens_and_never_closes(store: Store) -> None:
    audit(store, 0, {"h1": fail(), "h2": fail()})
    follow(store, ground())
    judge(store, "r0", Verdict.PASS)
    assert follow(store, ground()) == {}
    judge(store, "r0", Verdict.FAIL, "root", "db")
    assert follow(store, ground()) == {EventKind.OPENED: 1}
    audit(store, 1, {"h1": PASS})
    follow(store, ground())
    judge(store, "r1", Verdict.FAIL, "root")
    assert follow(store, ground()) == {EventKind.REOPENED: 1}
    assert told(store)["h1 root"] == ["opened r0", "closed r1", "reopened r1"]


def test_judging_an_older_run_again_opens_nothing(store: Store) -> None:
    audit(store, 0, {"h1": PASS})
    audit(store, 1, {"h1": PASS})
    follow(store, ground())
    judge(store, "r0", Verdict.FAIL, "root")
    assert follow(store, ground()) == {}


def test_what_a_partial_run_does_not_visit_stays(store: Store) -> None:
    audit(store, 0, {"h1": fail(), "h2": fail()})
    audit(store, 1, {"h1": PASS})
    follow(store, ground())
    assert {key: one.stage for key, one in found(store).items()} == {
        ("h1", "root"): Stage.CLOSED,
        ("h2", "root"): Stage.OPEN,
    }


def test_an_interrupted_run_is_followed_and_again_when_it_went_on(store: Store) -> None:
    audit(store, 0, {"h1": fail()}, state=RunState.INTERRUPTED)
    assert follow(store, ground()) == {EventKind.OPENED: 1}
    visit(store, "r0", "h2", night(0.1), fail())
    store.finish_run("r0", RunState.COMPLETE, night(0.2))
    assert follow(store, ground()) == {EventKind.OPENED: 1}
    assert told(store) == {"h1 root": ["opened r0"], "h2 root": ["opened r0"]}


def test_a_run_that_goes_on_is_left_for_later(store: Store) -> None:
    store.create_run(samples.run("r0"), this_process())
    visit(store, "r0", "h1", night(0), fail())
    assert follow(store, ground()) == {}
    store.finish_run("r0", RunState.COMPLETE, night(0))
    assert follow(store, ground()) == {EventKind.OPENED: 1}


def test_a_run_whose_process_is_gone_is_followed(store: Store) -> None:
    store.create_run(samples.run("r0"), "")
    visit(store, "r0", "h1", night(0), fail())
    assert follow(store, ground()) == {EventKind.OPENED: 1}


def test_a_host_that_vanishes_and_returns(store: Store) -> None:
    audit(store, 0, {"h1": fail(), "h2": fail()})
    follow(store, ground())
    assert follow(store, ground(night(1), hosts=["h2"])) == {
        EventKind.CLOSED: 1,
        CloseReason.ASSET_REMOVED: 1,
    }
    gone = found(store)["h1", "root"]
    assert gone.closed is not None
    assert (gone.closed.reason, gone.closed.at) == (CloseReason.ASSET_REMOVED, night(1))
    audit(store, 2, {"h1": fail(), "h2": fail()})  # planned before it was removed
    assert follow(store, ground(night(2), hosts=["h2"])) == {}
    assert follow(store, ground(night(3))) == {EventKind.REOPENED: 1}
    audit(store, 4, {"h1": PASS, "h2": fail()})
    assert follow(store, ground(night(4))) == {EventKind.CLOSED: 1}
    assert told(store)["h1 root"] == ["opened r0", "closed", "reopened", "closed r4"]


def test_the_systems_of_other_offices_are_left_alone(store: Store) -> None:
    audit(store, 0, {"h1": fail()})
    follow(store, ground())
    other = ground(registered={"crm": {"h9"}}, whole=False)
    assert follow(store, other) == {}
    audit(store, 1, {"h1": PASS})
    assert follow(store, other) == {}
    assert follow(store, ground()) == {EventKind.CLOSED: 1}
    assert follow(store, replace(other, whole=True)) == {}


def test_answers_are_findings_too(store: Store) -> None:
    answer = FailedAnswer("oa", "", "制度", "mms.policy.a#1", TITLE, Severity.MEDIUM, night(1), "张三", "ab")
    assert follow(store, ground(answers=[answer])) == {EventKind.OPENED: 1}
    assert follow(store, ground(answers=[answer])) == {}
    (one,) = store.findings.all()
    assert (one.source, one.object_id, one.opened_in) == (Source.ANSWER, "制度", "ab")
    assert store.findings.with_history(1).history[0].run == ""


def test_names_from_hostile_hosts_come_back(store: Store) -> None:
    names = ("a\x00b", "\\udcff", "'; DROP TABLE findings; --", "🙂" * 500)
    audit(store, 0, {"h1": fail(*names[:1], "\udcff", *names[2:])})
    follow(store, ground())
    assert {one.offender for one in store.findings.all()} == set(names)
    audit(store, 1, {"h1": fail(*names)})
    assert follow(store, ground()) == {}


def test_two_that_follow_at_once_double_nothing(store: Store, tmp_path: Path) -> None:
    for number in range(4):
        audit(store, number, {"h1": fail(f"user{number}"), "h2": fail()})

    def work(_number: int) -> Counter[Happened]:
        with open_store(f"sqlite:///{tmp_path}/secaudit.db") as own:
            return follow(own, ground())

    with ThreadPoolExecutor(4) as workers:
        happened = sum(workers.map(work, range(4)), Counter())
    assert happened == {EventKind.OPENED: 5, EventKind.CLOSED: 3}
    numbers = [one.number for one in store.findings.all()]
    assert numbers == list(range(1, 6))
    assert told(store)["h1 user0"] == ["opened r0", "closed r1"]


def test_a_check_of_the_rules_is_needed_to_open_not_to_close(store: Store) -> None:
    audit(store, 0, {"h1": fail()})
    follow(store, ground())
    retired = ground(rules=replace(RULES, checks={}))
    audit(store, 1, {"h1": fail("db")})
    assert follow(store, retired) == {EventKind.CLOSED: 1}
    assert RULES.checks[CHECK].title == TITLE


def test_the_runs_that_open_findings_rest_on(store: Store) -> None:
    audit(store, 0, {"h1": fail("root", "db")})
    audit(store, 1, {"h1": fail("root")})
    audit(store, 2, {"h1": fail("root", "db")})
    audit(store, 3, {"h2": fail("root")})
    audit(store, 4, {"h2": PASS})
    follow(store, ground())
    assert store.findings.runs_rested_on() == {"r0", "r2"}
