"""What click itself says ("Usage:", "No such option") in the language of the command line.

click asks gettext, which reads compiled catalogues only; ours is a ``.po`` file. Its modules import ``_`` and
``ngettext`` by name: that is where ours take their place.
"""

from typing import Final

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
import click.types

from secaudit import language
from secaudit.cli.wrapping import WideFormatter

MODULES: Final = (
    click.core,
    click.decorators,
    click.exceptions,
    click.formatting,
    click.parser,
    click.termui,
    click.types,
)


def teach_click() -> None:
    """From here on click speaks the language in use, in columns that fit it."""
    for kind, kind_name in KINDS.items():
        kind.name = language._(kind_name)
    click.Context.formatter_class = WideFormatter
    for module in MODULES:
        for name, ours in (("_", language._), ("ngettext", _counted)):
            if hasattr(module, name):
                setattr(module, name, ours)


def _counted(one: str, many: str, count: int) -> str:
    return language._(one if count == 1 else many)


def N_(message: str) -> str:  # noqa: N802
    """The message as it stands; the name marks it for the catalogue (gettext's custom)."""
    return message


# What stands for a value in a list of options, in capitals where a language has them.
KINDS: Final = {
    click.types.StringParamType: N_("text"),
    click.types.IntParamType: N_("integer"),
    click.IntRange: N_("integer range"),
    click.types.FloatParamType: N_("float"),
    click.FloatRange: N_("float range"),
}

# What our commands can make click 8.1 to 8.5 say.
WORDS: Final = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("default: {default}"),
    N_("required"),
    N_("Show the version and exit."),
    N_("Show this message and exit."),
    N_("Try '{command} {option}' for help."),
    N_("Error: {message}"),
    N_("Error: invalid input"),
    N_("Did you mean {possibility}?"),
    N_("(Did you mean one of: {possibilities}?)"),
    N_("(Possible options: {possibilities})"),
    N_("No such option {name!r}."),
    N_("No such option: {name}"),
    N_("No such command {name!r}."),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Choose from:\n\t{choices}"),
    N_("Got unexpected extra argument ({args})"),
    N_("Got unexpected extra arguments ({args})"),
    N_("Option {name!r} does not take a value."),
    N_("Option {name!r} requires an argument."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("{value!r} is not {choice}."),
    N_("{value!r} is not one of {choices}."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is not readable."),
    N_("file"),
    N_("directory"),
    N_("path"),
)
