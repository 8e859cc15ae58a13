"""``secaudit finding retest``: look again at what findings rest on, and at nothing else."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from secaudit import clock
from secaudit.audit import Asked, make_plan
from secaudit.audit.planning import is_visited, retest_plan
from secaudit.cli.accepted import accepted_on_record
from secaudit.cli.escaping import printable
from secaudit.cli.finding_evidence import newest_of, seen_of
from secaudit.cli.finding_selecting import chosen, filter_of, filter_options, numbers_argument
from secaudit.cli.finding_words import named, stage_words
from secaudit.cli.recorded import recorded
from secaudit.cli.scan import carry_out, pace_of, start
from secaudit.cli.show import Column, show_rows
from secaudit.cli.wiring import Workspace, load_rules, open_workspace
from secaudit.cli.words import verdict_words
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.evidence import BUNDLE
from secaudit.model.finding import Finding, Stage
from secaudit.model.register import Asset
from secaudit.register.times import office_day
from secaudit.store import Store
from secaudit.store.findings import UNSETTLED


@click.command(
    epilog=_("Exit code 1: a check failed; 3: something could not be judged; 4: nothing was reached."),
    help=_(
        "Visit the assets of findings and ask only what their checks need; evidence that is fresh then closes them. "
        "Such a run stands for no system: it is in no assessment and no comparison."
    ),
)
@numbers_argument
@click.option("--claimed", is_flag=True, help=_("All that are claimed fixed."))
@click.option("--jobs", type=click.IntRange(1, 256), help=_("How many assets are visited at once."))
@filter_options
@click.pass_obj
@recorded
def retest(
    workspace: Path, /, numbers: tuple[int, ...], claimed: bool, jobs: int | None, **options: Any
) -> int:
    """The command: the exit code is that of a scan of these checks."""
    opened, rules = open_workspace(workspace), load_rules(workspace)
    accepted = accepted_on_record(opened, rules.content)
    today = office_day()
    with opened.open_scanned() as store:
        wanted = filter_of(today, (Stage.CLAIMED,) if claimed else UNSETTLED, options)
        if claimed and not numbers and not wanted.is_named:
            names = [one.number for one in wanted.found(store)]
        else:
            names = chosen(store, numbers, wanted)
        findings = _testable(opened, [store.findings.with_history(number) for number in names])
        checks: dict[str, set[str]] = {}
        for one in findings:
            checks.setdefault(one.asset, set()).add(one.check)
        asked = Asked(tuple({one.system for one in findings}), tuple(checks))
        authorise = opened.authorised_at(clock.now())
        whole = make_plan(opened.register, rules.content, rules.facts, asked, authorise)
        plan = retest_plan(whole, checks, rules.content, rules.facts)
        if not plan.assets:
            raise UsageError(_("No check of these findings is owed any more: nothing can be tested again."))
        for one in findings:
            if one.check not in plan.only:
                click.echo(printable(f"{one}: {_('its check is owed no more')}"), err=True)
        pace = partial(pace_of, opened.settings.pace, jobs, None)
        code = carry_out(opened, store, rules, lambda: start(opened, store, rules, plan, pace), accepted)
        after = [store.findings.with_history(one.number) for one in findings if one.check in plan.only]
        show_rows(_columns(), [_row(store, one) for one in after], "table")
    return code


def _testable(opened: Workspace, findings: Sequence[Finding]) -> list[Finding]:
    """Those that a visit can decide; of the others is said why not. Raises UsageError where none is left."""
    assets = {asset.id: asset for system in opened.register.systems for asset in system.assets}
    found = []
    for finding in findings:
        if why := _why_not(finding, assets.get(finding.asset)):
            click.echo(printable(f"{finding}: {why}"), err=True)
        else:
            found.append(finding)
    if not found:
        raise UsageError(_("Nothing can be tested again by a visit."))
    return found


def _why_not(finding: Finding, asset: Asset | None) -> str:
    if finding.stage is Stage.CLOSED:
        return _("is closed")
    if "#" in finding.check or not finding.check or not finding.asset:
        return _("no check decides it: secaudit finding review")
    if asset is None or not is_visited(asset):
        return _("its asset cannot be visited")
    if asset.reach.transport == BUNDLE:
        return _("no network reaches its asset: import a new bundle")
    return ""


def _columns() -> tuple[Column, ...]:
    return (
        Column("number", _("No.")),
        Column("stage", _("Stage"), words=stage_words()),
        Column("asset", _("asset")),
        Column("what", _("Finding"), fold=True),
        Column("verdict", _("verdict"), words=verdict_words()),
        Column("seen", _("seen now"), fold=True),
    )


def _row(store: Store, finding: Finding) -> dict[str, Any]:
    newest, _decisive = newest_of(store, finding)
    result = newest.result if newest else None
    return {
        "number": str(finding),
        "stage": finding.stage.value,
        "asset": finding.asset,
        "what": named(finding),
        "verdict": result.verdict.value if result else "",
        "seen": seen_of(result, finding) if result else "",
    }
