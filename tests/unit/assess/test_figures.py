"""The figures of a template, and the conclusion between worst and best."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from secaudit.assess.candidates import Candidate
from secaudit.assess.figures import Template, figures_of, template_for
from tests.unit.assess import samples
from tests.unit.assess.test_candidates import CONDITION
from tests.unit.assess.test_score import NO, YES, item

CURRENT = Candidate(CONDITION, samples.TEXT, "linux.one", "h1", "h1")
LEGACY = replace(CURRENT, condition=replace(CONDITION, id="HR-T1", basis="T2020", hazard=""))


@pytest.mark.parametrize(
    ("day", "template"),
    [(date(2025, 3, 20), "2021"), (date(2025, 3, 21), "2025"), (date(2026, 11, 28), "2025")],
)
def test_the_template_follows_the_date(day: date, template: str) -> None:
    assert template_for(day) == template


def test_2025_with_everything_known() -> None:
    items = [item(n, "t", (YES, YES)) for n in range(10)]
    found = figures_of(items, [], Template.OF_2025)
    assert found.rate is not None
    assert (found.score, found.rate.strict.low) == (None, Fraction(1))
    assert (found.predicted, found.open_items, found.boundary) == (("符合", "符合"), 0, False)


def test_2025_a_candidate_and_an_open_item_open_the_conclusion() -> None:
    items = [
        *(item(n, "t", (YES, YES)) for n in range(18)),
        item(18, "t", (NO, YES)),
        item(19, "m", (YES, YES)),
    ]
    found = figures_of(items, [CURRENT, CURRENT, LEGACY], Template.OF_2025)
    assert (found.high_risks, found.hazards) == (("HR-1",), ("A-01",))
    assert (found.predicted, found.open_items) == (("基本符合", "符合"), 1)


def test_2025_on_the_boundary() -> None:
    items = [*(item(n, "t", (YES, YES)) for n in range(9)), item(9, "t", (NO, NO))]
    assert figures_of(items, [], Template.OF_2025).boundary


def test_2021_counts_the_older_guide_and_every_defect_at_worst() -> None:
    items = [*(item(n, half, (YES, YES)) for n in range(9) for half in "tm"), item(9, "t", (NO, YES))]
    found = figures_of(items, [LEGACY], Template.OF_2021)
    assert found.score is not None
    assert (found.rate, found.score.items, found.high_risks) == (None, 19, ("HR-T1",))
    assert found.predicted == ("差", "优")
    assert figures_of(items, [], Template.OF_2021).predicted == ("良", "优")
