"""``secaudit diff``: what differs between two runs, and whether the assets or our rules are the cause."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import click

from secaudit.audit.comparing import Comparison, compare
from secaudit.audit.sides import Scope
from secaudit.cli.content_source import content_of
from secaudit.cli.diff_rows import print_csv, print_json
from secaudit.cli.diff_table import print_table
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.mistyped import no_asset, no_check, refuse_unknown
from secaudit.cli.run_pairs import pairs_of
from secaudit.cli.show import format_option
from secaudit.cli.wiring import load_rules, open_scanned
from secaudit.content import Content
from secaudit.language import _
from secaudit.model.difference import DARKER, WORSE, Kind
from secaudit.register import load_settings


def _kinds(_context: click.Context, _parameter: click.Parameter, value: str | None) -> frozenset[Kind] | None:
    if value is None:
        return None
    try:
        return frozenset(Kind(part.strip()) for part in value.split(","))
    except ValueError as error:
        known = ", ".join(Kind)
        raise click.BadParameter(_("known: {known}").format(known=known)) from error


@click.command(
    help=_(
        "Show what differs between two runs: RUN RUN, or SYSTEM… since a day or a run, or between the two "
        "newest whole runs of each system (the default)."
    ),
    epilog=_(
        "Exit code: 3 where something is unknown now or coverage was lost, 1 where something is new or fails again, "
        "else 0."
    ),
)
@click.argument("names", nargs=-1, metavar=_("[RUN RUN|SYSTEM…]"))
@click.option(
    "--since", metavar=_("DATE|RUN"), help=_("Compare the newest whole run with what was known then.")
)
@click.option("--last", is_flag=True, help=_("Compare the two newest whole runs (the default)."))
@click.option("--asset", "assets", multiple=True, help=_("Only of this asset (repeatable)."))
@click.option("--check", "checks", multiple=True, help=_("Only of this check (repeatable)."))
@click.option(
    "--only",
    metavar=_("KIND,…"),
    callback=_kinds,
    help=_("List only these: {kinds}. Counts and exit code stay whole.").format(kinds=", ".join(Kind)),
)
@format_option
@click.pass_obj
def diff(
    workspace: Path,
    names: tuple[str, ...],
    since: str | None,
    last: bool,
    assets: tuple[str, ...],
    checks: tuple[str, ...],
    only: frozenset[Kind] | None,
    output_format: str,
) -> int:
    """The command."""
    settings, content = load_settings(workspace), content_of(workspace)
    rules = cache(lambda: load_rules(workspace))
    with open_scanned(settings) as store:
        compared = [
            compare(
                *(store, pair.before, pair.after, rules),
                Scope(pair.systems, frozenset(assets), frozenset(checks)),
            )
            for pair in pairs_of(store, names, since, last=last)
        ]
        _refuse_mistyped(compared, assets, checks, content)
        printers = {"table": print_table, "json": print_json, "csv": print_csv}
        printers[output_format](compared, content.checks, only)
    return _exit_code(compared)


def _refuse_mistyped(
    compared: Sequence[Comparison], assets: Sequence[str], checks: Sequence[str], content: Content
) -> None:
    sides = [side for one in compared for side in (one.before, one.after)]
    refuse_unknown(assets, {asset for side in sides for asset in side.subjects}, no_asset())
    planned = (plan for side in sides for plan in side.run.plan.assets) if checks else ()
    owed = {expected.check_id for plan in planned for expected in plan.expected}
    refuse_unknown(checks, owed | set(content.checks), no_check())


def _exit_code(compared: Sequence[Comparison]) -> ExitCode:
    counts = sum((one.counts for one in compared), Counter[Kind]())
    if any(counts[kind] for kind in DARKER):
        return ExitCode.NOT_JUDGED
    return ExitCode.FINDINGS if any(counts[kind] for kind in WORSE) else ExitCode.CLEAN
