"""``secaudit handover record``: what became of a package."""

from datetime import datetime
from pathlib import Path
from typing import Final

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.cli.sealing import agencies_of
from secaudit.errors import UsageError
from secaudit.handover.duties import Handed, handed
from secaudit.language import _
from secaudit.model.delivery import Delivery, Event
from secaudit.register import load_register
from secaudit.register.acts import read_evidence
from secaudit.register.deliveries import keep_delivery, load_deliveries
from secaudit.register.times import in_zone
from secaudit.register.values import past_date

# what may come after what
NEXT: Final = {
    Event.BUILT: (Event.SENT,),
    Event.SENT: (Event.RECEIVED, Event.RETURNED, Event.ACCEPTED),
    Event.RECEIVED: (Event.RETURNED, Event.ACCEPTED),
    Event.RETURNED: (),
    Event.ACCEPTED: (),
}


@click.command("record", help=_("Record that a package was sent, received, returned or accepted."))
@click.argument("number", metavar=_("NUMBER"))
@click.argument("event", type=click.Choice([event.value for event in Event if event is not Event.BUILT]))
@click.option("--person", required=True, help=_("Who did it: who sent it, who signed the receipt."))
@click.option("--date", "day", metavar=_("DATE"), help=_("The day (default: today)."))
@click.option("--reference", default="", help=_("The agency's own number of the receipt or reply."))
@click.option("--note", default="", help=_("What else is to be said; for a return the reason."))
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("A scan of the receipt (repeatable)."),
)
@click.pass_obj
@recorded
def record(
    workspace: Path,
    number: str,
    event: str,
    person: str,
    day: str | None,
    reference: str,
    note: str,
    files: tuple[Path, ...],
) -> int:
    """The command."""
    load_register(workspace)  # the time zone of dates, and a clear error where there is no workspace
    now = clock.now()
    evidence = [read_evidence(file) for file in files]
    happened = option_value(past_date, day, "--date") if day else in_zone(now).date()
    package = _package(workspace, number, now)
    last = package.events[-1]
    said = Delivery(
        number,
        package.agency,
        Event(event),
        happened,
        person,
        reference,
        note,
        tuple(f for f, _content in evidence),
    )
    _refuse_wrong(said, last)
    file = keep_delivery(workspace, said, {kept.sha256: content for kept, content in evidence}, now)
    click.echo(printable(str(file)))
    return ExitCode.CLEAN


def _package(workspace: Path, number: str, now: datetime) -> Handed:
    packages = handed(agencies_of(workspace), load_deliveries(workspace), in_zone(now).date())
    for package in packages:
        if package.number == number:
            return package
    raise UsageError(
        _("There is no package {number}.").format(number=number),
        hint=_("See the packages with: secaudit handover list"),
    )


def _refuse_wrong(said: Delivery, last: Delivery) -> None:
    if said.event not in NEXT[last.event]:
        choices = ", ".join(event.value for event in NEXT[last.event])
        told = _("Package {number} is {state}: after that comes {choices}.")
        raise UsageError(
            told.format(
                number=said.number, state=last.event.value, choices=choices or _("nothing; build a new one")
            )
        )
    if said.day < last.day:
        told = _("--date is before {day}, when it was {state}.")
        raise UsageError(told.format(day=last.day.isoformat(), state=last.event.value))
    if said.event is Event.RETURNED and not said.note.strip():
        raise UsageError(_("--note is required for a package that was returned: the reason."))
