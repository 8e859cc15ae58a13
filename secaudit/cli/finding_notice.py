"""``secaudit finding notice``: the notice that demands rectification (整改通知书), one an organisation."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_details import Chosen
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.cli.rectification_writing import Order, Writer, complete_earlier
from secaudit.cli.wiring import Workspace, open_workspace
from secaudit.cli.writing_options import folder_option, lang_option
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.content import Severity
from secaudit.model.text import Language
from secaudit.register.folder import alone_in
from secaudit.register.times import office_day
from secaudit.register.values import named_line, real_date


@click.command(
    help=_(
        "Write the notice that demands rectification, with the workbook to be filled in: one for each ORGANISATION "
        "(default: every one that has findings). It goes on record with its number, and sets the deadlines of its "
        "findings. Findings that a notice demands already are left out, and those whose risk is accepted."
    )
)
@click.argument("organisations", nargs=-1, metavar=_("[ORGANISATION…]"))
@click.option("--person", required=True, help=_("Who issues it."))
@click.option(
    "--number", help=_("Its document number (default: by findings.notice_number in secaudit.yaml).")
)
@click.option(
    "--deadline", metavar=_("DATE"), help=_("By when (default: by findings.deadline_days in secaudit.yaml).")
)
@click.option("--system", "systems", multiple=True, help=_("Only of this system (repeatable)."))
@click.option(
    "--severity",
    "severities",
    multiple=True,
    type=click.Choice([severity.value for severity in Severity]),
    help=_("Only of this severity (repeatable)."),
)
@click.option("--again", is_flag=True, help=_("Also findings that a notice demands already."))
@click.option("--dry-run", is_flag=True, help=_("Only say what would be written."))
@folder_option
@lang_option
@click.pass_obj
@recorded
def notice(
    workspace: Path,
    organisations: tuple[str, ...],
    person: str,
    number: str | None,
    deadline: str | None,
    systems: tuple[str, ...],
    severities: tuple[str, ...],
    out: Path | None,
    lang: Language | None,
    *,
    again: bool,
    dry_run: bool,
) -> int:
    """The command."""
    opened = open_workspace(workspace)
    today = office_day()
    order = Order(
        person=option_value(named_line, person, "--person"),
        number=option_value(named_line, number, "--number") if number else None,
        deadline=_to_come(deadline, today) if deadline else None,
        severities=severities,
        systems=systems,
        language=lang or opened.settings.language,
        folder=out or workspace / "reports",
        again=again,
    )
    owners = _owners(opened, organisations)
    with opened.open_store() as store, alone_in(workspace):
        writer = Writer(opened, store, order, complete_earlier(opened, store, dry_run=dry_run))
        wanted = [(owner, found) for owner in owners if (found := writer.wanted(owner))]
        if number and len(wanted) > 1:
            raise UsageError(_("--number is for one notice: name one ORGANISATION."))
        for owner, found in wanted:
            writer.tell(owner, found) if dry_run else writer.write(owner, found)
    if not wanted:
        click.echo(_("There is nothing to demand."))
    return ExitCode.CLEAN


def _to_come(text: str, today: date) -> date:
    day = option_value(real_date, text, "--deadline")
    if day < today:
        raise UsageError(_("--deadline: a day that has not passed expected."))
    return day


def _owners(opened: Workspace, names: Sequence[str]) -> list[Chosen]:
    """The organisations that own systems, each with its own; raises UsageError."""
    known = {one.id: one for one in opened.register.organisations}
    for name in names:
        if name not in known:
            told = _("{name} is no organisation of secaudit.yaml: one of {choices} expected.")
            raise UsageError(told.format(name=name, choices=", ".join(known)))
    return [
        Chosen("organisation", one.id, one.name, owned)
        for one in known.values()
        if not names or one.id in names
        if (owned := tuple(system for system in opened.register.systems if system.organisation == one.id))
    ]
