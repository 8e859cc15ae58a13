"""``secaudit finding export``: the findings of a system or an organisation as a workbook to be filled in."""

from pathlib import Path

import click

from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_details import chosen, details_of, unsettled
from secaudit.cli.wiring import open_workspace
from secaudit.cli.writing_options import lang_option
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.register.times import office_day


@click.command(
    "export",
    help=_(
        "Write the findings that are not closed as a workbook for the department that fixes them. What it fills in "
        "comes back with: secaudit finding import-answers FILE"
    ),
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar=_("FILE"))
@click.option("--system", metavar=_("SYSTEM"), help=_("Those of this system."))
@click.option(
    "--organisation",
    metavar=_("ORGANISATION"),
    help=_("Those of the systems of this organisation and of those below it."),
)
@lang_option
@click.pass_obj
def export(
    workspace: Path, file: Path, system: str | None, organisation: str | None, lang: Language | None
) -> int:
    """The command."""
    from secaudit.report.rectification_workbook import Owner, write_rectification  # loaded where it is used

    opened = open_workspace(workspace)
    owner = chosen(opened, system, organisation)
    with opened.open_store() as store:
        details = details_of(opened, store, content_of(workspace))
        rows = [(one, details.of(one)) for one in unsettled(store, owner.systems)]
    said = Owner(owner.kind, owner.id, owner.name, office_day())
    write_rectification(file, rows, said, lang or opened.settings.language)
    click.echo(printable(_("{file}: {count} findings").format(file=file, count=len(rows))))
    return ExitCode.CLEAN
