"""``secaudit report brief``: the brief of an organisation on a quarter (季度简报)."""

import importlib
from datetime import date
from pathlib import Path

import click

from secaudit.cli.briefed import brief_of, quarter_of
from secaudit.cli.content_source import content_of
from secaudit.cli.option_values import option_value
from secaudit.cli.wiring import open_workspace
from secaudit.cli.writing_options import folder_option, formats_option, lang_option
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.register.times import office_day
from secaudit.report.brief_view import brief_view
from secaudit.report.output import write_json

# each is imported when it is asked for, with its libraries
WRITERS = {
    "html": "secaudit.report.brief_html:write_brief_html",
    "docx": "secaudit.report.brief_word:write_brief_word",
}
FORMATS = (*WRITERS, "json")


@click.command(
    help=_("Write the brief of an organisation (default: of the whole office) on a quarter, two pages.")
)
@click.argument("organisation", required=False, metavar=_("[ORGANISATION]"))
@click.option("--quarter", metavar="2026-Q3", help=_("Which quarter (default: the one that ended last)."))
@click.option(
    "--number", default="", help=_("Number of the document (default: from quarter and organisation).")
)
@formats_option(FORMATS, default="docx")
@folder_option
@lang_option
@click.pass_obj
def brief(
    workspace: Path,
    organisation: str | None,
    quarter: str | None,
    number: str,
    formats: tuple[str, ...],
    out: Path | None,
    lang: Language | None,
) -> None:
    """The command."""
    opened, content = open_workspace(workspace), content_of(workspace)
    today = office_day()
    begin = option_value(quarter_of, quarter, "--quarter") if quarter else _ended_last(today)
    if begin > today:
        raise UsageError(_("The quarter {quarter} has not begun.").format(quarter=quarter))
    language = lang or opened.settings.language
    with opened.open_scanned() as store:
        view = brief_view(brief_of(opened, store, content, organisation, begin, number, language))
    folder = out or workspace / "reports"
    name = f"brief-{organisation or 'all'}-{view['document']['quarter']}"
    for kind in formats:
        suffix = "" if language == "zh" or kind == "json" else f".{language}"
        path = folder / f"{name}{suffix}.{kind}"
        if kind == "json":
            write_json(view, path)
        else:
            module, _colon, function = WRITERS[kind].partition(":")
            getattr(importlib.import_module(module), function)(view, path, language, workspace)
        click.echo(str(path))


def _ended_last(today: date) -> date:
    """The first day of the quarter before that of today."""
    quarter = (today.month - 1) // 3
    return date(today.year, quarter * 3 - 2, 1) if quarter else date(today.year - 1, 10, 1)
