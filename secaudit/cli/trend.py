"""``secaudit trend``: how organisations, systems, items or checks did over time, from the stored runs."""

from datetime import date
from pathlib import Path

import click

from secaudit.assess.trends import periods
from secaudit.cli.content_source import content_of
from secaudit.cli.option_values import option_value
from secaudit.cli.show import print_parts
from secaudit.cli.trend_table import print_csv, print_table
from secaudit.cli.trended import trends_in
from secaudit.cli.wiring import open_workspace
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.model.trend import By, Per
from secaudit.register.times import office_day

FORMATS = ("table", "json", "csv", "html")
COUNT = 12


@click.command(help=_("Show how systems did over time, from the stored runs as they were judged last."))
@click.argument("names", nargs=-1, metavar=_("[SYSTEM|ORGANISATION]…"))
@click.option(
    "--by",
    type=click.Choice([by.value for by in By]),
    default=By.SYSTEM.value,
    show_default=True,
    help=_("What is followed."),
)
@click.option(
    "--per",
    type=click.Choice([per.value for per in Per]),
    default=Per.MONTH.value,
    show_default=True,
    help=_("How long a period is."),
)
@click.option(
    "--periods",
    "count",
    type=click.IntRange(1, 400),
    default=COUNT,
    show_default=True,
    help=_("How many, the last of which may not be over."),
)
@click.option("--until", metavar=_("DATE"), help=_("The last day that counts (default: today)."))
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    default="table",
    help=_("How to print it; html is written to a file."),
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("The file of html (default: reports/trend.html)."),
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), help=_("Language of html (default: that of the workspace).")
)
@click.pass_obj
def trend(
    workspace: Path,
    names: tuple[str, ...],
    by: str,
    per: str,
    count: int,
    until: str | None,
    output_format: str,
    out: Path | None,
    lang: Language | None,
) -> None:
    """The command."""
    opened, content = open_workspace(workspace), content_of(workspace)
    today = office_day()
    last = option_value(_day, until, "--until") if until else today
    with opened.open_scanned() as store:
        view = trends_in(opened, store, content, names, By(by), periods(Per(per), min(last, today), count))
    match output_format:
        case "json":
            from secaudit.report.output import json_parts

            print_parts(json_parts(view))
        case "csv":
            print_csv(view)
        case "html":
            from secaudit.report.trend_html import write_trend  # its library is loaded where it is used

            path = out or workspace / "reports" / "trend.html"
            write_trend(view, path, lang or opened.settings.language)
            click.echo(str(path))
        case _:
            print_table(view)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("a date like 2026-01-31 expected")) from error
