"""The rules of evaluation units, and that they are monotone."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.assess.units import conclude
from secaudit.model.assessment import Conclusion, StepState

STATES = {"+": StepState.MET, "~": StepState.PARTLY, "-": StepState.NOT_MET, "/": StepState.NOT_APPLICABLE}
ORDER = ("-", "~", "+")
YES, PART, NO = Conclusion.COMPLIANT, Conclusion.PARTLY, Conclusion.NOT_COMPLIANT
NONE = Conclusion.NOT_APPLICABLE
WORDS = (NO, PART, YES)
RULES = {
    "all": (1, 5),
    "binary": (1, 1),
    "single-partial": (1, 1),
    "any": (2, 4),
    "any-binary": (2, 2),
    "1|(2&3)": (3, 3),
    "(1&3)|(2&3)": (3, 3),
}


@pytest.mark.parametrize(
    ("rule", "steps", "conclusion"),
    [
        ("all", "++", YES),
        ("all", "--", NO),
        ("all", "+-", PART),
        ("all", "~-", PART),
        ("all", "~~", PART),
        ("all", "+++++", YES),
        ("all", "-", NO),
        ("binary", "+", YES),
        ("binary", "-", NO),
        ("binary", "~", NO),
        ("single-partial", "+", YES),
        ("single-partial", "~", PART),
        ("single-partial", "-", NO),
        ("any", "-+", YES),
        ("any", "-~", PART),
        ("any", "--", NO),
        ("any-binary", "+-", YES),
        ("any-binary", "~-", NO),
        ("any-binary", "--", NO),
        ("1|(2&3)", "+--", YES),
        ("1|(2&3)", "-++", YES),
        ("1|(2&3)", "-+-", PART),
        ("1|(2&3)", "~--", PART),
        ("1|(2&3)", "---", NO),
        ("(1&3)|(2&3)", "+-+", YES),
        ("(1&3)|(2&3)", "-++", YES),
        ("(1&3)|(2&3)", "++-", PART),
        ("(1&3)|(2&3)", "--+", PART),
        ("(1&3)|(2&3)", "---", NO),
        ("1&2|3", "--+", YES),
        ("1&2|3", "++-", YES),
        ("1&2|3", "+--", PART),
        ("all", "/", NONE),
        ("all", "//", NONE),
        ("all", "+/", YES),
        ("all", "-/", NO),
        ("all", "~/", PART),
        ("binary", "/", NONE),
        ("any", "/-", NO),
        ("any", "/+", YES),
        ("1|(2&3)", "/++", YES),
        ("1|(2&3)", "/+-", PART),
        ("1|(2&3)", "+//", YES),
        ("1|(2&3)", "-//", NO),
        ("1|(2&3)", "///", NONE),
        ("1|(2&3)", "-/+", PART),
        ("1|(2&3)", "//+", YES),
        ("1|(2&3)", "//-", NO),
        ("(1&3)|(2&3)", "-/+", PART),
        ("(1&3)|(2&3)", "+/+", YES),
        ("(1&3)|(2&3)", "-+/", YES),
        ("(1&3)|(2&3)", "--/", NO),
    ],
)
def test_a_rule(rule: str, steps: str, conclusion: Conclusion) -> None:
    assert conclude(rule, [STATES[sign] for sign in steps]) is conclusion


@given(rule=st.sampled_from(sorted(RULES)), data=st.data())
def test_a_better_step_never_makes_a_worse_item(rule: str, data: st.DataObject) -> None:
    least, most = RULES[rule]
    worse = data.draw(st.lists(st.sampled_from(ORDER), min_size=least, max_size=most))
    better = [data.draw(st.sampled_from(ORDER[ORDER.index(sign) :])) for sign in worse]
    before, after = (conclude(rule, [STATES[sign] for sign in signs]) for signs in (worse, better))
    assert WORDS.index(after) >= WORDS.index(before)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_all_met_is_compliant_and_none_met_is_not(rule: str) -> None:
    for count in range(RULES[rule][0], RULES[rule][1] + 1):
        assert conclude(rule, [StepState.MET] * count) is YES
        assert conclude(rule, [StepState.NOT_MET] * count) is NO


def test_every_rule_of_the_standard_is_understood() -> None:
    """Every combination of states has a conclusion."""
    for rule, (least, _most) in RULES.items():
        for states in itertools.product(STATES.values(), repeat=least):
            assert conclude(rule, states) in (*WORDS, NONE)


@pytest.mark.parametrize("rule", sorted(RULES))
def test_what_is_open_ends_between_worst_and_best_or_does_not_apply(rule: str) -> None:
    """Every answer to every open step, 不适用 too: no unit that failed is met because a way does not apply."""
    worst, best = StepState.NOT_MET, StepState.MET
    for signs in itertools.product("+~-/?", repeat=RULES[rule][0]):
        low, high = (
            conclude(rule, [otherwise if sign == "?" else STATES[sign] for sign in signs])
            for otherwise in (worst, best)
        )
        for answers in itertools.product(STATES.values(), repeat=signs.count("?")):
            given = iter(answers)
            final = conclude(rule, [next(given) if sign == "?" else STATES[sign] for sign in signs])
            if NONE not in (final, low):
                assert WORDS.index(low) <= WORDS.index(final) <= WORDS.index(high), (signs, answers)


def test_a_needed_step_that_does_not_apply_says_nothing_in_brackets_too() -> None:
    words = conclude("(1)&2", [StepState.NOT_APPLICABLE, StepState.PARTLY])
    assert words is Conclusion.PARTLY
    assert conclude("(1)&2", [StepState.NOT_APPLICABLE, StepState.MET]) is Conclusion.COMPLIANT
