"""``secaudit notices``: what people and systems are told of the nights, and whether it arrives."""

import click

from secaudit.cli.groups import Group
from secaudit.cli.notices_list import list_notices
from secaudit.cli.notices_send import discard, retry, send
from secaudit.cli.notices_test import try_out
from secaudit.language import _


@click.group(cls=Group, help=_("See, send and test the notices of the nights: mail, webhook, syslog."))
def notices() -> None:
    """The group; its commands are in modules of their own."""


notices.add_command(list_notices)
notices.add_command(send)
notices.add_command(retry)
notices.add_command(discard)
notices.add_command(try_out)
