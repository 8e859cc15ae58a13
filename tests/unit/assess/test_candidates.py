"""Candidates for high risks: from failures alone, at the right level and in the right scope."""

from dataclasses import replace

import pytest

from secaudit.assess.candidates import candidates_of
from secaudit.model.content import HighRisk, HighRiskCondition
from secaudit.model.register import Grade
from secaudit.model.result import Verdict
from tests.unit.assess import samples

CONDITION = HighRiskCondition("HR-1", "SG2025", 3, "", "条件", "措施", "yes", "A-01", ("ces.x.a",))
CHECK = replace(samples.check(), high_risk=(HighRisk("HR-1", samples.TEXT),))


def found(
    verdict: Verdict = Verdict.FAIL, *, scope: str = "", level: int = 3, internet_facing: bool = False
) -> list[tuple[str, str, str]]:
    """(condition, check, hazard) of one result."""
    system = replace(samples.system(grade=Grade(level, level)), internet_facing=internet_facing)
    conditions = {"HR-1": replace(CONDITION, scope=scope)}
    results = [samples.result(verdict), samples.result(Verdict.FAIL, "linux.retired")]
    shown = candidates_of(system, results, samples.checks(CHECK), conditions)
    return [(one.condition.id, one.check_id, one.hazard) for one in shown]


def test_a_failure_is_a_candidate_with_its_hazard() -> None:
    assert found() == [("HR-1", "linux.one", "A-01")]


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
