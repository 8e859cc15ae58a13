"""``secaudit system add``: a new system file, from options and, on a terminal, from answers."""

import sys
from pathlib import Path
from typing import Any

import click

from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Sudo
from secaudit.register import load_settings
from secaudit.register.adding import add_system, host_asset


@click.command(help=_("Register a system: writes systems/ID.yaml, which you edit further."))
@click.argument("system_id", metavar=_("ID"), required=False)
@click.option("--name", default="", help=_("Name of the system."))
@click.option("--organisation", default="", help=_("Id of its organisation in secaudit.yaml."))
@click.option("--grade", default="", help=_("Its grading, like S3A3G3."))
@click.option("--description", default="", help=_("What it is for."))
@click.option("--filing-number", default="", help=_("Number of the filing certificate: 11 digits-5 digits."))
@click.option("--internet-facing", is_flag=True, help=_("It is reached from the Internet."))
@click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar=_("[ASSET=]ADDRESS[:PORT]"),
    help=_("A Linux host, an IPv6 address with a port as [ADDRESS]:PORT (repeatable)."),
)
@click.option("--user", default="", help=_("User for SSH on these hosts."))
@click.option("--key", default="agent", show_default=True, help=_("Key for SSH: agent or file:/PATH."))
@click.option(
    "--sudo",
    type=click.Choice([way.value for way in Sudo]),
    default=Sudo.NONE.value,
    show_default=True,
    help=_("How root is had."),
)
@click.option(
    "--sudo-password",
    default="",
    metavar=_("REFERENCE"),
    help=_("For --sudo password: env:NAME, file:/PATH or prompt."),
)
@click.pass_obj
def add(
    workspace: Path,
    /,
    system_id: str | None,
    hosts: tuple[str, ...],
    user: str,
    key: str,
    sudo: str,
    sudo_password: str,
    **given: Any,
) -> int:
    organisations = [item.id for item in load_settings(workspace).organisations]
    fields = {
        "id": _asked(system_id or "", "ID", _("Id (a-z, 0-9, -)")),
        "name": _asked(given["name"], "--name", _("Name")),
        "organisation": _organisation(given["organisation"], organisations),
        "grade": _asked(given["grade"], "--grade", _("Grade, like S3A3G3")).upper(),
        **{name: given[name] for name in ("description", "filing_number", "internet_facing") if given[name]},
    }
    if not hosts and not system_id:
        hosts = tuple(_more(_("Linux hosts, as [ASSET=]ADDRESS with spaces between (none: Enter)")).split())
    if hosts:
        user = _asked(user, "--user", _("User for SSH on these hosts"))
    reach = {"user": user, "key": key, "sudo": sudo}
    if sudo_password:
        reach["sudo_password"] = sudo_password
    file = add_system(workspace, fields, [host_asset(host, reach) for host in hosts])
    click.echo(printable(str(file)))
    click.echo(_("Next: edit it, then run secaudit system validate."))
    return ExitCode.CLEAN


def _organisation(given: str, known: list[str]) -> str:
    names = ", ".join(known)
    if not given and len(known) == 1:
        return known[0]
    chosen = _asked(given, "--organisation", _("Organisation ({known})").format(known=names))
    if chosen not in known:
        raise UsageError(
            _("There is no organisation {id}; known: {known}.").format(id=chosen, known=names),
            hint=_("Add it under organisations: in secaudit.yaml."),
        )
    return chosen


def _more(question: str) -> str:
    answer: str = click.prompt(question, default="", show_default=False)
    return answer


def _asked(given: str, option: str, question: str) -> str:
    if given:
        return given
    if not sys.stdin.isatty():
        raise UsageError(_("{option} is missing.").format(option=option))
    answer: str = click.prompt(question)
    return answer.strip()
