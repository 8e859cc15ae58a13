"""``secaudit authorise add``: put on record who allowed which scan, and when."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Authorisation, Register
from secaudit.register import adding, load_register
from secaudit.register.authorising import opens_next, overlapping
from secaudit.register.registered import systems_of
from secaudit.register.times import beginning, ending, shown
from secaudit.register.values import named_line
from secaudit.register.windows import window_from

T = TypeVar("T")


@click.command(help=_("Authorise scans of systems until a date."))
@click.option("--system", "systems", multiple=True, required=True, help=_("A system (repeatable)."))
@click.option("--zone", "zones", multiple=True, help=_("Only assets of this zone (repeatable)."))
@click.option("--kind", "kinds", multiple=True, help=_("Only assets of this kind (repeatable)."))
@click.option(
    "--until", required=True, metavar=_("DATE"), help=_("The last day, or a time like 2026-03-01T22:00.")
)
@click.option("--from", "start", metavar=_("DATE"), help=_("The first day or moment (default: now)."))
@click.option(
    "--window",
    "windows",
    multiple=True,
    metavar=_("WINDOW"),
    help=_("Only at these hours of the week, like “mon-fri 22:00-05:00” (repeatable)."),
)
@click.option("--approver", required=True, help=_("Who allows it."))
@click.option("--document", required=True, help=_("Number of the document that allows it."))
@click.option(
    "--file",
    "approval",
    type=click.Path(path_type=Path),
    help=_("The document itself, scanned; it is copied into the workspace."),
)
@click.option("--port-scan", is_flag=True, help=_("Also allow looking at ports from outside."))
@click.pass_obj
@recorded
def add(
    workspace: Path,
    systems: tuple[str, ...],
    zones: tuple[str, ...],
    kinds: tuple[str, ...],
    until: str,
    start: str | None,
    windows: tuple[str, ...],
    approver: str,
    document: str,
    approval: Path | None,
    port_scan: bool,
) -> int:
    register, now = load_register(workspace), clock.now()
    systems_of(register, systems)
    wanted = Authorisation(
        id="",
        systems=_once(systems),
        approver=option_value(named_line, approver, "--approver"),
        document=option_value(named_line, document, "--document"),
        valid_from=option_value(beginning, start, "--from") if start else now,
        valid_until=option_value(ending, until, "--until"),
        port_scan=port_scan,
        zones=_once(zones),
        kinds=_once(kinds),
        windows=_once([option_value(window_from, text, "--window") for text in windows]),
    )
    if wanted.valid_until <= max(now, wanted.valid_from):
        raise UsageError(_("--until is to be in the future and after --from."))
    added = adding.add_authorisation(workspace, wanted, approval)
    _tell(load_register(workspace), added, now)
    return ExitCode.CLEAN


def _tell(register: Register, added: Authorisation, now: datetime) -> None:
    told = _("Authorisation {id} for {systems}: {start} to {end}.")
    start, end = shown(added.valid_from), shown(added.valid_until)
    lines = [told.format(id=added.id, systems=", ".join(added.systems), start=start, end=end)]
    if added.file:
        lines.append(_("The document is kept as {file}.").format(file=added.file))
    opening = opens_next(register, added, now, register.blackouts)
    if opening and opening > now:
        lines.append(_("It opens at {at}.").format(at=shown(opening)))
    if others := overlapping(register, added):
        note = _(
            "Also allowed by {others}: where several are open, one with a port scan counts, then the one that "
            "ends last."
        )
        lines.append(note.format(others=", ".join(item.id for item in others)))
    for line in lines:
        click.echo(printable(line))


def _once(values: Sequence[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
