"""``secaudit system sample``: which assets stand for all of their kind."""

from datetime import date
from pathlib import Path

import click

from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.option_values import option_value
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import System
from secaudit.model.scope import Sample
from secaudit.register import load_register
from secaudit.register.registered import system_of
from secaudit.register.sampling import choose, drop_sample, keep_sample
from secaudit.register.times import office_day
from secaudit.register.values import named_line, past_date


@click.command(
    "sample",
    help=_(
        "Choose the assets of a kind that items are judged on, and keep who chose them and why. All others of that "
        "kind are still scanned; what is found on them is shown, and is no part of the assessment."
    ),
)
@click.argument("system_id", metavar=_("SYSTEM"))
@click.option("--kind", required=True, help=_("The kind of the assets (linux …)."))
@click.option("--count", type=click.IntRange(1), help=_("So many: zone by zone the most important."))
@click.option("--asset", "assets", multiple=True, help=_("This one (repeatable)."))
@click.option("--all", "everything", is_flag=True, help=_("All of the kind again: forget the choice."))
@click.option("--person", help=_("Who chose."))
@click.option("--reason", help=_("Why these stand for all."))
@click.option("--date", "day", metavar=_("DATE"), help=_("The day of the choice (default: today)."))
@click.pass_obj
def sample(
    workspace: Path,
    system_id: str,
    kind: str,
    count: int | None,
    assets: tuple[str, ...],
    everything: bool,
    person: str | None,
    reason: str | None,
    day: str | None,
) -> int:
    """The command."""
    system = system_of(load_register(workspace), system_id)
    if sum((count is not None, bool(assets), everything)) != 1:
        raise UsageError(_("Say one of --count, --asset and --all."))
    if everything:
        file = drop_sample(workspace, system, kind)
        told = _("All assets of kind {kind} are judged; {file} says so.")
        click.echo(printable(told.format(kind=kind, file=file)))
        return ExitCode.CLEAN
    chosen = Sample(
        kind,
        tuple(assets) or _chosen(system, kind, count or 1),
        option_value(named_line, person or "", "--person"),
        _day(day),
        option_value(named_line, reason or "", "--reason"),
    )
    file = keep_sample(workspace, system, chosen)
    told = _("{count} of {all} assets of kind {kind} are judged: {assets}; kept in {file}.")
    said = told.format(
        count=len(chosen.assets),
        all=len(_of_kind(system, kind)),
        kind=kind,
        assets=", ".join(chosen.assets),
        file=file,
    )
    click.echo(printable(said))
    return ExitCode.CLEAN


def _of_kind(system: System, kind: str) -> list[str]:
    return [asset.id for asset in system.assets if asset.kind == kind]


def _chosen(system: System, kind: str, count: int) -> tuple[str, ...]:
    known = [asset for asset in system.assets if asset.kind == kind]
    if count > len(known):
        told = _("{system} has {all} assets of kind {kind}, fewer than {count}.")
        raise UsageError(told.format(system=system.id, all=len(known), kind=kind, count=count))
    return choose(known, count)


def _day(text: str | None) -> date:
    return option_value(past_date, text, "--date") if text else office_day()
