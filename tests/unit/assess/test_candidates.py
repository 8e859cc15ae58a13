"""Candidates for high risks: from failures of checks and of people's answers, at the right level, scope and case."""

from dataclasses import replace

import pytest

from secaudit.assess import assess
from secaudit.assess.answers import answers_for
from secaudit.assess.candidates import candidates_of, digest, unresolved
from secaudit.model.assessment import Assessment
from secaudit.model.attestation import Answer, Attestation, EvidenceFile
from secaudit.model.content import Extension, HighRisk, HighRiskCondition
from secaudit.model.register import Grade, System
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.scope import Platform
from tests.unit.assess import samples

CONDITION = HighRiskCondition(
    "HR-1", "SG2025", 3, "", samples.TEXT, samples.TEXT, "yes", "A-01", ("mms.x.a",)
)
CHECK = replace(samples.check(), high_risk=(HighRisk("HR-1", samples.TEXT),))
ITEM = samples.requirement(
    samples.step(1, key="mms.x.a"), samples.step(2, key="mms.x.a"), key="mms.x.a", rule="all"
)


def assessed(
    *results: Result, answers: tuple[Attestation, ...] = (), system: System | None = None, rule: str = "all"
) -> Assessment:
    """A technical item that a check decides, and one of management that people answer."""
    system = system or samples.system()
    catalogue = samples.catalogue(samples.requirement(), replace(ITEM, rule=rule))
    said = answers_for(system, (), answers, {}, samples.TODAY)
    return assess(system, catalogue, samples.checks(CHECK), [samples.record(*results)], said)


def found(
    verdict: Verdict = Verdict.FAIL, *, scope: str = "", level: int = 3, internet_facing: bool = False
) -> list[tuple[str, str, str]]:
    """(condition, object, source) of one result."""
    system = replace(samples.system(grade=Grade(level, level)), internet_facing=internet_facing)
    conditions = {"HR-1": replace(CONDITION, scope=scope)}
    results = [samples.result(verdict), samples.result(Verdict.FAIL, "linux.retired")]
    shown = candidates_of(system, assessed(*results, system=system), samples.checks(CHECK), conditions)
    return [(one.condition.id, *one.ground.place) for one in shown]


def test_a_failure_is_a_candidate() -> None:
    assert found() == [("HR-1", "h1", "linux.one")]


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - {Verdict.FAIL}))
def test_nothing_else_is(verdict: Verdict) -> None:
    assert found(verdict) == []


def test_the_level_of_the_system_counts() -> None:
    assert found(level=2) == []
    assert len(found(level=4)) == 1


@pytest.mark.parametrize(
    ("scope", "internet_facing", "count"),
    [
        ("internet_facing", True, 1),
        ("internet_facing", False, 0),
        ("internal", True, 0),
        ("internal", False, 1),
        ("ha_required", False, 1),  # the register does not know: a person confirms
        ("ha_required", True, 1),
    ],
)
def test_the_scope_counts(scope: str, internet_facing: bool, count: int) -> None:
    assert len(found(scope=scope, internet_facing=internet_facing)) == count


@pytest.mark.parametrize(
    ("scope", "extensions", "tenant", "count"),
    [
        ("ics", (), False, 0),
        ("ics", (Extension.INDUSTRIAL,), False, 1),
        ("cloud_platform", (Extension.CLOUD,), False, 1),
        ("cloud_platform", (Extension.CLOUD,), True, 0),
        ("cloud_platform", (), False, 0),
        ("tenant", (Extension.CLOUD,), True, 1),
        ("tenant", (Extension.CLOUD,), False, 0),
        ("cloud_platform|tenant", (Extension.CLOUD,), False, 1),
        ("cloud_platform|tenant", (), True, 1),
        ("cloud_platform|tenant", (), False, 0),
        ("wireless", (), False, 1),
    ],
)
def test_the_scope_of_extensions_counts(
    scope: str, extensions: tuple[Extension, ...], tenant: bool, count: int
) -> None:
    platform = Platform("云平台", ()) if tenant else None
    system = replace(samples.system(), extensions=extensions, platform=platform)
    conditions = {"HR-1": replace(CONDITION, scope=scope)}
    failed = assessed(samples.result(Verdict.FAIL), system=system)
    assert len(candidates_of(system, failed, samples.checks(CHECK), conditions)) == count


def test_what_the_check_found_is_remembered_without_what_was_read() -> None:
    offenders = (Offender("root", samples.TEXT, samples.TEXT), Offender("admin", samples.TEXT, samples.TEXT))
    result = replace(samples.result(Verdict.FAIL), offenders=offenders)
    (one,) = candidates_of(samples.system(), assessed(result), samples.checks(CHECK), {"HR-1": CONDITION})
    assert one.ground.seen == {digest("root"), digest("admin")}


def answered(
    said: Answer,
    *,
    other: Answer | None = Answer.MET,
    rule: str = "all",
    steps: tuple[str, ...] = (),
    record: str = "理由",
    files: tuple[EvidenceFile, ...] = (),
) -> list[tuple[str, str, frozenset[str]]]:
    """(object, source, seen) of the candidates that answers to both steps of the item show."""
    first = replace(samples.answer(said, "mms.x.a#1"), record=record, files=files)
    answers = (first, *([samples.answer(other, "mms.x.a#2")] if other else []))
    conditions = {"HR-1": replace(CONDITION, steps=steps)}
    shown = candidates_of(samples.system(), assessed(answers=answers, rule=rule), {}, conditions)
    return [(*one.ground.place, one.ground.seen) for one in shown]


def test_a_step_that_a_person_says_is_not_met_is_a_candidate() -> None:
    (one,) = answered(Answer.NOT_MET)
    assert one[:2] == ("h1", "mms.x.a#1")


@pytest.mark.parametrize("said", sorted(set(Answer) - {Answer.NOT_MET}))
def test_no_other_answer_is(said: Answer) -> None:
    assert answered(said) == []


def test_the_steps_that_a_condition_names_count_alone() -> None:
    assert answered(Answer.NOT_MET, steps=("mms.x.a#2",)) == []
    assert len(answered(Answer.NOT_MET, steps=("mms.x.a#1",))) == 1


def test_where_another_step_suffices_nothing_is_shown() -> None:
    assert answered(Answer.NOT_MET, rule="any") == []
    assert len(answered(Answer.NOT_MET, rule="any", other=None)) == 1


def test_another_record_or_file_is_other_evidence() -> None:
    file = EvidenceFile("a", "0" * 64)
    seen = {
        answered(Answer.NOT_MET)[0][2],
        answered(Answer.NOT_MET, record="另一处")[0][2],
        answered(Answer.NOT_MET, files=(file,))[0][2],
    }
    assert len(seen) == 3


def test_what_is_open_may_show_a_condition_yet() -> None:
    conditions = {"HR-1": CONDITION, "HR-2": replace(CONDITION, id="HR-2", keys=(), min_level=4)}

    def open_ones(assessment: Assessment) -> frozenset[str]:
        return unresolved(samples.system(), assessment, samples.checks(CHECK), conditions)

    met = (samples.answer(Answer.MET, "mms.x.a#1"), samples.answer(Answer.MET, "mms.x.a#2"))
    passed = samples.result(Verdict.PASS)
    assert open_ones(assessed(passed)) == {"HR-1"}
    assert open_ones(assessed(passed, answers=met)) == frozenset()
    assert open_ones(assessed(samples.result(Verdict.UNKNOWN), answers=met)) == {"HR-1"}
