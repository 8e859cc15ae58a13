"""``secaudit nightly``: one night from what is due to its notices, begun again where it was broken off."""

from datetime import date, datetime
from pathlib import Path

import click

from secaudit import clock
from secaudit.audit.owner import this_process
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.nightly_plan import show_plan
from secaudit.cli.nightly_stages import stages_of
from secaudit.cli.nightly_status import show_status
from secaudit.cli.nightly_tonight import Tonight
from secaudit.cli.nightly_watch import WatchTonight, watch_stages, watch_tonight
from secaudit.cli.nightly_words import stage_line
from secaudit.cli.recorded import recorded
from secaudit.cli.show import format_option
from secaudit.cli.wiring import command
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.register import load_settings
from secaudit.register.times import shown
from secaudit.schedule.journal import End, Ended, Journal, Mode, nights_on_record
from secaudit.schedule.lock import Hold, alone_in_night
from secaudit.schedule.nights import Night, missed_nights, night_of
from secaudit.schedule.stages import Stage, carry_out, gravest, is_over


@click.command(
    help=_(
        "Carry out this night: scan what is due, judge, assess, write reports and packages, tell.\n\n"
        "What is done is not done again: after a kill, a full disk or a restart the same command goes on."
    ),
    epilog=_(
        "Exit codes: 0 nothing found, 1 findings, 3 a gap or a stage that failed, 4 nothing reached, 5 another night "
        "is under way, or the workspace or its database cannot be used. With --status: 4 the last night did not happen."
    ),
)
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.AUDIT.value,
    help=_("watch: in a period of heavy protection only exposure and changes, and the daily report."),
)
@click.option("--status", is_flag=True, help=_("Show the last nights; the exit code is for monitoring."))
@click.option("--nights", type=click.IntRange(1, 1000), default=14, help=_("With --status: how many."))
@click.option("--dry-run", is_flag=True, help=_("Show what this night would do and why; nothing is done."))
@click.option("--any-time", is_flag=True, help=_("Also outside of the window of nightly: in secaudit.yaml."))
@click.option(
    "--take-over", is_flag=True, help=_("Also where a night that another machine began was never ended.")
)
@format_option
@click.pass_obj
def nightly(
    workspace: Path,
    mode: str,
    status: bool,
    nights: int,
    dry_run: bool,
    any_time: bool,
    take_over: bool,
    output_format: str,
) -> int:
    """The command."""
    settings, now = load_settings(workspace).nightly, clock.now()
    if status:
        return show_status(workspace, settings, now, nights, output_format, Mode(mode))
    night = night_of(settings, now)
    tonight = (
        watch_tonight(workspace, settings, night, any_time=any_time)
        if mode == Mode.WATCH
        else Tonight(workspace, settings, night, any_time)
    )
    if tonight is None:
        _say(
            _("No period of heavy protection covers the night of {day}: nothing to do.").format(day=night.day)
        )
        return ExitCode.CLEAN
    if dry_run:
        return show_plan(tonight, output_format)
    if not (any_time or tonight.night.is_open(now)):
        raise _outside(tonight.night)
    return carry_out_night(workspace, tonight, take_over)


@recorded
def carry_out_night(workspace: Path, tonight: Tonight, take_over: bool) -> int:
    """Hold the workspace and carry out the night. Raises StoreError where that cannot be."""
    now = clock.now()
    mode = Mode.WATCH if isinstance(tonight, WatchTonight) else Mode.AUDIT
    with alone_in_night(workspace, now, take_over=take_over) as hold:
        try:
            return _held(workspace, tonight, hold, mode, now)
        except KeyboardInterrupt:
            _tell_interrupted(workspace, mode)
            return ExitCode.INTERRUPTED


def _held(workspace: Path, tonight: Tonight, hold: Hold, mode: Mode, now: datetime) -> int:
    stages = watch_stages(tonight) if isinstance(tonight, WatchTonight) else stages_of(tonight)
    journal = Journal(workspace, tonight.night.day, mode)
    before = journal.read()
    done = before.stages if before else {}
    if before and before.code is not None and is_over(done, _names(stages)):
        _say(_("the night of {day} is done").format(day=tonight.night.day))
        if before.code not in (ExitCode.CLEAN, ExitCode.FINDINGS):
            told = _("what was not reached or not judged is looked at again by: {command}")
            _say(f"  → {told.format(command=command(workspace, 'scan'))}")
        return before.code
    missed = _missed(workspace, tonight, mode)
    journal.begin(this_process(), missed, _notes(workspace, tonight, hold, mode), now)
    _tell_begin(tonight.night, missed, hold)

    def tell(ended: Ended) -> None:
        hold.say(clock.now())
        _tell(ended)

    ended = carry_out(stages, journal, done, clock.now, tell)
    code = gravest(one.code for one in ended.values())
    journal.close(code, clock.now())
    if any(one.end is End.FAILED for one in ended.values()):
        told = _("once what failed is mended, the same command goes on with it: {command}")
        _say(f"  → {told.format(command=_again(workspace, mode))}")
    return code


def _tell_interrupted(workspace: Path, mode: Mode) -> None:
    interrupted = _("interrupted; what was done is stored")
    _say(f"secaudit: {interrupted}")
    told = _("within its window go on with: {command}")
    _say(f"  → {told.format(command=_again(workspace, mode))}")


def _again(workspace: Path, mode: Mode) -> str:
    return command(workspace, "nightly --mode watch" if mode is Mode.WATCH else "nightly")


def _names(stages: list[Stage]) -> list[str]:
    return [stage.name for stage in stages]


def _missed(workspace: Path, tonight: Tonight, mode: Mode) -> list[date]:
    """The nights that did not happen since the last one that did."""
    begin = tonight.period.begin if isinstance(tonight, WatchTonight) else date.min
    before = [day for day in nights_on_record(workspace, mode) if begin <= day < tonight.night.day]
    return list(missed_nights(tonight.settings, before[-1], tonight.night.day)) if before else []


def _notes(workspace: Path, tonight: Tonight, hold: Hold, mode: Mode) -> list[str]:
    """What else is out of order."""
    notes = []
    if hold.stale:
        notes.append(_("a night before was broken off without a word: {holder}").format(holder=hold.stale))
    ahead = [day for day in nights_on_record(workspace, mode) if day > tonight.night.day]
    if ahead:
        told = _("nights of days to come are on record ({days}): the clock was set back, or was wrong before")
        notes.append(told.format(days=", ".join(map(str, ahead[:5]))))
    return notes


def _outside(night: Night) -> UsageError:
    told = _("The window of the nights is closed; it opens again at {time}.")
    return UsageError(
        told.format(time=shown(night.next)),
        hint=_("To carry out the night all the same: secaudit nightly --any-time"),
    )


def _tell_begin(night: Night, missed: list[date], hold: Hold) -> None:
    _say(
        _("night of {day}, no visit begins after {time}").format(day=night.day, time=shown(night.last_start))
    )
    if hold.stale:
        _say(_("a night before was broken off without a word: {holder}").format(holder=hold.stale))
    if missed:
        told = _("{count} nights before did not happen: {days}")
        _say(told.format(count=len(missed), days=", ".join(map(str, missed[-10:]))))


def _tell(ended: Ended) -> None:
    _say(stage_line(ended))


def _say(text: str) -> None:
    click.echo(printable(text, lines=True), err=True)
