"""Stored evidence judged again: the same rules give the same results, other rules tell what changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.audit import Asked, Rules, Subject, judge_again, make_plan, run_audit
from secaudit.audit.judging import changed, judge_evidence, moment_of
from secaudit.facts.fact import Evidence, Fact
from secaudit.model.evidence import GapReason, Probe, Visit
from secaudit.model.result import Result, Verdict
from secaudit.model.run import Expected
from secaudit.store import Store, open_store
from tests.unit.audit import samples


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/secaudit.db") as opened:
        yield opened


@pytest.fixture
def run_id(store: Store) -> str:
    """A run of two hosts, one of them down, with a data set."""
    rules = samples.rules()
    register = samples.register(samples.system(data_sets=(samples.data_set("db", "oa-1"),)))
    plan = make_plan(register, rules.content, rules.facts, Asked(), samples.allowed())
    hosts = samples.Hosts({"name": "ada"}, down=("oa-2",))
    return run_audit(store, plan, rules, hosts.steps())


def again(store: Store, run_id: str, rules: Rules) -> list[tuple[str, str, str, str]]:
    """(check, object, before, after) of what changed."""
    found = judge_again(store, run_id, rules, samples.NOW)
    return [
        (
            change.check_id,
            change.object_id,
            change.before.verdict if change.before else "",
            change.after.verdict if change.after else "",
        )
        for change in found.changes
    ]


def test_the_same_rules_give_the_same_results(store: Store, run_id: str) -> None:
    before = [record.results for record in store.records(run_id)]
    found = judge_again(store, run_id, samples.rules(), samples.NOW)
    assert (found.number, found.planned, found.changes) == (1, 6, ())
    assert [record.results for record in store.records(run_id)] == before


def test_other_rules_tell_what_changed_and_keep_the_first_results(store: Store, run_id: str) -> None:
    strict = replace(samples.YOUNG, pass_when="age < 3")
    rules = samples.rules(strict, samples.NAMED, samples.COPIED, content_hash="two")
    assert again(store, run_id, rules) == [("linux.young", "oa-1", "PASS", "FAIL")]
    assert store.latest_judgement(run_id).versions.content_hash == "two"
    assert again(store, run_id, samples.rules()) == [("linux.young", "oa-1", "FAIL", "PASS")]
    first, _second = store.records(run_id, 0)
    assert [r.verdict for r in first.results] == [Verdict.PASS] * 3


def test_checks_come_and_go(store: Store, run_id: str) -> None:
    old = replace(samples.YOUNG, id="linux.old", pass_when="age > 3")
    assert again(store, run_id, samples.rules(samples.NAMED, old)) == [
        ("linux.old", "oa-1", "", "PASS"),
        ("linux.copied", "db", "PASS", ""),
        ("linux.young", "oa-1", "PASS", ""),
        ("linux.old", "oa-2", "", "UNKNOWN"),
        ("linux.copied", "oa-2", "MANUAL", ""),
        ("linux.young", "oa-2", "UNKNOWN", ""),
    ]


@pytest.mark.parametrize("probe", [Probe("age", "cat /another"), Probe("fresh", "cat /fresh")])
def test_what_was_not_asked_is_not_known(store: Store, run_id: str, probe: Probe) -> None:
    age = Fact("age", samples.TEXT, int, lambda evidence: int(evidence.text(probe.id)), (probe,))
    rules = replace(samples.rules(samples.YOUNG), facts={**samples.FACTS, "age": age})
    judge_again(store, run_id, rules, samples.NOW)
    reached = next(store.records(run_id))
    (result,) = reached.results
    assert result.verdict is Verdict.UNKNOWN
    assert result.gap is not None
    assert (result.gap.reason, result.gap_source) == (GapReason.NOT_COLLECTED, "age")


def test_the_register_of_the_run_is_what_counts(store: Store, run_id: str) -> None:
    """The data set was declared then: its verdict stays, whatever the workspace says today."""
    judge_again(store, run_id, samples.rules(), samples.NOW)
    first = next(store.records(run_id))
    assert ("linux.copied", "db") in [(r.check_id, r.object_id) for r in first.results]


def test_changes_are_told_in_order() -> None:
    one = Result("a", "h", "h", Verdict.PASS)
    two, three = replace(one, check_id="b"), replace(one, check_id="c")
    failed = replace(two, verdict=Verdict.FAIL)
    found = [(c.before, c.after) for c in changed((one, two), (failed, three))]
    assert found == [(two, failed), (None, three), (one, None)]


def test_expiry_is_held_against_our_clock_and_ages_against_theirs() -> None:
    """A target that thinks it is 2015 keeps no release alive."""
    past = datetime(2015, 1, 1, tzinfo=UTC)
    system = samples.system()
    subject = Subject(system.assets[0], system, samples.rules().content.profiles["level-3"])
    end_of_life = int(datetime(2020, 6, 30, tzinfo=UTC).timestamp())
    rules = samples.rules(replace(samples.YOUNG, pass_when=f"now < {end_of_life}"))
    seen: list[datetime] = []

    def age(evidence: Evidence) -> int:
        seen.append(evidence.now)
        return 1

    rules = replace(rules, facts={**rules.facts, "age": replace(rules.facts["age"], build=age)})
    visit = Visit("oa-1", samples.NOW, samples.NOW, past, "a-1", ())
    (result,) = judge_evidence(subject, [Expected("linux.young", "oa-1")], (), moment_of(visit), rules)
    assert (result.verdict, seen) == (Verdict.FAIL, [past])
    unreached = replace(visit, target_time=None)
    assert moment_of(unreached).theirs == samples.NOW
