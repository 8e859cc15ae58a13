"""``secaudit handover``: what leaves the office for the agencies, sealed and on record."""

import click

from secaudit.cli.groups import Group
from secaudit.cli.handover_build import build_packages
from secaudit.cli.handover_list import list_packages
from secaudit.cli.handover_record import record
from secaudit.cli.handover_verify import verify_package
from secaudit.language import _


@click.group(
    cls=Group, help=_("Seal packages for the agencies, verify them, and keep what became of each on record.")
)
def handover() -> None:
    """The group; its commands are in modules of their own."""


handover.add_command(build_packages)
handover.add_command(verify_package)
handover.add_command(record)
handover.add_command(list_packages)
