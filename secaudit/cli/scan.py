"""``secaudit scan``: visit what is registered and authorised, judge it, keep it, tell what was found."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time
from functools import partial
from pathlib import Path

import click

from secaudit import clock
from secaudit.assess.acceptances import Acceptances
from secaudit.audit import Asked, Rules, Steps, make_plan, resume_audit, run_audit
from secaudit.audit.running import Stopped, interrupted_run
from secaudit.cli.accepted import accepted_on_record, covers_in
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.following import tell_followed
from secaudit.cli.progress import Teller, progress
from secaudit.cli.recorded import recorded
from secaudit.cli.show import console
from secaudit.cli.summary import show_summary
from secaudit.cli.tally import Tally, tally_of
from secaudit.cli.typed import typed_for
from secaudit.cli.unreached import next_steps
from secaudit.cli.visiting import secrets_of, visits
from secaudit.cli.wiring import Workspace, command, load_rules, open_workspace
from secaudit.language import _
from secaudit.model.pace import Pace
from secaudit.model.run import Plan
from secaudit.register.times import next_at
from secaudit.store import Store
from secaudit.transport import Secrets

# the limits, seen from the moment at which the visits begin
Limited = Callable[[], Pace]


def _deadline(_context: click.Context, _parameter: click.Parameter, value: str | None) -> time | None:
    if value is None:
        return None
    if not re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", value):
        raise click.BadParameter(_("a time of day like 05:00 expected"))
    return time.fromisoformat(value)


@click.command(
    epilog=_("Exit code 1: a check failed; 3: something could not be judged; 4: nothing was reached."),
    help=_("Visit the assets of systems, judge them, and store evidence and results."),
)
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@click.option("--profile", help=_("Another profile than that of the level."))
@click.option("--asset", "assets", multiple=True, help=_("Only this asset (repeatable)."))
@click.option("--jobs", type=click.IntRange(1, 256), help=_("How many assets are visited at once."))
@click.option(
    "--deadline",
    metavar="HH:MM",
    callback=_deadline,
    help=_("No visit begins after this time of the office's clocks; what is left is told."),
)
@click.option("--resume", is_flag=True, help=_("Go on with the newest run that was interrupted."))
@click.option(
    "--take-over", is_flag=True, help=_("With --resume: also a run that another machine began and left.")
)
@click.pass_obj
@recorded
def scan(
    workspace: Path,
    systems: tuple[str, ...],
    profile: str | None,
    assets: tuple[str, ...],
    jobs: int | None,
    deadline: time | None,
    resume: bool,
    take_over: bool,
) -> int:
    """The command."""
    if take_over and not resume:
        raise click.UsageError(_("--take-over goes with --resume."))
    if resume and (profile or assets):
        raise click.UsageError(_("--resume goes on as planned: it takes no --profile and no --asset."))
    opened = open_workspace(workspace)
    rules = load_rules(workspace)
    pace = partial(pace_of, opened.settings.pace, jobs, deadline)
    accepted = accepted_on_record(opened, rules.content)
    asked = Asked(systems, assets, profile)
    plan = None if resume else _plan(opened, rules, asked)  # nothing is opened before all is allowed
    with opened.open_store() as store:

        def work() -> str:
            if plan is not None:
                return start(opened, store, rules, plan, pace)
            run_id = interrupted_run(store, systems, take_over=take_over)
            return _resume(opened, store, rules, run_id, pace)

        return carry_out(opened, store, rules, work, accepted)


def carry_out(
    opened: Workspace, store: Store, rules: Rules, work: Callable[[], str], accepted: Acceptances
) -> int:
    """Do the work, which gives the id of its run, and tell what was found, or how to go on where it was ended."""
    try:
        run_id = work()
    except KeyboardInterrupt:
        _tell_interrupted(opened.folder)
        return ExitCode.INTERRUPTED
    except Stopped as stopped:
        return _finish_stopped(opened, store, rules, stopped, accepted)
    return finish(opened, store, rules, run_id, accepted)


def pace_of(limits: Pace, jobs: int | None, deadline: time | None) -> Pace:
    """The limits of the workspace with those of the command line; of two ends of the run the earlier counts."""
    if jobs:
        limits = replace(limits, jobs=jobs)
    if deadline is None:
        return limits
    now = clock.now()
    left_s = max(int((next_at(deadline, now) - now).total_seconds()), 1)
    return replace(limits, run_s=min(left_s, limits.run_s or left_s))


def _plan(opened: Workspace, rules: Rules, asked: Asked) -> Plan:
    authorise = opened.authorised_at(clock.now())
    return make_plan(opened.register, rules.content, rules.facts, asked, authorise)


def start(opened: Workspace, store: Store, rules: Rules, plan: Plan, pace: Limited) -> str:
    """Visit what is planned; returns the id of the run."""
    secrets = secrets_of(plan)
    with progress(len(plan.assets)) as teller:
        return run_audit(store, plan, rules, steps_of(opened, store, rules, pace, secrets, teller))


def _resume(opened: Workspace, store: Store, rules: Rules, run_id: str, pace: Limited) -> str:
    plan = store.run(run_id).plan
    secrets = secrets_of(plan)
    with progress(len(plan.assets) - len(store.visited(run_id))) as teller:
        return resume_audit(store, run_id, rules, steps_of(opened, store, rules, pace, secrets, teller))


def steps_of(
    opened: Workspace, store: Store, rules: Rules, pace: Limited, secrets: Secrets, teller: Teller
) -> Steps:
    """What an audit of this workspace is handed."""
    return Steps(
        visits=visits(opened.folder, pace(), rules, secrets, store.newest_bundle),
        authorise=opened.authorise,
        clock=clock.now,
        on_visit=teller,
    )


def _tell_interrupted(workspace: Path) -> None:
    interrupted = _("interrupted; what was visited is stored")
    click.echo(f"secaudit: {interrupted}", err=True)
    told = _("go on with: {command}").format(command=command(workspace, "scan --resume"))
    click.echo(f"  → {told}", err=True)


def _finish_stopped(
    opened: Workspace, store: Store, rules: Rules, stopped: Stopped, accepted: Acceptances
) -> int:
    """Permission ended: tell what is stored and how to go on; the rest could not be judged."""
    visited = len(store.visited(stopped.run_id))
    if visited:
        finish(opened, store, rules, stopped.run_id, accepted)
    told = _("stopped after {visited} of {planned} assets: {reason}")
    planned = len(store.run(stopped.run_id).plan.assets)
    shown = told.format(visited=visited, planned=planned, reason=stopped)
    click.echo(f"secaudit: {printable(shown, lines=True)}", err=True)
    if stopped.hint:
        click.echo(f"  → {printable(typed_for(opened.folder, stopped.hint))}", err=True)
    go_on = _("when it is allowed again, go on with: {command}")
    click.echo(f"  → {go_on.format(command=command(opened.folder, 'scan --resume'))}", err=True)
    return ExitCode.NOT_JUDGED


def finish(opened: Workspace, store: Store, rules: Rules, run_id: str, accepted: Acceptances) -> int:
    """Tell what a run found, and findings of it; returns the exit code: what is accepted does not move it."""
    visited = set(store.visited(run_id))
    plan = store.run(run_id).plan
    covers = covers_in(accepted, plan.systems)
    tally = tally_of(store.records(run_id), rules.content.checks, rules.versions.plugins, covers)
    planned = sum(len(asset.expected) for asset in plan.assets if asset.asset_id in visited)
    show_summary(console(), run_id, tally, planned, _next_steps(opened.folder, run_id, tally))
    tell_followed(opened, store, rules.content)
    return tally.exit_code


def _next_steps(workspace: Path, run_id: str, tally: Tally) -> Iterator[str]:
    unreached = ((asset.asset_id, asset.gap) for asset in tally.assets if asset.gap is not None)
    yield from next_steps(unreached, partial(command, workspace))
    yield _("every verdict with what was seen: {command}").format(
        command=command(workspace, f"results {run_id}")
    )
    yield _("the items of the standard: {command}").format(command=command(workspace, "assess"))
    yield _("the report: {command}").format(command=command(workspace, f"report {run_id}"))
