"""The figures of a template, and the conclusion between worst and best."""

from datetime import date
from fractions import Fraction

import pytest

from secaudit.assess.figures import Figures, Range, Template, figures_of, template_for
from secaudit.assess.risks import Risk, Risks
from secaudit.assess.standing import Standing
from secaudit.model.assessment import ItemOutcome
from secaudit.model.risk import RiskLevel
from tests.unit.assess.risk_samples import UNLIKELY, condition, risk
from tests.unit.assess.test_score import NO, PART, YES, item

CONFIRMED, UNDECIDED, DOWNGRADED = Standing.CONFIRMED, Standing.UNDECIDED, Standing.DOWNGRADED
EXCLUDED, RECTIFIED = Standing.EXCLUDED, Standing.RECTIFIED
MET = [item(n, half, (YES, YES)) for n in range(10) for half in "tm"]
DEFECT = item(99, "t", (PART, PART))


def of_2021(*risks: Risk, items: list[ItemOutcome] = MET, lowered: frozenset[str] = frozenset()) -> Figures:
    return figures_of(items, Risks(risks, lowered=lowered), Template.OF_2021)


def of_2025(*risks: Risk, items: list[ItemOutcome] = MET) -> Figures:
    return figures_of(items, Risks(risks), Template.OF_2025)


@pytest.mark.parametrize(
    ("day", "template"),
    [(date(2025, 3, 20), "2021"), (date(2025, 3, 21), "2025"), (date(2026, 11, 28), "2025")],
)
def test_the_template_follows_the_date(day: date, template: str) -> None:
    assert template_for(day) == template


def test_2025_with_everything_known() -> None:
    found = of_2025()
    assert found.rate is not None
    assert (found.score, found.rate.strict.low) == (None, Fraction(1))
    assert (found.predicted, found.open_items, found.boundary) == (("符合", "符合"), 0, False)
    assert found.final


def test_an_open_item_opens_the_conclusion() -> None:
    items = [*MET, item(20, "t", (NO, YES)), item(21, "t", (NO, YES)), item(22, "t", (NO, YES))]
    found = of_2025(items=items)
    assert (found.predicted, found.open_items) == (("基本符合", "符合"), 3)


def test_2025_on_the_boundary() -> None:
    items = [*(item(n, "t", (YES, YES)) for n in range(9)), item(9, "t", (NO, NO))]
    assert of_2025(items=items).boundary


@pytest.mark.parametrize(
    ("standing", "hazards", "rectified", "predicted", "final"),
    [
        (CONFIRMED, Range(("A-01",), ()), (), ("基本符合", "基本符合"), True),
        (UNDECIDED, Range((), ("A-01",)), (), ("基本符合", "符合"), False),
        (DOWNGRADED, Range((), ()), (), ("符合", "符合"), True),
        (EXCLUDED, Range((), ()), (), ("符合", "符合"), True),
        (RECTIFIED, Range(("A-01",), ()), ("A-01",), ("基本符合", "基本符合"), True),
    ],
)
def test_2025_counts_hazards_before_rectification(
    standing: Standing,
    hazards: Range,
    rectified: tuple[str, ...],
    predicted: tuple[str, str],
    final: bool,
) -> None:
    found = of_2025(risk(standing))
    assert (found.hazards, found.rectified) == (hazards, rectified)
    assert (found.predicted, found.final) == (predicted, final)


def test_a_hazard_is_all_three_and_a_condition_may_be_none() -> None:
    assert of_2025(risk(CONFIRMED, hazard=UNLIKELY)).hazards == Range((), ())
    assert of_2025(risk(CONFIRMED, code="", hazard=None)).hazards == Range((), ())
    assert of_2025(risk(CONFIRMED, hazard=UNLIKELY)).high_risks.sure == ("HR-1",)


def test_conditions_of_one_trigger_are_one_hazard() -> None:
    one, other = risk(CONFIRMED), risk(RECTIFIED, name="HR-2")
    assert of_2025(one, other).hazards == Range(("A-01",), ())
    assert of_2025(one, other).rectified == ()
    assert of_2025(other, risk(UNDECIDED, name="HR-3")).hazards == Range(("A-01",), ())


@pytest.mark.parametrize(
    ("standing", "high", "medium", "predicted", "final"),
    [
        (CONFIRMED, Range(("HR-1",), ()), Range((), ()), ("差", "差"), True),
        (UNDECIDED, Range((), ("HR-1",)), Range((), ("HR-1",)), ("差", "优"), False),
        (DOWNGRADED, Range((), ()), Range(("HR-1",), ()), ("良", "良"), True),
        (EXCLUDED, Range((), ()), Range((), ()), ("优", "优"), True),
        (RECTIFIED, Range((), ()), Range((), ()), ("优", "优"), True),
    ],
)
def test_2021_judges_by_what_remains(
    standing: Standing, high: Range, medium: Range, predicted: tuple[str, str], final: bool
) -> None:
    found = of_2021(risk(standing))
    assert (found.high_risks, found.medium_risks) == (high, medium)
    assert (found.predicted, found.final) == (predicted, final)


def test_2021_a_risk_that_is_low_now_leaves_the_best_conclusion() -> None:
    assert of_2021(risk(DOWNGRADED, level=RiskLevel.LOW)).predicted == ("优", "优")


def test_2021_a_defect_is_a_medium_risk_until_it_is_called_a_low_one() -> None:
    items, key = [*MET, DEFECT], DEFECT.requirement.key
    assert of_2021(items=items).medium_risks == Range((key,), ())
    assert of_2021(items=items).predicted == ("良", "良")
    assert of_2021(items=items, lowered=frozenset({key})).predicted == ("优", "优")


def test_2021_what_is_open_may_be_a_medium_risk() -> None:
    still_open = item(98, "t", (NO, YES))
    found = of_2021(items=[*MET, still_open])
    assert found.medium_risks == Range((), (still_open.requirement.key,))
    assert found.predicted == ("良", "优")


def test_some_grounds_decided_and_one_not() -> None:
    found = of_2021(risk(CONFIRMED, UNDECIDED))
    assert found.high_risks == Range(("HR-1",), ())
    assert (found.undecided, found.final) == (("HR-1",), False)
    assert of_2021(risk(DOWNGRADED, UNDECIDED)).high_risks == Range((), ("HR-1",))


def test_the_older_guide_counts_under_the_older_template_alone() -> None:
    legacy = risk(UNDECIDED, name="HR-T1", code="", basis="T2020")
    assert of_2021(legacy).undecided == ("HR-T1",)
    assert of_2025(legacy).undecided == ()


def test_what_is_open_may_bring_more() -> None:
    risks = Risks(possible=(condition("HR-5"), condition("HR-T5", hazard="", basis="T2020")))
    new, old = (figures_of(MET, risks, template) for template in (Template.OF_2025, Template.OF_2021))
    assert (new.hazards, new.high_risks) == (Range((), ("A-01",)), Range((), ("HR-5",)))
    assert new.predicted == ("基本符合", "符合")
    assert old.high_risks == Range((), ("HR-5", "HR-T5"))
    assert old.predicted == ("差", "优")
