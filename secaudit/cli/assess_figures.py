"""``secaudit assess``: the figures of a report template, between what is sure and what is possible."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from secaudit.assess.figures import Figures, Range, Template
from secaudit.assess.score import Bounds
from secaudit.cli.escaping import printable
from secaudit.cli.show import Column, show_rows
from secaudit.cli.words import class_words, predicted_words
from secaudit.language import _
from secaudit.report.assessment import applicable, rounded
from secaudit.report.risks import hazard_count

NAMED = 8  # ids that a line lists


def figure_rows(rows: Sequence[tuple[str, str, Figures]]) -> None:
    """(system, run, figures) as CSV, one flat row a system."""
    flat = [{"system": system_id, "run": run_id, **_flat(figures)} for system_id, run_id, figures in rows]
    show_rows([Column(key, key) for key in (flat[0] if flat else {})], flat, "csv")


def _flat(figures: Figures) -> dict[str, Any]:
    """Shares as percentages, scores out of 100, both rounded to two places; bounds as ``_low`` and ``_high``."""
    score, rate = figures.score, figures.rate
    percentages = {
        "strict_rate": _hundredfold(rate.strict) if rate else None,
        "weighted_rate": _hundredfold(rate.weighted) if rate else None,
        "technical": score.technical if score else None,
        "management": score.management if score else None,
        "score": score.total if score else None,
    }
    return {
        "template": figures.template.value,
        "rule": figures.rule.value,
        "items": applicable(figures),
        "open_items": figures.open_items,
        "open_steps": figures.open_steps,
        **{
            f"{name}_{side}": None if bounds is None else rounded(getattr(bounds, side))
            for name, bounds in percentages.items()
            for side in ("low", "high")
        },
        "high_risks": list(figures.high_risks.sure),
        "medium_risks": list(figures.medium_risks.sure),
        "hazards": list(figures.hazards.sure),
        "rectified": list(figures.rectified),
        "undecided": list(figures.undecided),
        "predicted_low": figures.predicted[0],
        "predicted_high": figures.predicted[1],
        "final": figures.final,
        "boundary": figures.boundary,
        "technical_share": float(figures.weights.technical_share) if score else None,
        "weights": [f"{count} {kind.value}" for kind, count in figures.classes.items()] if score else [],
        "weights_source": figures.weights.source if score else "",
        "weights_table": figures.weights.table if score else "",
    }


def show_figures(system_id: str, run_id: str, figures: Figures, *, provisional: bool) -> None:
    """The figures as lines for a person; the range of a conclusion that is not final where it was asked for."""
    head = _("{system}, run {run}: figures of the {template} template (self-assessment, rule {rule})")
    named = {"system": system_id, "run": run_id, "template": figures.template.value}
    click.echo(head.format(**named, rule=figures.rule.value))
    concluded = _concluded(figures) if figures.final or provisional else ()
    for line in (_measured(figures), *_weighed(figures), *_risks(figures), *concluded):
        click.echo(f"  {line}")


def _measured(figures: Figures) -> str:
    if figures.rate:
        strict, weighted = _hundredfold(figures.rate.strict), _hundredfold(figures.rate.weighted)
        words = _("rate of compliance: {strict} % strict, {weighted} % weighted, of {items} items")
        return words.format(strict=_range(strict), weighted=_range(weighted), items=figures.rate.items)
    score = figures.score
    assert score is not None
    words = _("score: {total} (technical {technical}, management {management}), of {items} items")
    return words.format(
        total=_range(score.total),
        technical=_range(score.technical),
        management=_range(score.management),
        items=score.items,
    )


def _weighed(figures: Figures) -> Iterator[str]:
    """What the score rests on."""
    if figures.score is None:
        return
    weights = figures.weights
    words = class_words()
    counts = ", ".join(words[kind].format(count=count) for kind, count in figures.classes.items())
    told = _("weights: {counts}; share of technical items {share}; laid down by: {source}")
    named = " ".join(part for part in (weights.source, weights.table) if part)
    source = printable(named) or _("nobody, all items weigh the same")
    yield told.format(counts=counts, share=float(weights.technical_share), source=source)


def _risks(figures: Figures) -> Iterator[str]:
    if figures.template is Template.OF_2021:
        yield _counted(_("high risks"), str(len(figures.high_risks.sure)), figures.high_risks)
        yield _counted(_("medium risks"), str(len(figures.medium_risks.sure)), figures.medium_risks)
    else:
        yield _counted(_("major hazards"), hazard_count(figures), figures.hazards)
    if figures.undecided:
        told = _("undecided risks: {count} ({names})")
        yield told.format(count=len(figures.undecided), names=_named(figures.undecided))


def _counted(name: str, count: str, found: Range) -> str:
    told = _("{name}: {count} ({names})") if found.sure else _("{name}: {count}")
    line = told.format(name=name, count=count, names=_named(found.sure))
    if not found.may:
        return line
    return line + _(", up to {count} more by what is open").format(count=len(found.may))


def _named(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (_(" and {count} more").format(count=more) if more > 0 else "")


def _concluded(figures: Figures) -> Iterator[str]:
    worst, best = figures.predicted
    if figures.final:
        yield _("predicted conclusion: {words}").format(words=predicted_words()[worst])
    else:
        told = _("predicted conclusion, provisional: {words}")
        yield told.format(words=" – ".join(predicted_words()[one] for one in dict.fromkeys((worst, best))))
        yield _(
            "the range takes every open item as applicable: an answer “not applicable” changes what is counted"
        )
    if figures.boundary:
        yield _(
            "the rate stands exactly on a limit that the template does not define: basically compliant is taken"
        )


def _hundredfold(bounds: Bounds) -> Bounds:
    return Bounds(bounds.low * 100, bounds.high * 100)


def _range(bounds: Bounds) -> str:
    low, high = (f"{rounded(end):.2f}" for end in (bounds.low, bounds.high))
    return low if low == high else f"{low} – {high}"
