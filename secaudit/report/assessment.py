"""``assess --format json``: one document with every figure, its schema is reports/assessment/assessment.schema.json."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from secaudit.assess.figures import Figures, Template
from secaudit.assess.open_steps import OpenStep, open_steps
from secaudit.assess.risks import Risks
from secaudit.assess.score import TECHNICAL_DOMAINS, Bounds
from secaudit.model.assessment import Assessment, Conclusion, Coverage, ItemOutcome
from secaudit.model.register import System
from secaudit.report.problems import both
from secaudit.report.risks import hazards_view, range_view, risks_view
from secaudit.report.safe import shown
from secaudit.report.scope import sampling_view

SCHEMA = "secaudit/assessment"
SCHEMA_VERSION = "1.2"
PLACES = 2  # of what is shown; "exact" is a fraction

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A system to be shown under a template."""

    system: System
    run_id: str
    assessment: Assessment
    risks: Risks
    figures: Figures


def document_of(shown: Iterable[Shown], day: date, template: Template, *, provisional: bool) -> Data:
    """``day``: that of the report; ``provisional``: a range was asked for where no conclusion is final."""
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "self_assessment": True,
        "date": day.isoformat(),
        "template": template.value,
        "systems": [system_data(one, provisional=provisional) for one in shown],
    }


def system_data(one: Shown, *, provisional: bool) -> Data:
    """Everything of one system."""
    assessment, figures = one.assessment, one.figures
    return {
        "system": one.system.id,
        "name": one.system.name,
        "grade": str(one.system.grade),
        "level": one.system.level,
        "run": one.run_id,
        **figures_data(figures, provisional=provisional),
        "domains": _domains(assessment),
        "classes": _counted(assessment, lambda item: item.requirement.classification, "class"),
        "coverage": {
            "steps": sum(row.steps for row in assessment.coverage),
            "machine": sum(row.machine for row in assessment.coverage),
            "attested": sum(row.attested for row in assessment.coverage),
            "register": sum(row.register for row in assessment.coverage),
            "open": figures.open_steps,
        },
        "sampling": sampling_view(one.system),
        "unsampled": list(assessment.unsampled),
        "open_steps": _open_steps(assessment),
        "risks": risks_view(one.risks.risks),
        "items": [_item(item, figures) for item in assessment.items],
    }


def figures_data(figures: Figures, *, provisional: bool) -> Data:
    """What a template prints."""
    return {
        "rule": figures.rule.value,
        "applicable_items": applicable(figures),
        "score": _score(figures),
        "rate": _rate(figures),
        "high_risks": range_view(figures.high_risks),
        "medium_risks": range_view(figures.medium_risks),
        "hazards": hazards_view(figures),
        "conclusion": conclusion_data(figures, provisional=provisional),
    }


def conclusion_data(figures: Figures, *, provisional: bool) -> Data:
    """``final``: the conclusion, "" while it is refused; the range then where it was asked for."""
    worst, best = figures.predicted
    return {
        "final": worst if figures.final else "",
        "worst": worst if figures.final or provisional else "",
        "best": best if figures.final or provisional else "",
        "boundary": figures.boundary,
        "refused_for": {"open_steps": figures.open_steps, "undecided_risks": list(figures.undecided)},
    }


def applicable(figures: Figures) -> int:
    """n, the number of applicable items."""
    either = figures.score or figures.rate
    return either.items if either else 0


def _score(figures: Figures) -> Data | None:
    """Out of 100: Vt, Vm and M."""
    if figures.score is None:
        return None
    score = figures.score
    return {
        "technical": bounds_data(score.technical),
        "management": bounds_data(score.management),
        "total": bounds_data(score.total),
        "weights": _weights(figures),
    }


def _weights(figures: Figures) -> Data:
    """What the score rests on, and who laid that down; ``classes`` counts the applicable items."""
    weights = figures.weights
    return {
        "technical_share": str(weights.technical_share),
        "classes": {kind.value: count for kind, count in figures.classes.items()},
        "source": shown(weights.source),
        "table": shown(weights.table),
        "sha256": weights.sha256,
    }


