"""``secaudit schedule``: what starts the nights."""

import click

from secaudit.cli.groups import Group
from secaudit.cli.schedule_install import install
from secaudit.cli.schedule_list import list_schedules
from secaudit.cli.schedule_remove import remove
from secaudit.language import _


@click.group(cls=Group, help=_("Have the nights started by systemd or cron, see when, and end that."))
def schedule() -> None:
    """The group; its commands are in modules of their own."""


schedule.add_command(install)
schedule.add_command(list_schedules)
schedule.add_command(remove)
