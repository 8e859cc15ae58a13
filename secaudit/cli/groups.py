"""Groups of commands: their lists say of each command the whole first sentence of its help."""

import importlib
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

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
        _list(((name, command) for name in names if (command := self.get_command(ctx, name))), formatter)


class CommandWithParts(click.Command):
    """A command that takes arguments, and where its first word names one of its parts is that part.

    ``parts``: name → ``module:attribute``, imported when it is named or listed.
    """

    def __init__(self, *args: Any, parts: Mapping[str, str], **fields: Any) -> None:
        super().__init__(*args, **fields)
        self.parts = parts

    def part(self, name: str) -> click.Command:
        """The part of that name. Raises KeyError."""
        module, _separator, attribute = self.parts[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """That of the command which is meant."""
        if args and args[0] in self.parts:
            return self.part(args[0]).make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        _list(((name, self.part(name)) for name in self.parts), formatter)


def _list(commands: Iterable[tuple[str, click.Command]], formatter: click.HelpFormatter) -> None:
    with formatter.section(_("Commands")):
        formatter.write_dl([(name, first_sentence(command.help or "")) for name, command in commands])
