"""``secaudit accept list``: the acceptances on record, and what each is worth today."""

from pathlib import Path
from typing import Any

import click

from secaudit.assess.acceptances import AcceptanceState, Weighed
from secaudit.cli.accepted import accepted_on_record
from secaudit.cli.content_source import content_of
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.wiring import open_workspace
from secaudit.cli.words import acceptance_words
from secaudit.language import _


@click.command("list", help=_("The acceptances on record, and what each is worth today."))
@click.option("--system", "systems", multiple=True, help=_("Only of this system (repeatable)."))
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in AcceptanceState]),
    help=_("Only those that are worth this (repeatable)."),
)
@format_option
@click.pass_obj
def list_acceptances(
    workspace: Path, systems: tuple[str, ...], states: tuple[str, ...], output_format: str
) -> int:
    """The command."""
    found = accepted_on_record(open_workspace(workspace), content_of(workspace))
    rows = [
        _row(one)
        for one in found.weighed
        if (not systems or one.acceptance.system in systems) and (not states or one.state.value in states)
    ]
    show_rows(_short_columns() if output_format == "table" else _columns(), rows, output_format)
    return ExitCode.CLEAN


def _row(one: Weighed) -> dict[str, Any]:
    said, revocation = one.acceptance, one.revocation
    return {
        "id": said.id,
        "system": said.system,
        "kind": said.kind.value,
        "state": one.state.value,
        "subject": said.check or said.step,
        "where": [*said.assets, *(f"“{name}”" for name in said.offenders)],
        "last_day": one.last_day.isoformat(),
        "approved": f"{said.approver} {said.document}",
        "check": said.check,
        "step": said.step,
        "assets": list(said.assets),
        "offenders": list(said.offenders),
        "gone": list(one.gone),
        "reason": said.reason,
        "measure": said.measure,
        "requester": said.requester,
        "approver": said.approver,
        "document": said.document,
        "start": said.start.isoformat(),
        "until": said.until.isoformat(),
        "deadline": said.deadline.isoformat() if said.deadline else "",
        "files": [file.name for file in said.files],
        "revoked_by": revocation.person if revocation else "",
        "revoked_on": revocation.day.isoformat() if revocation else "",
        "revoked_why": revocation.reason if revocation else "",
    }


def _state_words() -> dict[str, str]:
    return {
        "valid": _("valid"),
        "not_begun": _("not valid yet"),
        "expired": _("expired"),
        "overdue": _("deadline passed"),
        "revoked": _("revoked"),
        "altered": _("file changed"),
        "gone": _("subject gone"),
    }


def _short_columns() -> tuple[Column, ...]:
    """What fits a terminal; JSON and CSV have all of it."""
    return (
        Column("id", _("Acceptance")),
        Column("system", _("system")),
        Column("kind", _("Kind"), words=acceptance_words()),
        Column("state", _("State"), words=_state_words()),
        Column("last_day", _("Until")),
        Column("subject", _("Check or step"), fold=True),
        Column("where", _("Only"), fold=True),
        Column("gone", _("Gone"), fold=True),
        Column("approved", _("Approved"), fold=True),
        Column("reason", _("Reason"), fold=True),
    )


def _columns() -> tuple[Column, ...]:
    keys = (
        *("id", "system", "kind", "state", "last_day", "check", "step", "assets", "offenders", "gone"),
        *("reason", "measure", "requester", "approver", "document", "start", "until", "deadline", "files"),
        *("revoked_by", "revoked_on", "revoked_why"),
    )
    return tuple(Column(key, key) for key in keys)
