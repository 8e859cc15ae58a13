"""``secaudit assess``: the items of the standard, as the newest complete run of each system shows them."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from secaudit.assess import assess as assess_system
from secaudit.assess import catalogue_for
from secaudit.assess.candidates import candidates_of
from secaudit.assess.figures import Figures, Template, figures_of, template_for
from secaudit.assess.score import ObjectRule
from secaudit.cli.assess_figures import show_figures
from secaudit.cli.content_source import content_of
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.wiring import (
    OnRecord,
    Workspace,
    judgement_of,
    newest_run_of,
    nothing_scanned,
    on_record,
    open_workspace,
    tell_newer,
    tell_unreadable,
)
from secaudit.cli.words import spoken
from secaudit.content import Content
from secaudit.language import _
from secaudit.model.assessment import Assessment, Conclusion, ItemOutcome
from secaudit.store import Store, UnreadableRun


@click.command(help=_("Show the items of the standard and how far they are decided."))
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@click.option(
    "--template",
    type=click.Choice([template.value for template in Template]),
    help=_("Show the figures of this report template instead of the items."),
)
@click.option(
    "--rule",
    type=click.Choice([rule.value for rule in ObjectRule]),
    default=ObjectRule.MEAN.value,
    help=_("How several objects of an item are counted in its figures."),
)
@format_option
@click.pass_obj
def assess(
    workspace: Path, systems: tuple[str, ...], template: str | None, rule: str, output_format: str
) -> None:
    """The command."""
    opened = open_workspace(workspace)
    content, answered = content_of(workspace), on_record(opened)
    rows: list[dict[str, Any]] = []
    figures: list[tuple[str, str, Figures]] = []
    unreadable: list[UnreadableRun] = []
    with opened.open_scanned() as store:
        for system_id in systems or _audited(opened, store):
            run = newest_run_of(store, system_id)
            run_id = run.id
            tell_newer(store, run, system_id)
            try:
                assessment = assessment_of(answered, store, run_id, system_id, content)
            except UnreadableRun as error:
                unreadable.append(error)
                continue
            if template or output_format == "table":
                chosen = Template(template or template_for(datetime.now(UTC).date()))
                shown = _figures(store, run_id, assessment, content, chosen, ObjectRule(rule))
                figures.append((system_id, run_id, shown))
            if output_format == "table" and not template:
                _show_coverage(run_id, assessment)
            rows += [_item_row(assessment, item) for item in assessment.items]
    if not template:
        show_rows(_item_columns(), rows, output_format)
    if figures or template:
        show_figures(figures, output_format)
    tell_unreadable(unreadable)


def _audited(opened: Workspace, store: Store) -> Sequence[str]:
    seen = {system_id for run in store.runs() for system_id in run.systems}
    found = [system.id for system in opened.register.systems if system.id in seen]
    if not found:
        raise nothing_scanned()
    return found


def assessment_of(
    answered: OnRecord, store: Store, run_id: str, system_id: str, content: Content
) -> Assessment:
    """One system on one run, with the register as it was then. Raises UsageError where other content judged it."""
    judgement_of(store, run_id, content)
    system = next(system for system in store.run(run_id).plan.systems if system.id == system_id)
    catalogue = catalogue_for(content.catalogues, system.grade, system.extensions)
    answers = answered.answers(system, catalogue)
    return assess_system(system, catalogue, content.checks, store.records(run_id), answers)


def _figures(
    store: Store,
    run_id: str,
    assessment: Assessment,
    content: Content,
    template: Template,
    rule: ObjectRule,
) -> Figures:
    system = next(one for one in store.run(run_id).plan.systems if one.id == assessment.system_id)
    own = {asset.id for asset in system.assets}
    results = (
        result for record in store.records(run_id) if record.asset_id in own for result in record.results
    )
    candidates = candidates_of(system, results, content.checks, content.high_risks)
    return figures_of(assessment.items, candidates, template, rule=rule)


def _show_coverage(run_id: str, assessment: Assessment) -> None:
    told = _("{system}, level {level}, run {run} (self-assessment)")
    click.echo(told.format(system=assessment.system_id, level=assessment.level, run=run_id))
    rows = _coverage_rows(assessment)
    columns = [column for column in _coverage_columns() if column.key != "register" or rows[-1]["register"]]
    show_rows(columns, rows, "table")


def _coverage_columns() -> list[Column]:
    return [
        Column("domain", _("domain"), fold=True),
        Column("items", _("items"), right=True),
        *(Column(conclusion.value, conclusion.value, right=True) for conclusion in Conclusion),
        Column("steps", _("steps"), right=True),
        Column("machine", _("decided by machine"), right=True),
        Column("attested", _("answered by a person"), right=True),
        Column("person", _("waiting for a person"), right=True),
        Column("evidence_missing", _("evidence missing"), right=True),
        Column("register", _("by the register"), right=True),
    ]


def _coverage_rows(assessment: Assessment) -> list[dict[str, Any]]:
    names = {item.requirement.domain_abbr: item.requirement.domain for item in assessment.items}
    rows = []
    for row in assessment.coverage:
        conclusions = Counter(
            item.conclusion.value for item in assessment.items if item.requirement.domain_abbr == row.domain
        )
        rows.append(
            {
                "domain": f"{row.domain} {names[row.domain]}",
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


def _item_columns() -> list[Column]:
    return [
        Column("system", _("system")),
        Column("unit", _("unit")),
        Column("clause", _("clause")),
        Column("key", _("item")),
        Column("conclusion", _("conclusion")),
        Column("worst", _("at worst")),
        Column("best", _("at best")),
        Column("objects", _("objects"), right=True),
        Column("summary", _("what is asked"), fold=True),
    ]


def _item_row(assessment: Assessment, item: ItemOutcome) -> dict[str, Any]:
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
