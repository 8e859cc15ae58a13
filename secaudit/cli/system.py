"""``secaudit system``: what is registered."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.groups import Group
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.system_add import add
from secaudit.cli.system_due import due
from secaudit.cli.system_export import export
from secaudit.cli.system_grade import grade
from secaudit.cli.system_import import import_assets
from secaudit.cli.system_sample import sample
from secaudit.cli.system_show import show
from secaudit.errors import ContentError
from secaudit.language import _
from secaudit.model.register import Register
from secaudit.register import load_register, load_settings
from secaudit.register.authorising import state_of
from secaudit.register.notes import notes_on


@click.group(cls=Group, help=_("Register systems and see what is registered."))
def system() -> None:
    """The group; each command is a function below or in a module of its own."""


system.add_command(add)
system.add_command(show)
system.add_command(sample)
system.add_command(grade)
system.add_command(due)
system.add_command(import_assets)
system.add_command(export)


@system.command("list", help=_("The registered systems."))
@format_option
@click.pass_obj
def list_systems(workspace: Path, output_format: str) -> int:
    register = load_register(workspace)
    columns = (
        Column("id", _("System")),
        Column("name", _("Name"), fold=True),
        Column("organisation", _("Organisation"), fold=True),
        Column("grade", _("Grade")),
        Column("filing_number", _("Filing number")),
        Column("assets", _("Assets"), right=True),
        Column("data_sets", _("Data sets"), right=True),
        Column("authorised_until", _("Authorised until")),
    )
    rows = [
        {
            "id": item.id,
            "name": item.name,
            "organisation": item.organisation,
            "grade": str(item.grade),
            "filing_number": item.filing_number,
            "assets": len(item.assets),
            "data_sets": len(item.data_sets),
            "authorised_until": _authorised_until(register, item.id),
        }
        for item in register.systems
    ]
    show_rows(columns, rows, output_format)
    return ExitCode.CLEAN


@system.command(help=_("Check every file of the workspace; every mistake is named with its line."))
@click.pass_obj
def validate(workspace: Path) -> int:
    try:
        register = load_register(workspace)
        office = load_settings(workspace).office
    except ContentError as error:
        files = len({problem.file for problem in error.problems})
        count = _("{mistakes} mistakes in {files} files.")
        raise ContentError(
            error.problems, hint=count.format(mistakes=len(error.problems), files=files)
        ) from error
    notes = list(notes_on(register, office))
    if any(item.platform for item in register.systems):
        from secaudit.cli.content_source import content_of  # who has no platform need not wait for it
        from secaudit.cli.platform_notes import platform_notes

        notes += platform_notes(register.systems, content_of(workspace))
    for note in notes:
        click.echo(_("Note: {note}").format(note=printable(note)))
    click.echo(_counts(register))
    return ExitCode.CLEAN


def _counts(register: Register) -> str:
    counted: Counter[str] = Counter()
    for item in register.systems:
        counted.update(
            assets=len(item.assets),
            services=sum(len(asset.services) for asset in item.assets),
            data_sets=len(item.data_sets),
        )
    return _(
        "No mistakes: {systems} systems, {assets} assets, {services} services, {data_sets} data sets, "
        "{authorisations} authorisations."
    ).format(
        systems=len(register.systems),
        assets=counted["assets"],
        services=counted["services"],
        data_sets=counted["data_sets"],
        authorisations=len(register.authorisations),
    )


def _authorised_until(register: Register, system_id: str) -> datetime | None:
    now = clock.now()
    ends = [
        item.valid_until
        for item in register.authorisations
        if system_id in item.systems and state_of(register, item, now) in ("valid", "closed")
    ]
    return max(ends, default=None)
