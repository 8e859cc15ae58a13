"""``secaudit handover list``: what agencies are due, and where every package stands."""

from pathlib import Path
from typing import Any

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.sealing import agencies_of
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.handover.duties import Duty, Handed, Standing, duties, handed
from secaudit.language import _
from secaudit.register import load_register
from secaudit.register.deliveries import load_deliveries
from secaudit.register.times import office_day

LATE = (Standing.OVERDUE, Standing.RECEIPT_OVERDUE)


@click.command(
    "list",
    help=_("What agencies are due, and where every package stands."),
    epilog=_("Exit code 1: one is late."),
)
@click.option("--agency", "agency_id", metavar=_("AGENCY"), help=_("Only this agency."))
@format_option
@click.pass_obj
def list_packages(workspace: Path, agency_id: str | None, output_format: str) -> int:
    """The command."""
    register, agencies = load_register(workspace), agencies_of(workspace)
    events, day = load_deliveries(workspace), office_day()
    rows = [_duty(one) for one in duties(agencies, register.systems, events, day)]
    rows += [_package(one) for one in handed(agencies, events, day)]
    rows = [row for row in rows if agency_id in (None, row["agency"])]
    show_rows(_columns(output_format), rows, output_format)
    late = {standing.value for standing in LATE}
    return ExitCode.FINDINGS if any(row["state"] in late for row in rows) else ExitCode.CLEAN


def _duty(duty: Duty) -> dict[str, Any]:
    return {
        "agency": duty.agency,
        "number": "",
        "sequence": None,
        "systems": [duty.system],
        "runs": [],
        "state": duty.standing.value,
        "date": duty.period_end.isoformat(),
        "deadline": duty.deadline.isoformat(),
        "reference": "",
        "note": "",
    }


def _package(package: Handed) -> dict[str, Any]:
    last = package.events[-1]
    return {
        "agency": package.agency,
        "number": package.number,
        "sequence": package.sequence,
        "systems": list(package.systems),
        "runs": [run for event in package.events for run in event.runs],
        "state": package.standing.value,
        "date": last.day.isoformat(),
        "deadline": "",
        "reference": last.reference,
        "note": last.note,
    }


def _columns(output_format: str) -> tuple[Column, ...]:
    words = {
        Standing.DUE.value: _("due"),
        Standing.OVERDUE.value: _("overdue"),
        Standing.BUILT.value: _("built"),
        Standing.SENT.value: _("sent"),
        Standing.RECEIPT_OVERDUE.value: _("receipt overdue"),
        Standing.RECEIVED.value: _("received"),
        Standing.RETURNED.value: _("returned"),
        Standing.ACCEPTED.value: _("accepted by the agency"),
    }
    runs = () if output_format == "table" else (Column("runs", "runs"),)
    return (
        Column("agency", _("Agency")),
        Column("number", _("Number"), fold=True),
        Column("sequence", _("Sequence"), right=True),
        Column("systems", _("Systems"), fold=True),
        Column("state", _("State"), words=words),
        Column("date", _("Since")),
        Column("deadline", _("Deadline")),
        Column("reference", _("Receipt"), fold=True),
        Column("note", _("Note"), fold=True),
        *runs,
    )
