"""Options of the commands that write documents: in which formats, where, in which language."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from secaudit.language import _

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def lang_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--lang`` as ``lang``: "zh", "en", or None for the language of the workspace."""
    told = _("Language of what is written (default: that of the workspace).")
    return click.option("--lang", type=click.Choice(["zh", "en"]), help=told)(command)


def folder_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--out`` as ``out``: a folder, or None for ``reports``."""
    place = click.Path(file_okay=False, path_type=Path)
    return click.option("--out", type=place, help=_("Folder (default: reports)."))(command)


def formats_option(known: Sequence[str], default: str) -> Decorator:
    """``--format`` as ``formats``: those that are asked for, each once."""

    def taken(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
        asked = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
        unknown = [name for name in asked if name not in known]
        if unknown or not asked:
            told = _("{unknown} is no format; known: {known}")
            raise click.BadParameter(told.format(unknown=", ".join(unknown) or "–", known=", ".join(known)))
        return asked

    shown = ", ".join(known)
    return click.option("--format", "formats", default=default, show_default=True, callback=taken, help=shown)
