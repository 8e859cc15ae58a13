"""A whole system: results find their steps, every step has somebody who decides it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.assess import assess
from secaudit.model.assessment import Assessment, Conclusion, Decider, StepOutcome
from secaudit.model.content import Check
from secaudit.model.register import Asset
from secaudit.model.result import Result, Verdict
from secaudit.model.scope import Sample
from tests.unit.assess import samples


def assessed(
    *results: Result, assets: tuple[Asset, ...] = (), checks: tuple[Check, ...] = (), level: int = 3
) -> Assessment:
    """The assessment of one item with one step from these results."""
    records = [
        samples.record(*(r for r in results if r.asset_id == asset_id), asset_id=asset_id)
        for asset_id in dict.fromkeys(result.asset_id for result in results)
    ]
    catalogue = samples.catalogue(samples.requirement(level=level))
    return assess(
        samples.system(*assets), catalogue, samples.checks(*(checks or (samples.check(),))), records
    )


def only_step(assessment: Assessment) -> StepOutcome:
    """The one step on the one object."""
    (item,) = assessment.items
    (step,) = item.objects[0].steps
    return step


def test_a_result_decides_its_step() -> None:
    assessment = assessed(samples.result(Verdict.PASS))
    assert assessment.items[0].conclusion is Conclusion.COMPLIANT
    assert (assessment.system_id, assessment.level) == ("oa", 3)
    assert assessment.planned == 1
    assert assessment.verdicts == {verdict.value: int(verdict is Verdict.PASS) for verdict in Verdict}


def test_results_of_other_systems_do_not_count() -> None:
    assessment = assessed(samples.result(Verdict.PASS, asset_id="stranger"))
    assert assessment.planned == 0
    assert only_step(assessment).decider is Decider.EVIDENCE_MISSING


def test_an_advisory_check_moves_no_step() -> None:
    assessment = assessed(samples.result(Verdict.FAIL), checks=(samples.check(advisory=True),))
    assert only_step(assessment).decider is Decider.PERSON
    assert only_step(assessment).results == ()


def test_a_check_that_is_gone_moves_no_step_but_is_counted() -> None:
    assessment = assessed(samples.result(Verdict.FAIL, "linux.gone"))
    assert only_step(assessment).results == ()
    assert assessment.verdicts["FAIL"] == 1


def test_a_check_for_other_levels_moves_no_step() -> None:
    assert only_step(assessed(samples.result(Verdict.FAIL), level=2)).decider is Decider.PERSON


def test_a_host_that_was_not_visited_lacks_evidence() -> None:
    assessment = assessed(samples.result(Verdict.PASS), assets=(samples.asset("h1"), samples.asset("h2")))
    first, second = (o.steps[0] for o in assessment.items[0].objects)
    assert (first.decider, second.decider) == (Decider.MACHINE, Decider.EVIDENCE_MISSING)
    item = assessment.items[0]
    assert (item.conclusion, item.worst, item.best) == (
        Conclusion.OPEN,
        Conclusion.PARTLY,
        Conclusion.COMPLIANT,
    )


def test_an_asset_that_nobody_can_visit_waits_for_a_person() -> None:
    assessment = assessed(assets=(samples.asset("h1", transport="none"),))
    assert only_step(assessment).decider is Decider.PERSON


def test_an_asset_of_another_kind_waits_for_a_person() -> None:
    assessment = assessed(assets=(samples.asset("db", "database"),))
    assert only_step(assessment).decider is Decider.PERSON


def test_a_check_that_is_newer_than_the_run_leaves_the_step_open() -> None:
    both = (samples.check(), samples.check("linux.two"))
    assert only_step(assessed(samples.result(Verdict.PASS), checks=both)).decider is Decider.EVIDENCE_MISSING


def test_backup_results_land_on_their_data_sets() -> None:
    step = samples.step(objects=("business-data",))
    system = samples.system(data_sets=(samples.data_set("a"), samples.data_set("b")))
    record = samples.record(
        samples.result(Verdict.PASS, object_id="a"), samples.result(Verdict.FAIL, object_id="b")
    )
    catalogue = samples.catalogue(samples.requirement(step, rule="binary"))
    assessment = assess(system, catalogue, samples.checks(samples.check()), [record])
    (item,) = assessment.items
    assert [(o.object_id, o.conclusion) for o in item.objects] == [
        ("a", Conclusion.COMPLIANT),
        ("b", Conclusion.NOT_COMPLIANT),
    ]
    assert item.conclusion is Conclusion.PARTLY


@pytest.mark.parametrize("objects", [("host",), ("other:audit-system",)])
def test_what_was_not_sampled_is_counted_and_moves_no_item(objects: tuple[str, ...]) -> None:
    chosen = Sample("linux", ("h1",), "张三", samples.TODAY, "同型号")
    system = replace(samples.system(samples.asset("h1"), samples.asset("h2")), samples=(chosen,))
    records = [
        samples.record(samples.result(Verdict.PASS), asset_id="h1"),
        samples.record(samples.result(Verdict.FAIL, asset_id="h2"), asset_id="h2"),
    ]
    catalogue = samples.catalogue(samples.requirement(samples.step(objects=objects)))
    assessment = assess(system, catalogue, samples.checks(samples.check()), records)
    assert assessment.items[0].conclusion is Conclusion.COMPLIANT
    assert assessment.unsampled == ("h2",)
    assert (assessment.planned, assessment.verdicts["FAIL"]) == (2, 1)


CENTRAL = samples.requirement(samples.step(objects=("other:audit-system",)))


def on_the_whole_system(*assets: Asset, tells: str = "h1", verdict: Verdict = Verdict.PASS) -> StepOutcome:
    """The step of a central log, where one host was looked at."""
    records = [samples.record(samples.result(verdict, asset_id=tells), asset_id=tells)]
    system, checks = samples.system(*assets), samples.checks(samples.check())
    return only_step(assess(system, samples.catalogue(CENTRAL), checks, records))


def test_a_host_that_nobody_can_visit_leaves_a_step_of_the_whole_system_to_a_person() -> None:
    step = on_the_whole_system(samples.asset("h1"), samples.asset("h2", transport="none"))
    assert (step.decider, step.unseen) == (Decider.PERSON_REST, ("h2",))


def test_a_host_that_was_to_be_visited_leaves_a_step_of_the_whole_system_open() -> None:
    step = on_the_whole_system(samples.asset("h1"), samples.asset("h2"))
    assert step.decider is Decider.EVIDENCE_MISSING


def test_one_host_that_fails_fails_a_step_of_the_whole_system() -> None:
    step = on_the_whole_system(
        samples.asset("h1"), samples.asset("h2", transport="none"), verdict=Verdict.FAIL
    )
    assert step.decider is Decider.MACHINE


def test_a_host_that_was_looked_at_decides_a_step_of_the_whole_system() -> None:
    step = on_the_whole_system(samples.asset("h1"), samples.asset("room", "machine-room", "none"))
    assert (step.decider, step.unseen) == (Decider.MACHINE, ())


@given(
    words=st.lists(st.sampled_from(Verdict), min_size=1, max_size=4),
    hosts=st.integers(1, 3),
)
def test_nothing_falls_between(words: list[Verdict], hosts: int) -> None:
    """Coverage adds up, the sum of verdicts is what was planned, and a gap is never a pass."""
    several = tuple(samples.check(f"linux.{n}") for n in range(len(words)))
    names = [f"h{n}" for n in range(hosts)]
    results = [samples.result(word, f"linux.{n}", name) for name in names for n, word in enumerate(words)]
    assessment = assessed(*results, assets=tuple(samples.asset(n) for n in names), checks=several)
    (row,) = assessment.coverage
    assert row.steps == hosts == row.machine + row.person + row.evidence_missing
    assert assessment.planned == sum(assessment.verdicts.values()) == len(results)
    if Verdict.UNKNOWN in words and Verdict.FAIL not in words:
        assert assessment.items[0].conclusion is Conclusion.OPEN


def test_coverage_is_counted_by_domain() -> None:
    one = samples.requirement(key="ces.x.a")
    other = samples.requirement(samples.step(key="smc.y.a", objects=("person",)), key="smc.y.a")
    again = replace(samples.requirement(samples.step(key="ces.x.b"), key="ces.x.b"))
    assessment = assess(
        samples.system(),
        samples.catalogue(one, other, again),
        samples.checks(samples.check()),
        [samples.record(samples.result(Verdict.FAIL))],
    )
    rows = {row.domain: row for row in assessment.coverage}
    assert list(rows) == ["CES", "SMC"]
    assert (rows["CES"].items, rows["CES"].steps, rows["CES"].machine, rows["CES"].person) == (2, 2, 1, 1)
    assert (rows["SMC"].items, rows["SMC"].person) == (1, 1)
