"""``secaudit authorise``: who allowed which scan until when."""

from datetime import UTC, datetime
from pathlib import Path

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.show import Column, format_option, printable, show_rows
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Register
from secaudit.register import adding, load_register
from secaudit.register.authorising import state_of
from secaudit.register.times import beginning, ending, shown
from secaudit.register.values import named_line


@click.group(help=_("Put on record who allowed which scan until when."))
def authorise() -> None:
    """The group; its commands are below."""


@authorise.command(help=_("Authorise scans of systems until a date."))
@click.option("--system", "systems", multiple=True, required=True, help=_("A system (repeatable)."))
@click.option(
    "--until", required=True, metavar=_("DATE"), help=_("The last day, or a time like 2026-03-01T22:00.")
)
@click.option("--from", "start", metavar=_("DATE"), help=_("The first day or moment (default: now)."))
@click.option("--approver", required=True, help=_("Who allows it."))
@click.option("--document", required=True, help=_("Number of the document that allows it."))
@click.option("--port-scan", is_flag=True, help=_("Also allow looking at ports from outside."))
@click.pass_obj
def add(
    workspace: Path,
    systems: tuple[str, ...],
    until: str,
    start: str | None,
    approver: str,
    document: str,
    port_scan: bool,
) -> int:
    register, now = load_register(workspace), datetime.now(UTC)
    window = adding.Window(
        _moment(start, "--from", end=False) if start else now, _moment(until, "--until", end=True)
    )
    if window.end <= max(now, window.start):
        raise UsageError(_("--until is to be in the future and after --from."))
    _known(register, systems)
    _named(approver, "--approver")
    _named(document, "--document")
    added = adding.add_authorisation(
        workspace, tuple(dict.fromkeys(systems)), approver, document, window, port_scan
    )
    told = _("Authorisation {id} for {systems}: {start} to {end}.")
    click.echo(
        printable(
            told.format(
                id=added.id,
                systems=", ".join(added.systems),
                start=shown(added.valid_from),
                end=shown(added.valid_until),
            )
        )
    )
    return ExitCode.CLEAN


@authorise.command("list", help=_("The authorisations on record, and what each is worth now."))
@format_option
@click.pass_obj
def list_authorisations(workspace: Path, output_format: str) -> int:
    register, now = load_register(workspace), datetime.now(UTC)
    columns = (
        Column("id", _("Authorisation")),
        Column("state", _("State"), words=_state_words()),
        Column("systems", _("Systems"), fold=True),
        Column("valid_from", _("From")),
        Column("valid_until", _("Until")),
        Column("port_scan", _("Port scan"), words={"True": _("yes"), "False": _("no")}),
        Column("approver", _("Approver"), fold=True),
        Column("document", _("Document"), fold=True),
        Column("reason", _("Reason for revoking"), fold=True),
    )
    rows = [
        {
            "id": item.id,
            "state": state_of(item, now),
            "systems": item.systems,
            "valid_from": item.valid_from,
            "valid_until": item.valid_until,
            "port_scan": item.port_scan,
            "approver": item.approver,
            "document": item.document,
            "reason": item.reason,
        }
        for item in register.authorisations
    ]
    show_rows(columns, rows, output_format)
    if output_format == "table":
        _blackouts(register, now)
    return ExitCode.CLEAN


@authorise.command(help=_("Revoke an authorisation, from now on."))
@click.argument("name", metavar=_("ID"))
@click.option("--reason", required=True, help=_("Why."))
@click.pass_obj
def revoke(workspace: Path, name: str, reason: str) -> int:
    revoked = adding.revoke(workspace, name, reason, datetime.now(UTC))
    click.echo(_("Authorisation {id} is revoked.").format(id=revoked.id))
    return ExitCode.CLEAN


def _state_words() -> dict[str, str]:
    return {
        "valid": _("valid"),
        "future": _("not valid yet"),
        "expired": _("expired"),
        "revoked": _("revoked"),
    }


def _blackouts(register: Register, now: datetime) -> None:
    for period in register.blackouts:
        if period.end > now:
            told = _("Nothing is scanned from {start} to {end}: {reason}")
            start, end = shown(period.start), shown(period.end)
            click.echo(printable(told.format(start=start, end=end, reason=period.reason)))


def _moment(text: str, option: str, *, end: bool) -> datetime:
    try:
        return ending(text) if end else beginning(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def _named(text: str, option: str) -> None:
    try:
        named_line(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def _known(register: Register, systems: tuple[str, ...]) -> None:
    known = {system.id for system in register.systems}
    for name in systems:
        if name not in known:
            raise UsageError(
                _("System {id} is not registered.").format(id=name),
                hint=_("See what is registered with: secaudit system list"),
            )
