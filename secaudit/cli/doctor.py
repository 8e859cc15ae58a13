"""``secaudit doctor``: whether the tool and its workspace keep to their own rules, and what mends each breach."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click

from secaudit.cli.doctor_look import look
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.language import _
from secaudit.upkeep.doctor import Line, State, Topic, gravest

EXITS: Final = {
    State.OK: ExitCode.CLEAN,
    State.WARN: ExitCode.CLEAN,
    State.FAIL: ExitCode.FINDINGS,
    State.UNKNOWN: ExitCode.NOT_JUDGED,
}


@click.command(
    epilog=_("Exit code 1: a rule is broken; 3: something could not be looked at."),
    help=_("Hold the tool and its workspace against their own rules, with what mends each breach."),
)
@format_option
@click.pass_obj
def doctor(workspace: Path, output_format: str) -> int:
    """The command."""
    found = list(look(workspace))
    show_rows(_columns(), [_row(line) for line in found], output_format)
    if output_format == "table":
        click.echo(_sum(found), err=True)
    return EXITS[gravest(found)]


def _sum(found: Iterable[Line]) -> str:
    counts = Counter(line.state for line in found)
    told = _("Well: {ok}. To be looked at: {warn}. Broken: {fail}. Could not be looked at: {unknown}.")
    return told.format(**{state.value: counts[state] for state in State})


def _columns() -> tuple[Column, ...]:
    return (
        Column("state", _("State"), words=state_words()),
        Column("topic", _("topic"), words=_topics()),
        Column("told", _("what was seen"), fold=True),
        Column("fix", _("what mends it"), fold=True),
    )


def _row(line: Line) -> dict[str, Any]:
    return {"state": line.state.value, "topic": line.topic.value, "told": line.told, "fix": line.fix}


def state_words() -> dict[str, str]:
    """How a line stands."""
    return {
        State.OK.value: _("✓ well"),
        State.WARN.value: _("◐ look"),
        State.FAIL.value: _("✗ broken"),
        State.UNKNOWN.value: _("? unknown"),
    }


def _topics() -> dict[str, str]:
    return {
        Topic.SETTINGS.value: _("settings"),
        Topic.PERMISSIONS.value: _("permissions"),
        Topic.SECRETS.value: _("secrets"),
        Topic.HOST_KEYS.value: _("host keys"),
        Topic.DATABASE.value: _("database"),
        Topic.LEDGER.value: _("ledger"),
        Topic.DISK.value: _("disk"),
        Topic.CLOCK.value: _("clock"),
        Topic.BACKUP.value: _("backup"),
        Topic.SCHEDULE.value: _("schedule"),
        Topic.NOTICES.value: _("notices"),
        Topic.CONTENT.value: _("content"),
        Topic.EXPIRY.value: _("expiry"),
        Topic.PROGRAMS.value: _("programs"),
        Topic.PYTHON.value: _("Python"),
    }
