"""``secaudit init``: a new workspace."""

import os
import platform
from pathlib import Path
from typing import cast

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.register.starting import start_demo, start_workspace
from secaudit.register.starting_files import OFFICES
from secaudit.register.values import printable_line


@click.command(help=_("Make a workspace in DIR: settings and commented examples to edit."))
@click.argument("folder", metavar=_("DIR"), type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--demo", is_flag=True, help=_("Register this machine as a level-3 system, authorised for 7 days.")
)
@click.option("--office", default="", help=_("Name of the office, printed on reports."))
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    default="zh",
    show_default=True,
    help=_("The language of the reports."),
)
def init(folder: Path, demo: bool, office: str, lang: str) -> int:
    language = cast(Language, lang)
    if demo:
        return _demo(folder, language)
    if office != printable_line(office):
        raise UsageError(_("--office is one line of printable characters."))
    for file in start_workspace(folder, office or OFFICES[language], language):
        click.echo(printable(str(file)))
    click.echo(_("Next: copy examples/system.yaml to systems/, edit it, and run:"))
    click.echo(f"  secaudit --workspace {printable(str(folder))} system validate")
    return ExitCode.CLEAN


def _demo(folder: Path, language: Language) -> int:
    renewed = (folder / "secaudit.yaml").exists()
    files = start_demo(folder, platform.node(), language, clock.now())
    for file in files:
        click.echo(printable(str(file)))
    if renewed:
        click.echo(_("The authorisation of the demo is renewed for 7 days."))
    else:
        click.echo(_("This machine is registered as system demo, level 3, authorised for 7 days."))
    if os.geteuid() != 0:
        click.echo(_("You are not root and the demo uses no sudo: what only root can read stays open."))
    click.echo(_("Next: {command}").format(command=f"secaudit --workspace {printable(str(folder))} scan"))
    return ExitCode.CLEAN
