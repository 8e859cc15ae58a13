"""The figures of both templates: the worked examples, and what must hold of any assessment."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.assess.items import over_objects
from secaudit.assess.prediction import predict_2021
from secaudit.assess.score import Bounds, ObjectRule, rate_2025, score_2021
from secaudit.model.assessment import Conclusion, ItemOutcome, ObjectOutcome
from tests.unit.assess import samples

YES, PART, NO = Conclusion.COMPLIANT, Conclusion.PARTLY, Conclusion.NOT_COMPLIANT
WORD = {"1": YES, ".5": PART, "0": NO, "x": Conclusion.NOT_APPLICABLE}
KEYS = {"t": "ces.x", "m": "mms.x"}  # a technical and a management domain
WEIGHTS = {"一般": 1, "重要": 2, "关键": 3}


def item(number: int, half: str, *objects: tuple[Conclusion, Conclusion]) -> ItemOutcome:
    """An item with (worst, best) of each object."""
    requirement = samples.requirement(key=f"{KEYS[half]}.a{number}")
    outcomes = tuple(
        ObjectOutcome(f"o{n}", "host", True, worst if worst is best else Conclusion.OPEN, worst, best, ())
        for n, (worst, best) in enumerate(objects)
    )
    applicable = [pair for pair in objects if pair[0] is not Conclusion.NOT_APPLICABLE]
    if not applicable:
        none = Conclusion.NOT_APPLICABLE
        return ItemOutcome(requirement, none, none, none, outcomes)
    worst, best = (over_objects([pair[side] for pair in applicable]) for side in (0, 1))
    conclusion = worst if worst is best else Conclusion.OPEN
    return ItemOutcome(requirement, conclusion, worst, best, outcomes)


def items_of(text: str) -> tuple[list[ItemOutcome], dict[str, int]]:
    """``t 关键 .5`` → an item whose objects have these values; ``×9`` repeats it."""
    items: list[ItemOutcome] = []
    weights: dict[str, int] = {}
    for line in text.split(";"):
        half, weight, values, *times = line.split()
        for _again in range(int(times[0][1:]) if times else 1):
            words = [WORD[value] for value in values.split(",")]
            items.append(item(len(items), half, *((word, word) for word in words)))
            weights[items[-1].requirement.key] = WEIGHTS[weight]
    return items, weights


EXAMPLES: dict[str, tuple[str, tuple[int, float, int, int]]] = {
    "all met": ("t 重要 1 ×6; m 一般 1 ×4", (10, 50, 50, 50)),
    "several objects": (
        "t 关键 .5; t 重要 0; t 一般 1,1,.5,.5; t 一般 1 ×9; m 重要 .5; m 一般 0; m 一般 1 ×6",
        (20, 31.25, 30, 40),
    ),
    "never below nothing": ("t 关键 0 ×2; t 一般 1 ×4; m 一般 1 ×4", (10, 0, 0, 50)),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples(name: str) -> None:
    text, (count, technical_mean, technical_tri, management) = EXAMPLES[name]
    items, weights = items_of(text)
    for rule, technical in ((ObjectRule.MEAN, technical_mean), (ObjectRule.TRI, technical_tri)):
        score = score_2021(items, weights, rule)
        assert score.items == count
        assert score.technical == Bounds(Fraction(technical), Fraction(technical))
        assert score.management == Bounds(Fraction(management), Fraction(management))
        assert score.total.low == technical + management
        assert score.total.closed


@pytest.mark.parametrize(
    ("name", "medium_risks", "grade"),
    [("all met", 0, "优"), ("several objects", 5, "中"), ("never below nothing", 2, "差")],
)
def test_the_conclusions_of_worked_examples(name: str, medium_risks: int, grade: str) -> None:
    items, weights = items_of(EXAMPLES[name][0])
    for rule in ObjectRule:
        score = score_2021(items, weights, rule).total.low
        assert predict_2021(score, 0, medium_risks).value == grade
        assert predict_2021(score, 1, medium_risks).value == "差"


def test_what_does_not_apply_is_left_out() -> None:
    with_it, weights = items_of("t 一般 1,x; t 一般 x; t 一般 0; m 一般 1")
    without, _ = items_of("t 一般 1; t 一般 0; m 一般 1")
    assert score_2021(with_it, weights) == score_2021(without, weights)
    assert rate_2025(with_it) == rate_2025(without)
    assert rate_2025(with_it).items == 3


def test_partly_counts_in_the_weighted_rate_only() -> None:
    items, _ = items_of("t 一般 1; t 一般 .5; t 一般 0; m 一般 1,0")
    rate = rate_2025(items)
    assert rate.strict == Bounds(Fraction(1, 4), Fraction(1, 4))
    assert rate.weighted == Bounds(Fraction(1, 2), Fraction(1, 2))


def test_an_open_item_opens_the_bounds() -> None:
    items = [item(0, "t", (NO, YES)), item(1, "m", (YES, YES))]
    score, rate = score_2021(items, {}), rate_2025(items)
    assert score.total == Bounds(Fraction(50), Fraction(100))
    assert not score.total.closed
    assert rate.strict == Bounds(Fraction(1, 2), Fraction(1))


def test_nothing_to_judge_is_no_error() -> None:
    assert rate_2025([]).strict == Bounds(Fraction(0), Fraction(0))
    assert score_2021([], {}).items == 0


ORDER = (NO, PART, YES)
PAIRS = st.tuples(st.sampled_from(ORDER), st.sampled_from(ORDER)).map(
    lambda pair: (min(pair, key=ORDER.index), max(pair, key=ORDER.index))
)
ITEMS = st.lists(
    st.tuples(st.sampled_from("tm"), st.lists(PAIRS, min_size=1, max_size=4)), min_size=1, max_size=12
)
RULE = st.sampled_from(list(ObjectRule))


def made(drawn: list[tuple[str, list[tuple[Conclusion, Conclusion]]]]) -> list[ItemOutcome]:
    return [item(number, half, *objects) for number, (half, objects) in enumerate(drawn)]


@given(ITEMS, RULE)
def test_bounds_hold(drawn: list[tuple[str, list[tuple[Conclusion, Conclusion]]]], rule: ObjectRule) -> None:
    score, rate = score_2021(made(drawn), {}, rule), rate_2025(made(drawn), rule)
    assert 0 <= score.total.low <= score.total.high <= 100
    assert 0 <= rate.strict.low <= rate.strict.high <= 1
    assert 0 <= rate.weighted.low <= rate.weighted.high <= 1
    assert rate.strict.low <= rate.weighted.low or rule is ObjectRule.TRI


@given(ITEMS, RULE, st.randoms())
def test_the_order_of_items_and_objects_is_nothing(
    drawn: list[tuple[str, list[tuple[Conclusion, Conclusion]]]], rule: ObjectRule, chance: random.Random
) -> None:
    other = [(half, chance.sample(objects, len(objects))) for half, objects in drawn]
    chance.shuffle(other)
    assert score_2021(made(drawn), {}, rule) == score_2021(made(other), {}, rule)
    assert rate_2025(made(drawn), rule) == rate_2025(made(other), rule)


@given(ITEMS, RULE, st.data())
def test_a_better_answer_never_lowers_a_figure(
    drawn: list[tuple[str, list[tuple[Conclusion, Conclusion]]]], rule: ObjectRule, data: st.DataObject
) -> None:
    number = data.draw(st.integers(0, len(drawn) - 1))
    half, objects = drawn[number]
    place = data.draw(st.integers(0, len(objects) - 1))
    better = [*objects[:place], (YES, YES), *objects[place + 1 :]]
    after = [*drawn[:number], (half, better), *drawn[number + 1 :]]
    for before, now in zip(figures(made(drawn), rule), figures(made(after), rule), strict=True):
        assert before.low <= now.low
        assert before.high <= now.high


def figures(items: list[ItemOutcome], rule: ObjectRule) -> tuple[Bounds, Bounds, Bounds]:
    """Every figure that a better answer may raise only."""
    rate = rate_2025(items, rule)
    return score_2021(items, {}, rule).total, rate.strict, rate.weighted
