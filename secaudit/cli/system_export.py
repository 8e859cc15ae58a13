"""``secaudit system export``: the systems of an organisation as a workbook."""

import shlex
from pathlib import Path

import click

from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.wiring import command
from secaudit.cli.writing_options import lang_option
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.register import load_settings
from secaudit.register.loading import read_files, register_of
from secaudit.register.organisations import below
from secaudit.register.times import office_day


@click.command(
    help=_(
        "Write the systems of ORGANISATION and those below it as an Excel workbook: filing, evaluations, assets, data "
        "and people. Bring it back with: secaudit system import FILE.xlsx"
    )
)
@click.argument("organisation", metavar=_("ORGANISATION"))
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("The file (default: register-ORGANISATION.xlsx)."),
)
@lang_option
@click.pass_obj
def export(workspace: Path, organisation: str, out: Path | None, lang: Language | None) -> int:
    """The command."""
    from secaudit.report.register_workbook import Owner, write_register_workbook  # openpyxl is dear

    files, settings = read_files(workspace), load_settings(workspace)
    register = register_of(files)
    names = {one.id: one.name for one in register.organisations}
    if organisation not in names:
        raise UsageError(
            _("There is no organisation {id}; known: {known}.").format(
                id=organisation, known=", ".join(names)
            )
        )
    inside = below(register.organisations, organisation)
    documents = [one for one in files.systems if one.data["organisation"] in inside]
    place = out or Path(f"register-{organisation}.xlsx")
    owner = Owner(organisation, names[organisation], office_day())
    write_register_workbook(place, documents, inside, owner, lang or settings.language)
    assets = sum(len(one.data.get("assets") or []) for one in documents)
    told = _("{file}: {systems} systems, {assets} assets")
    click.echo(printable(told.format(file=place, systems=len(documents), assets=assets)))
    back = command(workspace, f"system import {shlex.quote(str(place))} --dry-run")
    told = _("once it is filled in: {command}").format(command=back)
    click.echo(printable(f"  → {told}"), err=True)
    return ExitCode.CLEAN
