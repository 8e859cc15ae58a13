"""``secaudit scan``: visit what is registered and authorised, judge it, keep it, tell what was found."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from secaudit.audit import Asked, Rules, Steps, make_plan, resume_audit, run_audit
from secaudit.audit.running import Stopped, interrupted_run
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.progress import Teller, progress
from secaudit.cli.show import console, printable
from secaudit.cli.summary import show_summary
from secaudit.cli.tally import Tally, tally_of
from secaudit.cli.unreached import next_steps
from secaudit.cli.visiting import secrets_of, visits
from secaudit.cli.wiring import Workspace, command, load_rules, open_workspace
from secaudit.language import _
from secaudit.model.run import Plan
from secaudit.store import Store
from secaudit.transport import Secrets


@click.command(help=_("Visit the assets of systems, judge them, and store evidence and results."))
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@click.option("--profile", help=_("Another profile than that of the level."))
@click.option("--asset", "assets", multiple=True, help=_("Only this asset (may be repeated)."))
@click.option("--jobs", type=click.IntRange(1, 256), help=_("How many assets are visited at once."))
@click.option("--resume", is_flag=True, help=_("Go on with the newest run that was interrupted."))
@click.pass_obj
def scan(
    workspace: Path,
    systems: tuple[str, ...],
    profile: str | None,
    assets: tuple[str, ...],
    jobs: int | None,
    resume: bool,
) -> int:
    """The command."""
    if resume and (profile or assets):
        raise click.UsageError(_("--resume goes on as planned: it takes no --profile and no --asset."))
    opened = open_workspace(workspace)
    rules = load_rules(workspace)
    asked = Asked(systems, assets, profile)
    plan = None if resume else _plan(opened, rules, asked)  # nothing is opened before all is allowed
    with opened.open_store() as store:
        try:
            run_id = (
                _resume(opened, store, rules, asked, jobs)
                if plan is None
                else _start(opened, store, rules, plan, jobs)
            )
        except KeyboardInterrupt:
            _tell_interrupted(workspace)
            return ExitCode.INTERRUPTED
        except Stopped as stopped:
            return _finish_stopped(workspace, store, rules, stopped)
        return _finish(workspace, store, rules, run_id)


def _plan(opened: Workspace, rules: Rules, asked: Asked) -> Plan:
    return make_plan(opened.register, rules.content, rules.facts, asked, opened.authorise)


def _start(opened: Workspace, store: Store, rules: Rules, plan: Plan, jobs: int | None) -> str:
    secrets = secrets_of(plan)
    with progress(len(plan.assets)) as teller:
        return run_audit(store, plan, rules, _steps(opened, rules, jobs, secrets, teller))


def _resume(opened: Workspace, store: Store, rules: Rules, asked: Asked, jobs: int | None) -> str:
    run_id = interrupted_run(store, asked.systems)
    plan = store.run(run_id).plan
    secrets = secrets_of(plan)
    with progress(len(plan.assets) - len(store.visited(run_id))) as teller:
        return resume_audit(store, run_id, rules, _steps(opened, rules, jobs, secrets, teller))


def _steps(opened: Workspace, rules: Rules, jobs: int | None, secrets: Secrets, teller: Teller) -> Steps:
    return Steps(
        visits=visits(opened.folder, jobs or opened.settings.jobs, rules, secrets),
        authorise=opened.authorise,
        clock=lambda: datetime.now(UTC),
        on_visit=teller,
    )


def _tell_interrupted(workspace: Path) -> None:
    interrupted = _("interrupted; what was visited is stored")
    click.echo(f"secaudit: {interrupted}", err=True)
    told = _("go on with: {command}").format(command=command(workspace, "scan --resume"))
    click.echo(f"  → {told}", err=True)


def _finish_stopped(workspace: Path, store: Store, rules: Rules, stopped: Stopped) -> int:
    """Permission ended: tell what is stored and how to go on; the rest could not be judged."""
    visited = len(store.visited(stopped.run_id))
    if visited:
        _finish(workspace, store, rules, stopped.run_id)
    told = _("stopped after {visited} of {planned} assets: {reason}")
    planned = len(store.run(stopped.run_id).plan.assets)
    shown = told.format(visited=visited, planned=planned, reason=stopped)
    click.echo(f"secaudit: {printable(shown, lines=True)}", err=True)
    if stopped.hint:
        click.echo(f"  → {printable(stopped.hint)}", err=True)
    go_on = _("when it is allowed again, go on with: {command}")
    click.echo(f"  → {go_on.format(command=command(workspace, 'scan --resume'))}", err=True)
    return ExitCode.NOT_JUDGED


def _finish(workspace: Path, store: Store, rules: Rules, run_id: str) -> int:
    visited = set(store.visited(run_id))
    plan = store.run(run_id).plan
    tally = tally_of(store.records(run_id), rules.content.checks, rules.versions.plugins)
    planned = sum(len(asset.expected) for asset in plan.assets if asset.asset_id in visited)
    show_summary(console(), run_id, tally, planned, _next_steps(workspace, run_id, tally))
    return tally.exit_code


def _next_steps(workspace: Path, run_id: str, tally: Tally) -> Iterator[str]:
    unreached = ((asset.asset_id, asset.gap) for asset in tally.assets if asset.gap is not None)
    yield from next_steps(unreached, partial(command, workspace))
    yield _("every verdict with what was seen: {command}").format(
        command=command(workspace, f"results {run_id}")
    )
    yield _("the items of the standard: {command}").format(command=command(workspace, "assess"))
    yield _("the report: {command}").format(command=command(workspace, f"report {run_id}"))
