"""Groups of commands: their lists say of each command the whole first sentence of its help."""

import re
from typing import Final

import click

from secaudit.language import _

_FIRST: Final = re.compile(r".*?(?:\.(?=\s|$)|。|$)", re.DOTALL)


def first_sentence(text: str) -> str:
    """Up to its full stop, on one line; click would cut it at words that Chinese does not have."""
    found = _FIRST.match(text)
    return " ".join((found[0] if found else text).split())


class Group(click.Group):
    """A group whose commands are imported with it."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        names = self.list_commands(ctx)
        found = {name: command for name in names if (command := self.get_command(ctx, name))}
        with formatter.section(_("Commands")):
            formatter.write_dl(
                [(name, first_sentence(command.help or "")) for name, command in found.items()]
            )
