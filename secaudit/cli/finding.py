"""``secaudit finding``: what was found, followed until it is closed."""

import click

from secaudit.cli.finding_answers import import_answers
from secaudit.cli.finding_export import export
from secaudit.cli.finding_import import import_list
from secaudit.cli.finding_notice import notice
from secaudit.language import _


@click.group(help=_("Follow findings until they are closed: ours, and those that others report."))
def finding() -> None:
    """The group; its commands are in modules of their own."""


finding.add_command(import_list)
finding.add_command(export)
finding.add_command(import_answers)
finding.add_command(notice)
