"""What a report template prints of an assessment: figures, risks, and the conclusion predicted from them, as bounds."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from secaudit.assess.prediction import predict_2021, predict_2025
from secaudit.assess.risks import Risk, Risks
from secaudit.assess.score import ObjectRule, Rate, Score, is_applicable, rate_2025, score_2021
from secaudit.assess.standing import Standing
from secaudit.model.assessment import Conclusion, ItemOutcome, StepState
from secaudit.model.weights import DEFAULT_WEIGHTS, ItemClass, Weights

LAST_DAY_OF_2021: Final = date(2025, 3, 20)
DEFECTS: Final = (Conclusion.PARTLY, Conclusion.NOT_COMPLIANT)


class Template(StrEnum):
    """The report templates."""

    OF_2021 = "2021"
    OF_2025 = "2025"


@dataclass(frozen=True, slots=True)
class Range:
    """Ids of risks: those that are ``sure``, and those that ``may`` be added by what is open."""

    sure: tuple[str, ...]
    may: tuple[str, ...]

    @property
    def most(self) -> int:
        return len(self.sure) + len(self.may)


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a system under a template.

    ``high_risks``: what remains after mitigation (2021). ``hazards``: codes of major hazards as they were before
    rectification (2025), of the sure ones those ``rectified``. ``medium_risks``: downgraded conditions and the items
    with a defect that no person called a low risk (2021). ``predicted``: the conclusion if all that is open turns out
    badly, and if all turns out well. ``boundary``: one of them stands on a limit that the template does not define.
    ``weights`` are what the score (2021) rests on, ``classes`` how many applicable items are of each.
    ``undecided``: risks that wait for a person; while there is one, or an open step, no conclusion is ``final``.
    """

    template: Template
    rule: ObjectRule
    score: Score | None
    rate: Rate | None
    high_risks: Range
    hazards: Range
    rectified: tuple[str, ...]
    medium_risks: Range
    undecided: tuple[str, ...]
    predicted: tuple[str, str]
    boundary: bool
    open_items: int
    open_steps: int
    weights: Weights
    classes: Mapping[ItemClass, int]

    @property
    def final(self) -> bool:
        return not self.open_steps and not self.undecided


def template_for(day: date) -> Template:
    """The 2025 template applies to reports with a date after 2025-03-20."""
    return Template.OF_2025 if day > LAST_DAY_OF_2021 else Template.OF_2021


def figures_of(
    items: Sequence[ItemOutcome],
    risks: Risks,
    template: Template,
    *,
    rule: ObjectRule = ObjectRule.MEAN,
    weights: Weights = DEFAULT_WEIGHTS,
) -> Figures:
    """Conditions that only the older guide knows count under the 2021 template alone."""
    known = [one for one in risks.risks if _counts(one, template)]
    high_risks, hazards = _high_risks(known, risks, template), _hazards(known, risks)
    of_2021 = template is Template.OF_2021
    medium_risks = _medium_risks(known, items, risks) if of_2021 else Range((), ())
    score = _score(items, weights, rule) if of_2021 else None
    rate = None if of_2021 else rate_2025(items, rule)
    predicted, boundary = _predicted(score, rate, high_risks, medium_risks, hazards)
    open_steps = sum(map(_open_steps, items))
    undecided = [one.id for one in known if one.undecided]
    if not open_steps:  # evidence of no step may still be missing: what it could show is not known
        told = {name for one in known if one.undecided for name in (one.id, one.hazard)}
        undecided += [name for name in (high_risks if of_2021 else hazards).may if name not in told]
    return Figures(
        template=template,
        rule=rule,
        score=score,
        rate=rate,
        high_risks=high_risks,
        hazards=hazards,
        rectified=_rectified(known),
        medium_risks=medium_risks,
        undecided=tuple(undecided),
        predicted=predicted,
        boundary=boundary,
        open_items=sum(item.conclusion is Conclusion.OPEN for item in items),
        open_steps=open_steps,
        weights=weights,
        classes=_classes(items, weights),
    )


def _score(items: Sequence[ItemOutcome], weights: Weights, rule: ObjectRule) -> Score:
    by_key = weights.by_key(item.requirement for item in items)
    return score_2021(items, by_key, rule, weights.technical_share)


def _classes(items: Iterable[ItemOutcome], weights: Weights) -> dict[ItemClass, int]:
    counts = Counter(weights.item_class(item.requirement) for item in items if is_applicable(item))
    return {kind: counts[kind] for kind in ItemClass}


def _counts(risk: Risk, template: Template) -> bool:
    return template is Template.OF_2021 or risk.condition is None or risk.condition.basis == "SG2025"


def _high_risks(known: Sequence[Risk], risks: Risks, template: Template) -> Range:
    sure = [one.id for one in known if one.standing is Standing.CONFIRMED]
    possible = [one.id for one in risks.possible if template is Template.OF_2021 or one.basis == "SG2025"]
    return _range(sure, [*(one.id for one in known if one.undecided), *possible])


def _hazards(known: Sequence[Risk], risks: Risks) -> Range:
    """By code: conditions of one trigger are one hazard."""
    sure = [one.hazard for one in known if one.is_hazard]
    undecided = [one.hazard for one in known if one.undecided and one.hazard]
    return _range(sure, [*undecided, *(one.hazard for one in risks.possible if one.hazard)])


def _rectified(known: Sequence[Risk]) -> tuple[str, ...]:
    """Codes whose conditions are all rectified."""
    left = {one.hazard for one in known if one.is_hazard and not one.rectified}
    return tuple(dict.fromkeys(one.hazard for one in known if one.rectified and one.hazard not in left))


def _medium_risks(known: Sequence[Risk], items: Sequence[ItemOutcome], risks: Risks) -> Range:
    """A defect is a medium risk unless a person called it a low one: what a defect is worth is not published."""
    sure = [one.id for one in known if one.is_medium]
    sure += [_key(item) for item in items if item.best in DEFECTS and _key(item) not in risks.lowered]
    may = [
        _key(item)
        for item in items
        if item.worst in DEFECTS and (_key(item) not in risks.lowered or _open_steps(item))
    ]
    return _range(sure, [*(one.id for one in known if one.undecided), *may])


def _open_steps(item: ItemOutcome) -> int:
    return sum(step.state is StepState.OPEN for outcome in item.objects for step in outcome.steps)


def _key(item: ItemOutcome) -> str:
    return item.requirement.key


def _range(sure: Iterable[str], may: Iterable[str]) -> Range:
    counted = tuple(dict.fromkeys(sure))
    return Range(counted, tuple(one for one in dict.fromkeys(may) if one not in counted))


def _predicted(
    score: Score | None, rate: Rate | None, high: Range, medium: Range, hazards: Range
) -> tuple[tuple[str, str], bool]:
    """(worst, best) conclusion, and whether one of them stands on a limit."""
    if score:
        worst_2021 = predict_2021(score.total.low, high.most, medium.most)
        best_2021 = predict_2021(score.total.high, len(high.sure), len(medium.sure))
        return (worst_2021.value, best_2021.value), False
    assert rate is not None
    worst = predict_2025(rate.strict.low, hazards.most)
    best = predict_2025(rate.strict.high, len(hazards.sure))
    return (worst.grade.value, best.grade.value), worst.boundary or best.boundary
