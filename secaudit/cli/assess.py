"""``secaudit assess``: items, figures and the conclusion, as the newest complete run of each system shows them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from secaudit.assess.figures import Figures, Template, template_for
from secaudit.assess.open_steps import open_steps
from secaudit.assess.score import ObjectRule
from secaudit.cli.assess_figures import figure_rows, show_figures
from secaudit.cli.assess_items import item_columns, item_row, show_coverage
from secaudit.cli.assess_open import open_columns, open_row, show_refusal
from secaudit.cli.assessed import Assessed, each_of
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.option_values import option_value
from secaudit.cli.show import format_option, show_rows
from secaudit.cli.wiring import open_workspace, tell_unreadable
from secaudit.language import _
from secaudit.register.attestations import last_day
from secaudit.register.times import office_day
from secaudit.report.assessment import Shown, document_of
from secaudit.store import UnreadableRun


@click.command(
    help=_(
        "Show the items of the standard, the figures of a report template and the predicted conclusion.\n\n"
        "While a step is open or a risk undecided, no conclusion is final: assess says what is open and exits "
        "with 6. With --provisional it shows the range between worst and best and exits with 0."
    )
)
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@click.option(
    "--template",
    type=click.Choice([template.value for template in Template]),
    help=_("The report template (default: by the date); the table shows its figures alone."),
)
@click.option(
    "--date",
    "day",
    metavar=_("DATE"),
    help=_("The date of the report, on which answers hold (default: today)."),
)
@click.option(
    "--rule",
    type=click.Choice([rule.value for rule in ObjectRule]),
    default=ObjectRule.MEAN.value,
    help=_("How several objects of an item are counted in its figures."),
)
@click.option(
    "--provisional", is_flag=True, help=_("Show the range of the conclusion while something is open.")
)
@click.option("--open", "only_open", is_flag=True, help=_("Show every open step instead, with its reason."))
@format_option
@click.pass_obj
def assess(
    workspace: Path,
    systems: tuple[str, ...],
    template: str | None,
    day: str | None,
    rule: str,
    provisional: bool,
    only_open: bool,
    output_format: str,
) -> int:
    """The command: 6 while something is open, unless a range or the open steps were asked for."""
    on = option_value(last_day, day, "--date") if day else office_day()
    unreadable: list[UnreadableRun] = []
    found = each_of(open_workspace(workspace), systems, unreadable, on)
    asked = _Asked(on, template, ObjectRule(rule), provisional)
    if only_open:
        rows = [open_row(one.assessment, each) for one in found for each in open_steps(one.assessment)]
        show_rows(open_columns(), rows, output_format)
        tell_unreadable(unreadable)
        return ExitCode.CLEAN
    final = {"json": _show_json, "csv": _show_csv}.get(output_format, _show_tables)(workspace, found, asked)
    tell_unreadable(unreadable)
    if final or provisional:
        return ExitCode.CLEAN
    if output_format != "table":
        click.echo(_("No final conclusion while something is open; --provisional gives the range."), err=True)
    return ExitCode.OPEN


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to be shown; ``named`` is the template where one was named."""

    day: date
    named: str | None
    rule: ObjectRule
    provisional: bool

    @property
    def template(self) -> Template:
        return Template(self.named or template_for(self.day))


def _show_json(_workspace: Path, found: Iterable[Assessed], asked: _Asked) -> bool:
    """The document; whether every conclusion in it is final."""
    finals: list[bool] = []

    def shown() -> Iterator[Shown]:
        for one in found:
            figures = one.figures(asked.template, asked.rule)
            finals.append(figures.final)
            yield Shown(one.system, one.run.id, one.assessment, one.risks, figures)

    document = document_of(shown(), asked.day, asked.template, provisional=asked.provisional)
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))
    return all(finals)


def _show_csv(_workspace: Path, found: Iterable[Assessed], asked: _Asked) -> bool:
    """Figures of the template that was named, else items; whether every conclusion is final."""
    flat: list[tuple[str, str, Figures]] = []
    items: list[dict[str, Any]] = []
    for one in found:
        flat.append((one.system.id, one.run.id, one.figures(asked.template, asked.rule)))
        if not asked.named:
            items += [item_row(one.assessment, item) for item in one.assessment.items]
    if asked.named:
        figure_rows(flat)
    else:
        show_rows(item_columns(), items, "csv")
    return all(figures.final for _system, _run, figures in flat)


def _show_tables(workspace: Path, found: Iterable[Assessed], asked: _Asked) -> bool:
    """System by system: coverage and items unless a template was named, figures, and the conclusion or its refusal."""
    finals: list[bool] = []
    for one in found:
        figures = one.figures(asked.template, asked.rule)
        if not asked.named:
            show_coverage(one.run.id, one.assessment)
            show_rows(
                item_columns(), [item_row(one.assessment, item) for item in one.assessment.items], "table"
            )
        show_figures(one.system.id, one.run.id, figures, provisional=asked.provisional)
        if not (figures.final or asked.provisional):
            show_refusal(workspace, one.assessment, figures)
        finals.append(figures.final)
    return all(finals)
