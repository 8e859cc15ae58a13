"""What a report template prints of an assessment: figures, risks, and the conclusion predicted from them, as bounds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from secaudit.assess.candidates import Candidate
from secaudit.assess.prediction import predict_2021, predict_2025
from secaudit.assess.score import ObjectRule, Rate, Score, rate_2025, score_2021
from secaudit.model.assessment import Conclusion, ItemOutcome

LAST_DAY_OF_2021: Final = date(2025, 3, 20)


class Template(StrEnum):
    """The report templates."""

    OF_2021 = "2021"
    OF_2025 = "2025"


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a system under a template.

    ``predicted``: the conclusion if all that is open turns out badly and every candidate is confirmed, and if all
    turns out well and none is. ``boundary``: one of them stands on a limit that the template does not define.
    ``open_items`` are 待核实: while there is one, no conclusion is final.
    """

    template: Template
    rule: ObjectRule
    score: Score | None
    rate: Rate | None
    high_risks: tuple[str, ...]
    hazards: tuple[str, ...]
    predicted: tuple[str, str]
    boundary: bool
    open_items: int


def template_for(day: date) -> Template:
    """The 2025 template applies to reports with a date after 2025-03-20."""
    return Template.OF_2025 if day > LAST_DAY_OF_2021 else Template.OF_2021


def figures_of(
    items: Sequence[ItemOutcome],
    candidates: Iterable[Candidate],
    template: Template,
    *,
    rule: ObjectRule = ObjectRule.MEAN,
    weights: Mapping[str, int] | None = None,
) -> Figures:
    """Conditions that only the older guide knows count under the 2021 template alone."""
    known = [one for one in candidates if template is Template.OF_2021 or one.condition.basis == "SG2025"]
    high_risks = tuple(dict.fromkeys(one.condition.id for one in known))
    hazards = tuple(dict.fromkeys(one.hazard for one in known if one.hazard))
    open_items = sum(item.conclusion is Conclusion.OPEN for item in items)
    if template is Template.OF_2021:
        score = score_2021(items, weights or {}, rule)
        predicted = _of_2021(items, score, len(high_risks))
        return Figures(template, rule, score, None, high_risks, hazards, predicted, False, open_items)
    rate = rate_2025(items, rule)
    worst = predict_2025(rate.strict.low, len(hazards))
    best = predict_2025(rate.strict.high, 0)
    return Figures(
        template,
        rule,
        None,
        rate,
        high_risks,
        hazards,
        (worst.grade.value, best.grade.value),
        worst.boundary or best.boundary,
        open_items,
    )


def _of_2021(items: Sequence[ItemOutcome], score: Score, high_risks: int) -> tuple[str, str]:
    """At worst every defect is a medium risk; at best none is one."""
    defects = sum(item.worst in (Conclusion.PARTLY, Conclusion.NOT_COMPLIANT) for item in items)
    worst = predict_2021(score.total.low, high_risks, defects)
    return worst.value, predict_2021(score.total.high, 0, 0).value