def _rate(figures: Figures) -> Data | None:
    """In per cent."""
    if figures.rate is None:
        return None
    return {
        name: bounds_data(Bounds(rate.low * 100, rate.high * 100))
        for name, rate in (("strict", figures.rate.strict), ("weighted", figures.rate.weighted))
    }


def bounds_data(bounds: Bounds) -> Data:
    """Both ends, rounded and as fractions."""
    return {
        "low": rounded(bounds.low),
        "high": rounded(bounds.high),
        "exact": [str(bounds.low), str(bounds.high)],
    }


def rounded(number: Fraction) -> float:
    """Half up, as a person rounds."""
    scale = 10**PLACES
    return float(Fraction((number * scale + Fraction(1, 2)).__floor__(), scale))


def _domains(assessment: Assessment) -> list[Data]:
    steps = {row.domain: row for row in assessment.coverage}
    names = {item.requirement.domain_abbr: item.requirement.domain for item in assessment.items}
    rows = _counted(assessment, lambda item: item.requirement.domain_abbr, "domain")
    return [
        {
            **row,
            "name": names[row["domain"]],
            "technical": row["domain"] in TECHNICAL_DOMAINS,
            "steps": _steps(steps[row["domain"]]),
        }
        for row in rows
    ]


def _steps(row: Coverage) -> Data:
    return {
        "all": row.steps,
        "machine": row.machine,
        "attested": row.attested,
        "person": row.person,
        "evidence_missing": row.evidence_missing,
        "register": row.register,
    }


def _counted(assessment: Assessment, key: Callable[[ItemOutcome], str], name: str) -> list[Data]:
    """Items of each group, by conclusion."""
    groups: dict[str, Counter[Conclusion]] = {}
    for item in assessment.items:
        groups.setdefault(key(item), Counter())[item.conclusion] += 1
    return [
        {name: group, "items": counts.total(), "conclusions": _words(counts)}
        for group, counts in groups.items()
    ]


def _words(counts: Counter[Conclusion]) -> dict[str, int]:
    return {word.value: counts[word] for word in Conclusion}


def _open_steps(assessment: Assessment) -> list[Data]:
    """Every open step with its reason; objects with the same reason stand in one row."""
    rows: dict[tuple[Any, ...], Data] = {}
    for one in open_steps(assessment):
        gaps = one.gaps
        step = one.step
        why = (step.decider, tuple(gaps.items()), step.unseen, step.exemptions)
        place = (step.step.id, one.outcome.object_kind, *why)
        rows.setdefault(place, _open_step(one, gaps))["objects"].append(one.outcome.object_id)
    return list(rows.values())


def _open_step(one: OpenStep, gaps: dict[str, str]) -> Data:
    """``reason``: a person must answer (``person``, or the rest of it ``person_rest``), ``evidence_missing``, or what
    is registered does not suffice (``register``, for the ``exemptions``)."""
    return {
        "step": one.step.step.id,
        "unit": one.requirement.unit,
        "domain": one.requirement.domain_abbr,
        "question": both(one.step.step.question),
        "kind": one.outcome.object_kind,
        "objects": [],
        "reason": one.step.decider.value,
        "gaps": [{"check": check, "reason": reason} for check, reason in gaps.items()],
        "unseen": list(one.step.unseen),
        "exemptions": [exemption.value for exemption in one.step.exemptions],
    }


def _item(item: ItemOutcome, figures: Figures) -> Data:
    requirement = item.requirement
    return {
        "key": requirement.key,
        "unit": requirement.unit,
        "clause": f"{requirement.clause} {requirement.item}".strip(),
        "domain": requirement.domain_abbr,
        "class": requirement.classification,
        "weight": figures.weights.item_class(requirement).weight,
        "conclusion": item.conclusion.value,
        "worst": item.worst.value,
        "best": item.best.value,
        "objects": {
            "conclusion": _tally([o.conclusion for o in item.objects]),
            "worst": _tally([o.worst for o in item.objects]),
            "best": _tally([o.best for o in item.objects]),
        },
    }


def _tally(words: Sequence[Conclusion]) -> dict[str, int]:
    """On how many objects each conclusion stands; xk is recomputed from it."""
    counts = Counter(words)
    return {word.value: counts[word] for word in Conclusion if counts[word]}
