"""``secaudit schedule list``: what starts the nights, when next, and whether it is alive."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.schedule_install import machine_zone
from secaudit.cli.schedule_words import installing_in
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.wiring import command
from secaudit.errors import SecauditError, UsageError
from secaudit.language import _
from secaudit.register.times import shown, zone_of
from secaudit.schedule.calendar import Calendar, calendar_from, last_time, next_times
from secaudit.schedule.crontab import calendar_of
from secaudit.schedule.installing import SYSTEM_UNITS, USER_UNITS, Cron, Systemd
from secaudit.schedule.journal import Journal, Mode, nights_on_record
from secaudit.schedule.programs import MachinePrograms, Programs
from secaudit.schedule.units import calendar_in, mode_in, user_in, workspace_in

DAEMONS = ("cron", "crond", "fcron", "dcron")
# a timer that was just put there has started nothing yet
GRACE = timedelta(hours=1)
# systemd.exec(5), process exit codes: from here on the program was not reached
_NOT_STARTED = 200


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One schedule: ``alive`` is None where nobody can tell. ``last`` is when it started a night last.

    ``could_start``: False where systemd could not even start the program the last time.
    """

    workspace: Path
    how: str
    name: str
    user: str
    calendar: Calendar | None
    zone: tzinfo
    last: datetime | None
    alive: bool | None
    could_start: bool = True
    mode: Mode = Mode.AUDIT


@click.command(
    "list",
    epilog=_("Exit code 1: nothing starts the nights, or they did not start."),
    help=_("Show what starts the nights of this workspace, and when next."),
)
@click.option("--all", "everything", is_flag=True, help=_("Of all workspaces of this machine."))
@click.option("--next", "count", type=click.IntRange(1, 50), default=3, help=_("How many times to come."))
@format_option
@click.pass_obj
def list_schedules(workspace: Path, everything: bool, count: int, output_format: str) -> int:
    """The command: 1 where a schedule is dead, or where none starts the nights of this workspace."""
    now = clock.now()
    found = schedules_of(workspace, everything=everything)
    show_rows(_columns(output_format), [_row(one, now, count) for one in found], output_format)
    nights = [one for one in found if one.mode is Mode.AUDIT]
    if not nights and output_format == "table":
        told = _("Nothing starts the nights of this workspace: {command}")
        click.echo(printable(told.format(command=command(workspace, installing_in(workspace)))))
    dead = any(state_of(one, now) in ("dead", "late") for one in found)
    return ExitCode.FINDINGS if dead or not nights else ExitCode.CLEAN


def schedules_of(workspace: Path, *, everything: bool = False) -> list[Scheduled]:
    """What starts the nights of the workspace, or of all that this machine knows. Raises UsageError."""
    programs = MachinePrograms()
    found = [*_by_systemd(programs), *_by_cron(programs, workspace)]
    return [one for one in found if everything or one.workspace == workspace.resolve()]


def state_of(one: Scheduled, now: datetime) -> str:
    """``alive``, ``late`` (it should have started a night since the last one), ``dead`` or ``unknown``."""
    state = "unknown" if one.alive is None else "alive" if one.alive else "dead"
    return "late" if state == "alive" and (_is_late(one, now) or not one.could_start) else state


def _by_systemd(programs: Programs) -> Iterator[Scheduled]:
    for systemd in (Systemd(programs, SYSTEM_UNITS), Systemd(programs, USER_UNITS.expanduser(), True)):
        for name, timer, service in systemd.installed():
            workspace = workspace_in(timer)
            if workspace is None:
                continue
            calendar, zone = _read(calendar_in(timer))
            said = systemd.shown(name)
            alive = said.get("ActiveState") == "active" if said else None
            mode = mode_in(service)
            how = "systemd --user" if systemd.of_user else "systemd"
            status = said.get("ExecMainStatus", "")
            could_start = not (status.isdigit() and int(status) >= _NOT_STARTED)
            last = _last(workspace, mode)
            yield Scheduled(
                workspace, how, name, user_in(service), calendar, zone, last, alive, could_start, mode
            )


def _by_cron(programs: Programs, workspace: Path) -> Iterator[Scheduled]:
    if not programs.path_of("crontab"):
        return
    users = [""]
    if os.geteuid() == 0 and workspace.exists() and workspace.owner() != "root":
        users.append(workspace.owner())
    for user in users:
        for place, line in Cron(programs, user, workspace).jobs():
            calendar = calendar_of(line)
            mode = mode_in(line)
            last, alive = _last(place, mode), has_cron_daemon()
            yield Scheduled(place, "cron", "", user, calendar, machine_zone(), last, alive, mode=mode)


def has_cron_daemon(proc: Path = Path("/proc")) -> bool:
    """Whether a cron is running on this machine."""
    for process in proc.glob("[0-9]*"):
        try:
            if (process / "comm").read_text().strip() in DAEMONS:
                return True
        except OSError:
            continue
    return False


def _read(text: str) -> tuple[Calendar | None, tzinfo]:
    """``Mon..Fri *-*-* 23:10:00 Asia/Shanghai``; None where a person has made another one of it."""
    words = text.split()
    zone: tzinfo = machine_zone()
    if words and "/" in words[-1]:
        try:
            zone = zone_of(words.pop())
        except ValueError:
            return None, zone
    try:
        return calendar_from(" ".join(words)), zone
    except UsageError:
        return None, zone


def _last(workspace: Path, mode: Mode) -> datetime | None:
    """When the newest night of a workspace began, as far as it may be looked at."""
    try:
        days = nights_on_record(workspace, mode)
        record = Journal(workspace, days[-1], mode).read() if days else None
    except (OSError, SecauditError):
        return None
    return record.began if record else None


def _is_late(one: Scheduled, now: datetime) -> bool:
    """Whether it should have started a night since the last one. A watch is idle outside of its periods."""
    if one.calendar is None or one.last is None or one.mode is Mode.WATCH:
        return False
    return one.last < last_time(one.calendar, one.zone, now - GRACE)


def _row(one: Scheduled, now: datetime, count: int) -> dict[str, Any]:
    times = next_times(one.calendar, one.zone, now, count) if one.calendar else []
    return {
        "workspace": str(one.workspace),
        "how": one.how,
        "name": one.name,
        "user": one.user,
        "mode": one.mode.value,
        "at": str(one.calendar) if one.calendar else "",
        "next": times[0] if times else None,
        "times": [shown(moment) for moment in times],
        "last": one.last,
        "state": state_of(one, now),
    }


def _columns(output_format: str) -> Sequence[Column]:
    states = {
        "alive": _("alive"),
        "late": _("has not started the last night"),
        "dead": _("dead"),
        "unknown": _("cannot be told"),
    }
    return (
        Column("workspace", _("Workspace"), fold=True),
        Column("how", _("Started by")),
        Column("name", _("Unit"), fold=True),
        Column("user", _("User")),
        Column("mode", _("Mode"), words={"audit": _("whole night"), "watch": _("heavy protection")}),
        Column("at", _("At")),
        Column("next", _("Next")),
        *([Column("times", _("Times to come"))] if output_format != "table" else []),
        Column("last", _("Last night began")),
        Column("state", _("State"), words=states),
    )
