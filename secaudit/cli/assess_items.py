"""``secaudit assess``: coverage and items as rows."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import click

from secaudit.cli.show import Column, show_rows
from secaudit.cli.words import conclusion_words, domain_words, spoken
from secaudit.language import _
from secaudit.model.assessment import Assessment, Conclusion, ItemOutcome


def show_coverage(run_id: str, assessment: Assessment) -> None:
    """A row for each domain, and what they add up to."""
    told = _("{system}, level {level}, run {run} (self-assessment)")
    click.echo(told.format(system=assessment.system_id, level=assessment.level, run=run_id))
    rows = _coverage_rows(assessment)
    columns = [column for column in _coverage_columns() if column.key != "register" or rows[-1]["register"]]
    show_rows(columns, rows, "table")


def _coverage_columns() -> list[Column]:
    return [
        Column("domain", _("domain"), fold=True),
        Column("items", _("items"), right=True),
        *(Column(name, word, right=True) for name, word in conclusion_words().items()),
        Column("steps", _("steps"), right=True),
        Column("machine", _("decided by machine"), right=True),
        Column("attested", _("answered by a person"), right=True),
        Column("person", _("waiting for a person"), right=True),
        Column("evidence_missing", _("evidence missing"), right=True),
        Column("register", _("by the register"), right=True),
    ]


def _coverage_rows(assessment: Assessment) -> list[dict[str, Any]]:
    rows = []
    for row in assessment.coverage:
        conclusions = Counter(
            item.conclusion.value for item in assessment.items if item.requirement.domain_abbr == row.domain
        )
        rows.append(
            {
                "domain": f"{row.domain} {domain_words()[row.domain]}",
                "items": row.items,
                **{conclusion.value: conclusions[conclusion.value] for conclusion in Conclusion},
                "steps": row.steps,
                "machine": row.machine,
                "attested": row.attested,
                "person": row.person,
                "evidence_missing": row.evidence_missing,
                "register": row.register,
            }
        )
    return [*rows, _total(rows)]


def _total(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    keys = [column.key for column in _coverage_columns()[1:]]
    return {"domain": _("together"), **{key: sum(row[key] for row in rows) for key in keys}}


def item_columns() -> list[Column]:
    """The columns of items."""
    return [
        Column("system", _("system")),
        Column("unit", _("unit")),
        Column("clause", _("clause")),
        Column("key", _("item")),
        Column("conclusion", _("conclusion"), words=conclusion_words()),
        Column("worst", _("at worst"), words=conclusion_words()),
        Column("best", _("at best"), words=conclusion_words()),
        Column("objects", _("objects"), right=True),
        Column("summary", _("what is asked"), fold=True),
    ]


def item_row(assessment: Assessment, item: ItemOutcome) -> dict[str, Any]:
    """An item as a row."""
    requirement = item.requirement
    return {
        "system": assessment.system_id,
        "unit": requirement.unit,
        "clause": f"{requirement.clause} {requirement.item}".strip(),
        "key": requirement.key,
        "conclusion": item.conclusion.value,
        "worst": item.worst.value,
        "best": item.best.value,
        "objects": sum(o.registered for o in item.objects),
        "summary": spoken(requirement.summary),
    }
