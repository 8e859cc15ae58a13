"""``secaudit assess --template``: the figures of a report template, between what is sure and what is possible."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import click

from secaudit.assess.figures import Figures, Template
from secaudit.assess.score import Bounds
from secaudit.cli.show import Column, show_rows
from secaudit.language import _


def show_figures(rows: Sequence[tuple[str, str, Figures]], output_format: str) -> None:
    """(system, run, figures): lines for a person; one flat row a system in JSON and CSV."""
    if output_format == "table":
        for system_id, run_id, figures in rows:
            for line in _lines(system_id, run_id, figures):
                click.echo(line)
        return
    flat = [{"system": system_id, "run": run_id, **_flat(figures)} for system_id, run_id, figures in rows]
    show_rows([Column(key, key) for key in (flat[0] if flat else {})], flat, output_format)


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
    either = score or rate
    return {
        "template": figures.template.value,
        "rule": figures.rule.value,
        "items": either.items if either else 0,
        "open_items": figures.open_items,
        **{
            f"{name}_{side}": None if bounds is None else round(float(getattr(bounds, side)), 2)
            for name, bounds in percentages.items()
            for side in ("low", "high")
        },
        "high_risk_candidates": list(figures.high_risks),
        "hazard_candidates": list(figures.hazards),
        "predicted_low": figures.predicted[0],
        "predicted_high": figures.predicted[1],
        "boundary": figures.boundary,
    }


def _lines(system_id: str, run_id: str, figures: Figures) -> list[str]:
    head = _("{system}, run {run}: figures of the {template} template (self-assessment, rule {rule})")
    return [
        head.format(system=system_id, run=run_id, template=figures.template.value, rule=figures.rule.value),
        *(f"  {line}" for line in _measured(figures)),
        "  " + _counted(_("high-risk candidates"), figures.high_risks),
        "  " + _counted(_("major hazard candidates"), figures.hazards),
        "  " + _("predicted conclusion: {words}").format(words=_between(*figures.predicted)),
        *(f"  {line}" for line in _warnings(figures)),
    ]


def _measured(figures: Figures) -> list[str]:
    if figures.template is Template.OF_2025 and figures.rate:
        strict, weighted = _hundredfold(figures.rate.strict), _hundredfold(figures.rate.weighted)
        words = _("rate of compliance: {strict} % strict, {weighted} % weighted, of {items} items")
        return [words.format(strict=_range(strict), weighted=_range(weighted), items=figures.rate.items)]
    if figures.score is None:
        return []
    words = _("score: {total} (technical {technical}, management {management}), of {items} items")
    score = figures.score
    return [
        words.format(
            total=_range(score.total),
            technical=_range(score.technical),
            management=_range(score.management),
            items=score.items,
        )
    ]


def _warnings(figures: Figures) -> list[str]:
    found = []
    if figures.open_items:
        words = _("{count} items are open (待核实): no conclusion is final before they are decided")
        found.append(words.format(count=figures.open_items))
    if figures.high_risks:
        found.append(_("each candidate waits for a person to confirm or to downgrade it"))
    if figures.boundary:
        found.append(
            _("the rate stands exactly on a limit that the template does not define: 基本符合 is taken")
        )
    return found


def _counted(name: str, ids: Sequence[str]) -> str:
    return f"{name}: {len(ids)}" + (f" ({', '.join(ids)})" if ids else "")


def _hundredfold(bounds: Bounds) -> Bounds:
    return Bounds(bounds.low * 100, bounds.high * 100)


def _range(bounds: Bounds) -> str:
    return _between(_shown(bounds.low), _shown(bounds.high))


def _between(low: str, high: str) -> str:
    return low if low == high else f"{low} – {high}"


def _shown(number: Fraction) -> str:
    return f"{float(number):.2f}"
