"""``secaudit schedule install``: the nights of a workspace are started by systemd, or where it is absent by cron."""

import hashlib
import os
import pwd
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.option_values import option_value
from secaudit.cli.wiring import Workspace, open_workspace
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.nightly import ANY_TIME, Nightly
from secaudit.register.times import in_zone, office_zone
from secaudit.register.windows import clock_text
from secaudit.schedule.calendar import Calendar, calendar_from, next_times, on_clock_of, systemd_text
from secaudit.schedule.crontab import cron_lines
from secaudit.schedule.fitting import local_assets, refuse_unfit, unattended_gaps
from secaudit.schedule.installing import (
    SYSTEM_UNITS,
    USER_UNITS,
    Cron,
    Systemd,
    refuse_without_cron,
    zone_is_understood,
)
from secaudit.schedule.journal import Mode
from secaudit.schedule.programs import MachinePrograms, Programs
from secaudit.schedule.units import Job, refuse_unusual, service_text, timer_text
from secaudit.store import file_of

LANGUAGES = {"zh": "zh_CN.UTF-8", "en": "C.UTF-8"}
_UNITS_S = {"s": 1, "m": 60, "min": 60, "h": 3600}


def _seconds(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,5})(s|m|min|h)?", text)
    if found is None or int(found[1]) * _UNITS_S[found[2] or "s"] > 6 * 3600:
        raise ValueError(_("a time of at most six hours like 90s, 15m or 1h expected"))
    return int(found[1]) * _UNITS_S[found[2] or "s"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for, as far as it is the same for systemd and cron."""

    opened: Workspace
    job: Job
    calendar: Calendar
    jitter_s: int
    dry_run: bool


@click.command("install", help=_("Have the nights of this workspace started: by systemd, else by cron."))
@click.option(
    "--at",
    metavar=_("TIME"),
    help=_(
        "23:10, “mon-fri 23:10” or “Mon..Fri *-*-* 23:10:00” by the office's clocks (default: the window opens)."
    ),
)
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.AUDIT.value,
    help=_("watch: the nights of heavy protection, beside the others and at another time."),
)
@click.option(
    "--jitter",
    default="5m",
    show_default=True,
    metavar=_("TIME"),
    help=_("Up to so much later (systemd: another delay each night; cron: always the same one)."),
)
@click.option("--run-as", metavar=_("USER"), help=_("As this user (default: the owner of the workspace)."))
@click.option("--user", "of_user", is_flag=True, help=_("Units of your own instead of the machine's."))
@click.option("--cron", "by_cron", is_flag=True, help=_("A line of a crontab, also where systemd is."))
@click.option(
    "--unconfined", is_flag=True, help=_("Without confinement by systemd: this machine itself is audited.")
)
@click.option("--dry-run", is_flag=True, help=_("Print what would be written; nothing is changed."))
@click.pass_obj
def install(
    workspace: Path,
    at: str | None,
    mode: str,
    jitter: str,
    run_as: str | None,
    of_user: bool,
    by_cron: bool,
    unconfined: bool,
    dry_run: bool,
) -> None:
    """The command."""
    if of_user and (by_cron or run_as):
        raise click.UsageError(_("--user goes neither with --cron nor with --run-as."))
    programs, opened = MachinePrograms(), open_workspace(workspace)
    by_cron = by_cron or not (programs.has_systemd() or dry_run)
    settings, jitter_s = opened.settings.nightly, option_value(_seconds, jitter, "--jitter")
    calendar = _calendar(settings, at)
    refuse_unfit(settings, calendar, jitter_s)
    if not (by_cron or unconfined):
        _refuse_local(opened)
    user = "" if of_user else _user(workspace, run_as, only_shown=dry_run)
    if mode == Mode.WATCH:
        _refuse_without_period(settings)
    job = _job(opened, user, Mode(mode), confined=not (by_cron or unconfined))
    _refuse_broken(programs, job)
    wanted = Wanted(opened, job, calendar, jitter_s, dry_run)
    if by_cron:
        _by_cron(programs, wanted)
    else:
        _by_systemd(programs, wanted, of_user=of_user)
    for told in unattended_gaps(opened.register.systems, in_crontab=by_cron):
        _say(told)


def _by_systemd(programs: Programs, wanted: Wanted, *, of_user: bool) -> None:
    job, zone = wanted.job, office_zone()
    zoned = zone_is_understood(programs) or wanted.dry_run
    calendar = wanted.calendar if zoned else on_clock_of(machine_zone(), wanted.calendar, zone, clock.now())
    made_up = wanted.opened.settings.nightly.window != ANY_TIME
    timer = timer_text(
        job, systemd_text(calendar, zone.key if zoned else ""), wanted.jitter_s, made_up=made_up
    )
    service = service_text(job)
    systemd = Systemd(programs, USER_UNITS.expanduser() if of_user else SYSTEM_UNITS, of_user)
    if wanted.dry_run:
        for suffix, text in ((".service", service), (".timer", timer)):
            click.echo(printable(f"# {systemd.folder / job.name}{suffix}\n{text}", lines=True))
        return
    _refuse_others(systemd.folder)
    for file in systemd.install(job, service, timer):
        click.echo(printable(str(file)))
    _tell_next(wanted.calendar, zone)
    if of_user:
        _say(_("while you are not logged in they start only after: loginctl enable-linger"))


def _by_cron(programs: Programs, wanted: Wanted) -> None:
    refuse_without_cron(programs)
    job, zone = wanted.job, office_zone()
    delayed = wanted.calendar.later(steady_delay_min(job.workspace, wanted.jitter_s))
    on_machine = on_clock_of(machine_zone(), delayed, zone, clock.now())
    logger = programs.path_of("logger")
    if wanted.dry_run:
        click.echo(printable(cron_lines(job, on_machine, logger), lines=True), nl=False)
        return
    cron = Cron(programs, job.user if os.geteuid() == 0 else "", job.workspace)
    click.echo(printable(cron.install(job, on_machine, logger), lines=True), nl=False)
    _tell_next(delayed, zone)


def steady_delay_min(workspace: Path, jitter_s: int) -> int:
    """Minutes of delay that are always the same for a workspace on a machine: cron knows no delay of its own."""
    digest = hashlib.sha256(f"{os.uname().nodename}{workspace}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % (jitter_s // 60 + 1)


def machine_zone() -> tzinfo:
    """The time zone of this machine's own clock."""
    try:
        with Path("/etc/localtime").open("rb") as stream:
            return ZoneInfo.from_file(stream)
    except (OSError, ValueError):
        return UTC


def _calendar(settings: Nightly, at: str | None) -> Calendar:
    if at:
        return calendar_from(at)
    if settings.window == ANY_TIME:
        raise UsageError(
            _("At what time are the nights to start?"),
            hint=_("Say it with --at 23:10, or set window: of nightly: in secaudit.yaml."),
        )
    return calendar_from(f"{clock_text(settings.window.start_min)}:00")


def _refuse_without_period(settings: Nightly) -> None:
    if not settings.watches:
        raise UsageError(
            _("No period of heavy protection is set: there is nothing to watch over."),
            hint=_("Set one in secaudit.yaml, watch: below nightly: (docs/nightly.md)."),
        )


def _job(opened: Workspace, user: str, mode: Mode, *, confined: bool) -> Job:
    folder = opened.folder.resolve()
    refuse_unusual(folder)
    refuse_unusual(Path(sys.executable))
    words = ("--mode", mode.value) if mode is Mode.WATCH else ()
    database = file_of(opened.settings.database)
    backups = opened.settings.backups
    places = [
        (folder / opened.settings.nightly.reports).resolve(),
        *([database.parent] if database else []),
        *([backups.folder] if backups else []),
    ]
    return Job(
        workspace=folder,
        office=opened.settings.office,
        command=(sys.executable, "-P", "-m", "secaudit", "--workspace", str(folder), "nightly", *words),
        user=user,
        language=LANGUAGES[opened.settings.language],
        writable=[place for place in dict.fromkeys(places) if not place.is_relative_to(folder)],
        confined=confined,
        mode=mode,
    )


def _user(workspace: Path, run_as: str | None, *, only_shown: bool) -> str:
    """Raises UsageError where there is none of that name."""
    try:
        found = pwd.getpwnam(run_as) if run_as else pwd.getpwuid(workspace.stat().st_uid)
    except KeyError as error:
        told = _("There is no user {name} on this machine.")
        raise UsageError(told.format(name=run_as or workspace.stat().st_uid)) from error
    if not only_shown and os.geteuid() not in (0, found.pw_uid):
        raise UsageError(
            _("Only root can have nights started as {name}.").format(name=found.pw_name),
            hint=_("As root, or as yourself with --user or --cron in a workspace of your own."),
        )
    if found.pw_uid == 0:
        _say(
            _(
                "the nights run as root, which they need not: give the workspace to a user of its own (--run-as)"
            )
        )
    return found.pw_name


def _refuse_local(opened: Workspace) -> None:
    if found := local_assets(opened.register.systems):
        raise UsageError(
            _("{assets}: what a confined night sees of this machine itself is not what it is.").format(
                assets=", ".join(found)
            ),
            hint=_("Visit it by SSH (127.0.0.1), or let the nights run with --unconfined or --cron."),
        )


def _refuse_broken(programs: Programs, job: Job) -> None:
    """The command must run from anywhere, without what a shell sets."""
    try:
        programs.run("env", "-i", "-C", "/", *job.command[:4], "--version")
    except UsageError as error:
        raise UsageError(
            _("This secaudit cannot be started from elsewhere: {reason}").format(reason=error),
            hint=_("Install it (docs/offline-install.md), then run schedule install of that installation."),
        ) from error


def _refuse_others(folder: Path) -> None:
    if not os.access(folder if folder.is_dir() else folder.parent, os.W_OK) and os.geteuid() != 0:
        raise UsageError(
            _("{path} cannot be written: only root may.").format(path=folder),
            hint=_("As root; or units of your own (--user), or your crontab (--cron)."),
        )


def _tell_next(calendar: Calendar, zone: ZoneInfo) -> None:
    times: Sequence[datetime] = next_times(calendar, zone, clock.now(), 3)
    shown = ", ".join(f"{in_zone(moment):%Y-%m-%d %H:%M}" for moment in times)
    _say(_("next nights: {times} ({zone})").format(times=shown, zone=zone.key))


def _say(text: str) -> None:
    click.echo(printable(text), err=True)
