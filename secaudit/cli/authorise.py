"""``secaudit authorise``: who allowed which scan, until when and at which hours."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from secaudit import clock
from secaudit.cli.authorise_add import add
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.groups import Group
from secaudit.cli.recorded import recorded
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.language import _
from secaudit.model.register import Authorisation, Blackout, Register, Window
from secaudit.register import adding, load_register
from secaudit.register.authorising import opens_next, state_of
from secaudit.register.times import shown
from secaudit.register.windows import clock_text, days_text, window_text


@click.group(cls=Group, help=_("Put on record who allowed which scan until when."))
def authorise() -> None:
    """The group; its commands are below."""


authorise.add_command(add)


@authorise.command("list", help=_("The authorisations on record, and what each is worth now."))
@format_option
@click.pass_obj
def list_authorisations(workspace: Path, output_format: str) -> int:
    register, now = load_register(workspace), clock.now()
    for_people = output_format == "table"
    rows = [_row(register, item, now) for item in register.authorisations]
    show_rows(_short_columns() if for_people else _columns(), rows, output_format)
    if for_people:
        _blackouts(register, now)
    return ExitCode.CLEAN


def _row(register: Register, item: Authorisation, now: datetime) -> dict[str, Any]:
    opening = opens_next(register, item, now, [period for period in register.blackouts if _of_all(period)])
    parts = (item.systems, item.zones, item.kinds, [_("port scan")] if item.port_scan else [])
    revoked = f" ({item.reason})" if item.reason else ""
    return {
        "id": item.id,
        "state": state_of(register, item, now),
        "opens_at": opening if opening and opening > now else None,
        "scope": " / ".join(", ".join(part) for part in parts if part),
        "systems": item.systems,
        "zones": item.zones,
        "kinds": item.kinds,
        "hours": [_folding(window) for window in item.windows],
        "windows": [window_text(window) for window in item.windows],
        "valid_from": item.valid_from,
        "valid_until": item.valid_until,
        "port_scan": item.port_scan,
        "approved": f"{item.approver} {item.document}{revoked}",
        "approver": item.approver,
        "document": item.document,
        "file": item.file,
        "reason": item.reason,
    }


def _folding(window: Window) -> str:
    """Hours that a narrow column breaks where a person would."""
    return f"{days_text(window.days)} {clock_text(window.start_min)} - {clock_text(window.end_min)}"


def _short_columns() -> tuple[Column, ...]:
    """What fits a terminal of 100 columns: scope and approval have one column each."""
    return (
        Column("id", _("Authorisation")),
        Column("state", _("State"), words=_state_words()),
        Column("opens_at", _("Opens at")),
        Column("valid_until", _("Until")),
        Column("scope", _("Scope"), fold=True),
        Column("hours", _("Hours"), fold=True),
        Column("approved", _("Approved"), fold=True),
    )


def _columns() -> tuple[Column, ...]:
    keys = (
        *("id", "state", "opens_at", "systems", "zones", "kinds", "windows", "valid_from", "valid_until"),
        *("port_scan", "approver", "document", "file", "reason"),
    )
    return tuple(Column(key, key) for key in keys)


@authorise.command(help=_("Revoke an authorisation, from now on."))
@click.argument("name", metavar=_("ID"))
@click.option("--reason", required=True, help=_("Why."))
@click.pass_obj
@recorded
def revoke(workspace: Path, name: str, reason: str) -> int:
    revoked = adding.revoke(workspace, name, reason, clock.now())
    click.echo(_("Authorisation {id} is revoked.").format(id=revoked.id))
    return ExitCode.CLEAN


def _state_words() -> dict[str, str]:
    return {
        "valid": _("valid"),
        "closed": _("closed now"),
        "future": _("not valid yet"),
        "altered": _("file changed"),
        "expired": _("expired"),
        "revoked": _("revoked"),
    }


def _of_all(period: Blackout) -> bool:
    return not period.systems and not period.zones


def _blackouts(register: Register, now: datetime) -> None:
    for period in register.blackouts:
        if period.end > now:
            told = (
                _("Nothing is scanned from {start} to {end}: {reason}")
                if _of_all(period)
                else _("Nothing of {scope} is scanned from {start} to {end}: {reason}")
            )
            scope = ", ".join((*period.systems, *period.zones))
            start, end = shown(period.start), shown(period.end)
            click.echo(printable(told.format(scope=scope, start=start, end=end, reason=period.reason)))
