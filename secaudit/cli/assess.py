"""``secaudit assess``: items, figures and the conclusion, as the newest complete run of each system shows them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from secaudit.assess.figures import Figures, Template, template_for
from secaudit.assess.open_steps import open_steps
from secaudit.assess.score import ObjectRule
from secaudit.cli.assess_figures import figure_rows, show_figures
from secaudit.cli.assess_items import item_columns, item_row, show_coverage
from secaudit.cli.assess_open import open_columns, open_row, show_refusal
from secaudit.cli.assessed import Assessed, found_of
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.option_values import option_value
from secaudit.cli.show import format_option, show_rows
from secaudit.cli.wiring import open_workspace, tell_unreadable
from secaudit.language import _
from secaudit.register.attestations import last_day
from secaudit.register.times import in_zone
from secaudit.report.assessment import Shown, document_of


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
    on = option_value(last_day, day, "--date") if day else in_zone(datetime.now(UTC)).date()
    found, unreadable = found_of(open_workspace(workspace), workspace, systems, on)
    if only_open:
        rows = [open_row(one.assessment, each) for one in found for each in open_steps(one.assessment)]
        show_rows(open_columns(), rows, output_format)
        tell_unreadable(unreadable)
        return ExitCode.CLEAN
    chosen = Template(template or template_for(on))
    figures = [one.figures(chosen, ObjectRule(rule)) for one in found]
    match output_format:
        case "json":
            shown = (
                Shown(one.system, one.run.id, one.assessment, one.risks, each)
                for one, each in zip(found, figures, strict=True)
            )
            document = document_of(shown, on, chosen, provisional=provisional)
            click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        case "csv" if template:
            figure_rows([(one.system.id, one.run.id, each) for one, each in zip(found, figures, strict=True)])
        case "csv":
            _show_items(found, output_format)
        case _:
            _show_tables(found, figures, whole=not template, provisional=provisional)
    tell_unreadable(unreadable)
    return _concluded(workspace, found, figures, provisional, output_format)


def _show_items(found: Sequence[Assessed], output_format: str) -> None:
    rows = [item_row(one.assessment, item) for one in found for item in one.assessment.items]
    show_rows(item_columns(), rows, output_format)


def _show_tables(
    found: Sequence[Assessed], figures: Sequence[Figures], *, whole: bool, provisional: bool
) -> None:
    """``whole``: coverage and items before the figures."""
    if whole:
        for one in found:
            show_coverage(one.run.id, one.assessment)
        _show_items(found, "table")
    for one, each in zip(found, figures, strict=True):
        show_figures(one.system.id, one.run.id, each, provisional=provisional)


def _concluded(
    workspace: Path,
    found: Sequence[Assessed],
    figures: Sequence[Figures],
    provisional: bool,
    output_format: str,
) -> int:
    """Refuse what is not final: 6, and in a table what is open."""
    if provisional or all(each.final for each in figures):
        return ExitCode.CLEAN
    for one, each in zip(found, figures, strict=True):
        if not each.final and output_format == "table":
            show_refusal(workspace, one.assessment, each)
    if output_format != "table":
        click.echo(_("No final conclusion while something is open; --provisional gives the range."), err=True)
    return ExitCode.OPEN
