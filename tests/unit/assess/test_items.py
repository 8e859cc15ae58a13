"""Items on objects and for the system: open is open, with bounds that hold what is known."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.assess.items import conclude_item, conclude_object, over_objects
from secaudit.assess.steps import decide
from secaudit.model.assessment import Conclusion, ObjectOutcome, StepOutcome
from secaudit.model.attestation import Answer
from secaudit.model.content import SeenBy
from secaudit.model.result import Verdict
from tests.unit.assess import samples
from tests.unit.assess.test_units import NO, PART, RULES, WORDS, YES

OPEN = Conclusion.OPEN
UNSETTLED = ("UNKNOWN", "MANUAL", "NOT_APPLICABLE", "-")


def steps_of(verdicts: str, seen_by: SeenBy = SeenBy.MACHINE) -> list[StepOutcome]:
    """One step for each word; ``-`` is a step without any result."""
    return [
        decide(
            samples.step(number, seen_by),
            [] if word == "-" else [samples.result(Verdict(word))],
            missing=False,
        )
        for number, word in enumerate(verdicts.split(), 1)
    ]


@pytest.mark.parametrize(
    ("rule", "verdicts", "outcome"),
    [
        ("all", "PASS PASS", (YES, YES, YES)),
        ("all", "FAIL FAIL", (NO, NO, NO)),
        ("all", "PASS FAIL", (PART, PART, PART)),
        ("all", "PASS UNKNOWN", (OPEN, PART, YES)),
        ("all", "FAIL UNKNOWN", (OPEN, NO, PART)),
        ("all", "UNKNOWN UNKNOWN", (OPEN, NO, YES)),
        ("all", "PASS FAIL UNKNOWN", (OPEN, PART, PART)),
        ("binary", "MANUAL", (OPEN, NO, YES)),
        ("any", "PASS UNKNOWN", (YES, YES, YES)),
        ("any", "FAIL UNKNOWN", (OPEN, NO, YES)),
        ("any", "PARTIAL UNKNOWN", (OPEN, PART, YES)),
        ("1|(2&3)", "- PASS PASS", (YES, YES, YES)),
        ("1|(2&3)", "- PASS FAIL", (OPEN, PART, YES)),
    ],
)
def test_an_item_on_an_object(rule: str, verdicts: str, outcome: tuple[Conclusion, ...]) -> None:
    assert conclude_object(rule, steps_of(verdicts), samples.checks(samples.check())) == outcome


@pytest.mark.parametrize("verdicts", ["PASS FAIL", "FAIL UNKNOWN", "PASS PASS FAIL MANUAL"])
def test_a_failed_veto_closes_the_item(verdicts: str) -> None:
    vetoing = samples.checks(samples.check(veto=True))
    assert conclude_object("all", steps_of(verdicts), vetoing) == (NO, NO, NO)


@pytest.mark.parametrize("verdicts", ["PASS PASS", "PASS UNKNOWN", "PARTIAL PASS"])
def test_a_veto_that_did_not_fail_changes_nothing(verdicts: str) -> None:
    steps = steps_of(verdicts)
    plain, vetoing = (samples.checks(samples.check(veto=veto)) for veto in (False, True))
    assert conclude_object("all", steps, vetoing) == conclude_object("all", steps, plain)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("不符合", (NO, NO, NO)), ("部分符合", (PART, PART, PART)), ("不适用", (YES, YES, YES))],
)
def test_the_answer_of_a_person_vetoes_too(answer: str, expected: tuple[Conclusion, ...]) -> None:
    said = samples.answer(Answer(answer), "ces.x.a#2")
    steps = [*steps_of("PASS"), decide(samples.step(2), [], said, missing=False)]
    checks = samples.checks(samples.check(veto=True))
    assert conclude_object("all", steps, checks, {"ces.x.a#2"}) == expected
    other = conclude_object("all", steps, checks, {"ces.x.a#1"})
    assert other == ((PART, PART, PART) if answer == "不符合" else expected)


@pytest.mark.parametrize("word", ["UNKNOWN", "-", "MANUAL"])
def test_an_open_veto_may_still_fail_the_item(word: str) -> None:
    steps = steps_of(f"PASS PASS {word}")
    checks = samples.checks(samples.check(veto=True))
    assert conclude_object("all", steps, checks, {"ces.x.a#3"}) == (OPEN, NO, YES)
    assert conclude_object("all", steps, checks, {"ces.x.a#1"}) == (OPEN, PART, YES)


def test_no_machine_closes_what_a_person_must_see() -> None:
    steps = steps_of("PASS PASS", SeenBy.PART)
    assert conclude_object("all", steps, samples.checks(samples.check())) == (OPEN, NO, YES)


@given(
    rule=st.sampled_from(sorted(RULES)),
    seen_by=st.sampled_from(SeenBy),
    veto=st.booleans(),
    data=st.data(),
)
def test_bounds_hold_the_conclusion_and_what_is_open_may_become_either(
    rule: str, seen_by: SeenBy, veto: bool, data: st.DataObject
) -> None:
    least, most = RULES[rule]
    words = data.draw(st.lists(st.sampled_from([*Verdict, "-"]), min_size=least, max_size=most))
    checks = samples.checks(samples.check(veto=veto))
    vetoes = {f"ces.x.a#{number}" for number in range(1, len(words) + 1)} if veto else set()
    conclusion, worst, best = conclude_object(rule, steps_of(" ".join(words), seen_by), checks, vetoes)
    assert WORDS.index(worst) <= WORDS.index(best)
    if conclusion is not OPEN:
        assert conclusion is worst
        assert conclusion is best
    ends = st.sampled_from(["PASS", "PARTIAL", "FAIL"])
    settled = " ".join(data.draw(ends) if w in UNSETTLED else w for w in words)
    final = conclude_object(rule, steps_of(settled), checks, vetoes)[0]
    assert WORDS.index(worst) <= WORDS.index(final) <= WORDS.index(best)


def outcomes(*triples: tuple[Conclusion, Conclusion, Conclusion]) -> list[ObjectOutcome]:
    """Objects with these conclusions."""
    return [
        ObjectOutcome(str(n), "host", True, conclusion, worst, best, ())
        for n, (conclusion, worst, best) in enumerate(triples)
    ]


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([(YES, YES, YES)] * 2, (YES, YES, YES)),
        ([(NO, NO, NO)] * 2, (NO, NO, NO)),
        ([(YES, YES, YES), (NO, NO, NO)], (PART, PART, PART)),
        ([(PART, PART, PART)], (PART, PART, PART)),
        ([(YES, YES, YES), (OPEN, NO, YES)], (OPEN, PART, YES)),
        ([(NO, NO, NO), (OPEN, NO, YES)], (OPEN, NO, PART)),
        ([(OPEN, NO, YES)], (OPEN, NO, YES)),
    ],
)
def test_the_item_for_the_system(
    objects: list[tuple[Conclusion, Conclusion, Conclusion]], expected: tuple[Conclusion, ...]
) -> None:
    item = conclude_item(samples.requirement(), outcomes(*objects))
    assert (item.conclusion, item.worst, item.best) == expected


def test_a_better_object_never_makes_a_worse_item() -> None:
    for worse in itertools.product(WORDS, repeat=3):
        for place, word in itertools.product(range(3), WORDS):
            better = list(worse)
            better[place] = max(word, worse[place], key=WORDS.index)
            assert WORDS.index(over_objects(better)) >= WORDS.index(over_objects(worse))


def test_objects_that_an_item_does_not_apply_to_say_nothing() -> None:
    none = Conclusion.NOT_APPLICABLE
    assert over_objects([YES, none]) is YES
    assert over_objects([none, NO, none]) is NO
    assert over_objects([YES, NO, none]) is PART
    assert over_objects([none, none]) is none
