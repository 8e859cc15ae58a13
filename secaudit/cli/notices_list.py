"""``secaudit notices list``: what waits, and what could not be delivered."""

from pathlib import Path
from typing import Any

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.language import _
from secaudit.notify.queue import DEAD, PLACES, SENT, WAITING
from secaudit.notify.standing import Row, rows


@click.command(
    "list",
    help=_("List what waits or was not delivered."),
    epilog=_("Exit code 1: something was not delivered."),
)
@click.option("--sent", "with_sent", is_flag=True, help=_("Also those that were delivered."))
@format_option
@click.pass_obj
def list_notices(workspace: Path, with_sent: bool, output_format: str) -> int:
    """The command."""
    places = PLACES if with_sent else (WAITING, DEAD)
    found = sorted(rows(workspace, places), key=lambda row: row.held.number)
    show_rows(_columns(), map(_row, found), output_format)
    return ExitCode.FINDINGS if any(row.place == DEAD for row in found) else ExitCode.CLEAN


def _row(row: Row) -> dict[str, Any]:
    message = row.message
    said = {"number": row.held.number, "state": row.place, "channel": row.held.channel.value}
    if message is None:
        return {**said, "reason": _("{file} is no message").format(file=row.held.file.name)}
    return {
        **said,
        "event": message.notice.event.value,
        "to": message.receiver.address,
        "night": message.notice.night.isoformat(),
        "made": message.made,
        "next": message.not_before if row.place == WAITING else None,
        "attempts": message.attempts,
        "reason": message.reason,
    }


def _columns() -> tuple[Column, ...]:
    states = {WAITING: _("waiting"), SENT: _("delivered"), DEAD: _("not delivered")}
    return (
        Column("number", _("Notice"), right=True),
        Column("state", _("State"), words=states),
        Column("event", _("Event"), words=events()),
        Column("channel", _("Way"), words=ways()),
        Column("to", _("To"), fold=True),
        Column("night", _("Night")),
        Column("made", _("Made")),
        Column("next", _("Next attempt")),
        Column("attempts", _("Attempts"), right=True),
        Column("reason", _("Reason"), fold=True),
    )


def events() -> dict[str, str]:
    """What notices are about, in words."""
    return {
        "digest": _("digest"),
        "deadline": _("deadline near"),
        "overdue": _("overdue"),
        "package-due": _("package due"),
        "package-returned": _("package returned"),
        "night-failed": _("night failed"),
        "test": _("test"),
    }


def ways() -> dict[str, str]:
    """How notices travel, in words."""
    return {"mail": _("mail"), "webhook": "webhook", "syslog": "syslog"}
