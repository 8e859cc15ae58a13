"""What must hold of any conclusion: better answers never worsen it, order is nothing, what is open stays inside."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from secaudit.assess import assess
from secaudit.assess.answers import answers_for
from secaudit.assess.candidates import digest
from secaudit.assess.figures import Figures, Template, figures_of
from secaudit.assess.prediction import Grade2021, Grade2025
from secaudit.assess.risks import RiskTables, risks_of
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import Requirement
from secaudit.model.risk import Ground, RiskAct, RiskDecision, RiskLevel
from tests.unit.assess import samples
from tests.unit.assess.risk_samples import HAZARD, HAZARDS, act, condition

ORDER: Final = (Answer.NOT_MET, Answer.PARTLY, Answer.MET)
GRADES: Final = {
    Template.OF_2021: [grade.value for grade in reversed(Grade2021)],
    Template.OF_2025: [grade.value for grade in reversed(Grade2025)],
}
RULES: Final = ("all", "any", "binary", "1|(2&3)", "all")
HALVES: Final = ("ces", "mms", "abs", "pss", "ors")
CONDITIONS: Final = {
    one.id: one
    for one in (
        replace(condition("HR-1"), keys=("ces.x.a",)),
        replace(condition("HR-2", hazard="A-31"), keys=("mms.x.a",), steps=("mms.x.a#2",)),
        replace(condition("HR-3", hazard="", basis="T2020"), keys=("abs.x.a",)),
        replace(condition("HR-4", hazard="", scope="ha_required", downgradable="no"), keys=("pss.x.a",)),
    )
}
TABLES: Final = RiskTables({}, CONDITIONS, HAZARDS)
SYSTEM: Final = samples.system(samples.asset(transport="none"), samples.asset("h2", transport="none"))


def _items() -> list[Requirement]:
    items = []
    for half, rule in zip(HALVES, RULES, strict=True):
        key, count = f"{half}.x.a", 1 if rule == "binary" else 3
        steps = tuple(samples.step(number, key=key) for number in range(1, count + 1))
        items.append(samples.requirement(*steps, key=key, rule=rule))
    return items


ITEMS: Final = _items()
STEPS: Final = [step.id for item in ITEMS for step in item.steps]
PLACES: Final = [(step, asset.id) for step in STEPS for asset in SYSTEM.assets]
Said = dict[tuple[str, str], Answer | None]
ANSWERS = st.fixed_dictionaries({place: st.sampled_from((None, *ORDER, *ORDER)) for place in PLACES})
COMPLETE = st.fixed_dictionaries({place: st.sampled_from(ORDER) for place in PLACES})
TEMPLATES = st.sampled_from(list(Template))
SEEN: Final = frozenset({digest("理由")})


def _acts() -> st.SearchStrategy[list[RiskDecision]]:
    """Acts on the grounds that answers show; what was seen is that of ``_attestations``."""
    grounds = [
        (name, Ground(asset, step, SEEN))
        for name, one in CONDITIONS.items()
        for step, asset in PLACES
        if one.shown_at(step)
    ]
    what = st.sampled_from((RiskAct.CONFIRM, RiskAct.DOWNGRADE, RiskAct.REVOKE))
    level = st.sampled_from(list(RiskLevel))
    return st.lists(st.builds(_act, what, st.sampled_from(grounds), level), max_size=8)


def _act(what: RiskAct, about: tuple[str, Ground], level: RiskLevel) -> RiskDecision:
    name, ground = about
    hazard = HAZARD if what is RiskAct.CONFIRM and CONDITIONS[name].hazard else None
    lowered = level if what is RiskAct.DOWNGRADE else None
    return act(what, ground, risk=name, hazard=hazard, level=lowered)


def attestations(said: Said) -> list[Attestation]:
    last = samples.TODAY + timedelta(days=365)
    return [
        Attestation(step, answer, "某人", samples.TODAY, last, "理由", asset, "oa")
        for (step, asset), answer in said.items()
        if answer is not None
    ]


def figures(said: Said, acts: list[RiskDecision], template: Template) -> Figures:
    answers = answers_for(SYSTEM, (), attestations(said), {}, samples.TODAY)
    found = assess(SYSTEM, samples.catalogue(*ITEMS), {}, [], answers)
    return figures_of(found.items, risks_of(SYSTEM, found, TABLES, acts, samples.TODAY), template)


def ends(found: Figures) -> tuple[int, int]:
    """(worst, best) conclusion as ranks, the best the highest."""
    grades = GRADES[found.template]
    return grades.index(found.predicted[0]), grades.index(found.predicted[1])


@settings(deadline=None)
@given(ANSWERS, _acts(), TEMPLATES)
def test_bounds_hold_and_what_is_final_is_one_word(
    said: Said, acts: list[RiskDecision], template: Template
) -> None:
    found = figures(said, acts, template)
    worst, best = ends(found)
    assert worst <= best
    assert found.final == (None not in said.values() and not found.undecided)
    assert worst == best or not found.final


@settings(deadline=None)
@given(ANSWERS, _acts(), TEMPLATES, st.data())
def test_a_better_answer_never_worsens_the_conclusion(
    said: Said, acts: list[RiskDecision], template: Template, data: st.DataObject
) -> None:
    answered = [place for place, answer in said.items() if answer is not None]
    place = data.draw(st.sampled_from(answered or PLACES))
    before = said[place]
    better = data.draw(st.sampled_from(ORDER[ORDER.index(before) :] if before else (Answer.MET,)))
    worse, now = figures(said, acts, template), figures({**said, place: better}, acts, template)
    assert ends(worse)[0] <= ends(now)[0]
    assert ends(worse)[1] <= ends(now)[1] or not before


@settings(deadline=None)
@given(ANSWERS, COMPLETE, _acts(), TEMPLATES)
def test_whatever_closes_what_is_open_stays_in_the_range(
    said: Said, rest: Said, acts: list[RiskDecision], template: Template
) -> None:
    closed = {place: answer or rest[place] for place, answer in said.items()}
    (low, high), (worst, best) = ends(figures(said, acts, template)), ends(figures(closed, acts, template))
    assert low <= worst
    assert best <= high


@settings(deadline=None)
@given(ANSWERS, _acts(), TEMPLATES, st.randoms())
def test_the_order_of_answers_is_nothing(
    said: Said, acts: list[RiskDecision], template: Template, chance: random.Random
) -> None:
    places = list(said)
    chance.shuffle(places)
    other = figures({place: said[place] for place in places}, acts, template)
    assert other == figures(said, acts, template)
