"""``secaudit schedule remove``: nothing starts the nights of a workspace any more, and nothing of it is left."""

import os
from pathlib import Path

import click

from secaudit.cli.escaping import printable
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.schedule.installing import SYSTEM_UNITS, USER_UNITS, Cron, Systemd
from secaudit.schedule.programs import MachinePrograms, Programs
from secaudit.schedule.units import workspace_in


@click.command("remove", help=_("Let nothing start the nights of this workspace any more."))
@click.option("--run-as", metavar=_("USER"), help=_("Also from the crontab of this user (as root)."))
@click.pass_obj
def remove(workspace: Path, run_as: str | None) -> None:
    """The command."""
    programs, folder = MachinePrograms(), workspace.resolve()
    gone = [*_from_systemd(programs, folder), *_from_cron(programs, folder, run_as)]
    if not gone:
        raise UsageError(
            _("Nothing starts the nights of {path} on this machine.").format(path=folder),
            hint=_("See what there is: secaudit schedule list --all"),
        )
    for told in gone:
        click.echo(printable(_("removed: {what}").format(what=told)))


def _from_systemd(programs: Programs, folder: Path) -> list[str]:
    gone: list[str] = []
    for systemd in (Systemd(programs, SYSTEM_UNITS), Systemd(programs, USER_UNITS.expanduser(), True)):
        for name, timer, _service in list(systemd.installed()):
            if workspace_in(timer) == folder:
                try:
                    gone += map(str, systemd.remove(name))
                except OSError as error:
                    told = _("{path} cannot be removed: {reason}.")
                    place = systemd.folder / name
                    raise UsageError(
                        told.format(path=place, reason=error.strerror), hint=_("As root.")
                    ) from error
    return gone


def _from_cron(programs: Programs, folder: Path, run_as: str | None) -> list[str]:
    if not programs.path_of("crontab"):
        return []
    users = ["", *([run_as] if run_as else [])]
    if os.geteuid() == 0 and folder.exists() and not run_as:
        users.append(folder.owner())
    told = _("the line in the crontab of {user}")
    return [
        told.format(user=user or _("the user who asks"))
        for user in users
        if Cron(programs, user, folder if folder.is_dir() else Path("/")).remove(folder)
    ]
