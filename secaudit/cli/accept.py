"""``secaudit accept``: accepted risks and deferred rectifications, which change no outcome."""

import click

from secaudit.cli.accept_add import add
from secaudit.cli.accept_list import list_acceptances
from secaudit.cli.accept_revoke import revoke
from secaudit.cli.groups import Group
from secaudit.language import _


@click.group(
    cls=Group,
    help=_(
        "Put on record that a failure is accepted, or its rectification deferred, until a day. That changes exit "
        "codes and reminders, never an outcome, a risk or a conclusion."
    ),
)
def accept() -> None:
    """The group; its commands are in modules of their own."""


accept.add_command(add)
accept.add_command(list_acceptances)
accept.add_command(revoke)
