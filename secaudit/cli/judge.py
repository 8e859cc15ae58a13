"""``secaudit judge``: stored evidence judged again with today's checks, without a login."""

from collections import Counter
from pathlib import Path
from typing import Any

import click

from secaudit import clock
from secaudit.audit import Change, judge_again
from secaudit.cli.accepted import accepted_on_record, covers_in
from secaudit.cli.following import tell_followed
from secaudit.cli.recorded import recorded
from secaudit.cli.results import seen
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.tally import tally_of
from secaudit.cli.wiring import find_run, load_rules, open_workspace
from secaudit.cli.words import verdict_words
from secaudit.language import _
from secaudit.model.result import Result


@click.command(
    epilog=_("Exit code 1: a check failed; 3: something could not be judged; 4: nothing was reached."),
    help=_("Judge the stored evidence of a run again with today's checks."),
)
@click.argument("run", metavar=_("RUN|latest"))
@format_option
@click.pass_obj
@recorded
def judge(workspace: Path, run: str, output_format: str) -> int:
    """The command."""
    rules = load_rules(workspace)
    opened = open_workspace(workspace)
    accepted = accepted_on_record(opened, rules.content)
    with opened.open_scanned() as store:
        run_id = find_run(store, run).id
        again = judge_again(store, run_id, rules, clock.now())
        covers = covers_in(accepted, store.run(run_id).plan.systems)
        tally = tally_of(store.records(run_id), rules.content.checks, rules.versions.plugins, covers)
        tell_followed(opened, store, rules.content)
    assert again.planned == tally.verdicts.total(), "planned = sum of verdicts"
    rows = [_row(change) for change in again.changes]
    if rows or output_format != "table":
        show_rows(_columns(), rows, output_format)
    counts = Counter(change.after is not None and change.before is not None for change in again.changes)
    told = _(
        "Run {id} judged again: {planned} verdicts, {changed} changed, {other} new or no longer planned."
    )
    click.echo(
        told.format(id=run_id, planned=again.planned, changed=counts[True], other=counts[False]), err=True
    )
    if tally.accepted:
        noted = _("{count} failures are accepted or deferred, the first until {day}: they stay failures.")
        click.echo(noted.format(count=tally.accepted, day=tally.accepted_until), err=True)
    return tally.exit_code


def _columns() -> list[Column]:
    return [
        Column("asset", _("asset")),
        Column("object", _("object"), fold=True),
        Column("check", _("check"), fold=True),
        Column("before", _("before"), words=verdict_words()),
        Column("after", _("after"), words=verdict_words()),
        Column("seen", _("seen now"), fold=True),
    ]


def _row(change: Change) -> dict[str, Any]:
    return {
        "asset": change.asset_id,
        "object": change.object_id,
        "check": change.check_id,
        "before": _verdict(change.before),
        "after": _verdict(change.after),
        "seen": seen(change.after) if change.after else "",
    }


def _verdict(result: Result | None) -> str:
    return result.verdict.value if result else "–"
