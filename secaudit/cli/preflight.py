"""``secaudit preflight``: whether a scan would succeed, and for every failure what mends it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from secaudit import clock
from secaudit.audit import Asked, Rules, make_plan
from secaudit.audit import workspace_findings as of_workspace
from secaudit.audit.findings import Finding, Weight, gravest
from secaudit.audit.judging import subjects_of
from secaudit.audit.planning import Authorise
from secaudit.audit.preflight import Sounding, look_ahead
from secaudit.audit.stakes import stakes_of
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.preflight_show import Sight, show, told_of
from secaudit.cli.preflight_sudoers import print_sudoers
from secaudit.cli.progress import progress
from secaudit.cli.show import format_option
from secaudit.cli.visiting import no_bundles, secrets_of, visits
from secaudit.cli.wiring import Workspace, command, load_rules, open_workspace
from secaudit.collect.outside import OUTSIDE_ID
from secaudit.errors import NotAuthorised, StoreError, UsageError
from secaudit.language import _
from secaudit.model.evidence import BUNDLE
from secaudit.model.register import Asset, Authorisation
from secaudit.model.run import Plan
from secaudit.store import Form, look_at
from secaudit.transport import Secrets
from secaudit.transport.credentials import public_key
from secaudit.transport.scanner import is_available


@click.command(
    epilog=_(
        "Exit code 2: the workspace is not ready; 3: some asset would not be visited whole; 4: none was reached."
    ),
    help=_(
        "See whether a scan would succeed, and what mends each failure: one login an asset, nothing is judged or "
        "stored."
    ),
)
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@click.option("--asset", "assets", multiple=True, help=_("Only this asset (repeatable)."))
@click.option("--profile", help=_("Another profile than that of the level."))
@click.option("--jobs", type=click.IntRange(1, 256), help=_("How many assets are visited at once."))
@click.option("--sudoers", is_flag=True, help=_("Only print the sudoers file that these assets need."))
@click.option("--user", help=_("With --sudoers: another user than that of the register."))
@format_option
@click.pass_obj
def preflight(
    workspace: Path,
    systems: tuple[str, ...],
    assets: tuple[str, ...],
    profile: str | None,
    jobs: int | None,
    sudoers: bool,
    user: str | None,
    output_format: str,
) -> int:
    """The command."""
    if user and not sudoers:
        raise click.UsageError(_("--user goes with --sudoers only."))
    opened = open_workspace(workspace)
    rules = load_rules(workspace)
    asked = Asked(systems, assets, profile)
    if sudoers:
        print_sudoers(opened, rules, asked, user)
        return ExitCode.CLEAN
    return _look(opened, rules, asked, jobs, output_format)


def _look(opened: Workspace, rules: Rules, asked: Asked, jobs: int | None, output_format: str) -> ExitCode:
    missing: dict[str, NotAuthorised] = {}
    plan = make_plan(
        opened.register,
        rules.content,
        rules.facts,
        asked,
        partial(_authorised, opened.authorised_at(clock.now()), missing),
    )
    plan = _of_visits(plan)
    secrets = secrets_of(plan)
    sight = Sight(plan, _own_findings(opened, rules, plan, secrets, missing), [], last_visits(opened))
    interrupted = False
    if not _blocked(plan):
        try:
            _visit(opened, rules, plan, secrets, jobs, sight)
        except KeyboardInterrupt:
            interrupted = True
    show(sight, output_format, partial(command, opened.folder))
    return ExitCode.INTERRUPTED if interrupted else _exit_code(sight)


def _of_visits(plan: Plan) -> Plan:
    """Without the assets that come by bundle. Raises UsageError where there are no others."""
    subjects = subjects_of(plan)
    visited = tuple(p for p in plan.assets if subjects[p.asset_id].asset.reach.transport != BUNDLE)
    if not visited:
        raise UsageError(
            _("There is nothing to visit: all these assets come by bundle."),
            hint=_("See how old their bundles are: secaudit scan"),
        )
    return replace(plan, assets=visited)


def _authorised(
    authorise: Authorise, missing: dict[str, NotAuthorised], system_id: str, asset: Asset
) -> Authorisation | None:
    try:
        return authorise(system_id, asset)
    except NotAuthorised as error:
        missing[asset.id] = error
        return None


def _blocked(plan: Plan) -> set[str]:
    """The systems of which no asset may be scanned: a scan refuses them."""
    allowed = {planned.system_id for planned in plan.assets if planned.authorisation}
    return {planned.system_id for planned in plan.assets} - allowed


def _not_allowed(plan: Plan, missing: Mapping[str, NotAuthorised]) -> Iterator[Finding]:
    blocked = _blocked(plan)
    systems = {planned.asset_id: planned.system_id for planned in plan.assets}
    none = {name: error for name, error in missing.items() if systems[name] in blocked}
    some = {name: error for name, error in missing.items() if name not in none}
    yield from of_workspace.not_allowed(none)
    yield from of_workspace.not_allowed(some, Weight.LACKS)


def _own_findings(
    opened: Workspace, rules: Rules, plan: Plan, secrets: Secrets, missing: Mapping[str, NotAuthorised]
) -> list[Finding]:
    subjects = subjects_of(plan)
    return [
        *_not_allowed(plan, missing),
        *of_workspace.credentials((subject.asset for subject in subjects.values()), secrets),
        *of_workspace.database(opened.settings.database, clock.now()),
        *of_workspace.disk(opened.folder, opened.settings.database, len(plan.assets)),
        *of_workspace.folders(opened.folder, opened.settings.database),
        *of_workspace.nmap(_resting_on_ports(rules, plan), is_available()),
    ]


def _resting_on_ports(rules: Rules, plan: Plan) -> tuple[str, ...]:
    """The checks that rest on a port scan that is authorised."""
    subjects = subjects_of(plan)
    found: dict[str, None] = {}
    for planned in plan.assets:
        if planned.outside_ports:
            stakes = stakes_of(planned, subjects[planned.asset_id], rules.content, rules.facts)
            found |= dict.fromkeys(stakes.on_probes((OUTSIDE_ID,)))
    return tuple(found)


def last_visits(opened: Workspace) -> dict[str, float]:
    """Asset → seconds of its last visit; nothing where the database cannot tell."""
    try:
        if look_at(opened.settings.database) is not Form.CURRENT:
            return {}
        with opened.open_store() as store:
            return store.last_visits()
    except StoreError:  # it is among the findings
        return {}


def _visit(
    opened: Workspace, rules: Rules, plan: Plan, secrets: Secrets, jobs: int | None, sight: Sight
) -> None:
    limits = opened.settings.pace
    pace = replace(limits, jobs=jobs or limits.jobs, jitter_s=0, run_s=0)  # somebody waits for it
    sounding = Sounding(
        visits=visits(opened.folder, pace, rules, secrets, no_bundles),
        authorise=opened.authorise,
        public_key=lambda asset: public_key(asset, secrets),
        command=partial(command, opened.folder),
    )
    with progress(len(plan.assets)) as teller:
        for report in look_ahead(plan, rules, sounding):
            sight.assets.append(report)
            teller.tell(told_of(report))


def _exit_code(sight: Sight) -> ExitCode:
    """What the workspace itself lacks comes first; then whether anything was reached; then what was not whole."""
    own = gravest(sight.workspace)
    if own is Weight.BLOCKS:
        return ExitCode.USAGE
    if not any(report.reached for report in sight.assets):
        return ExitCode.NOTHING_REACHED
    whole = all(report.weight in (None, Weight.NOTE) for report in sight.assets)
    return ExitCode.CLEAN if whole and own is not Weight.LACKS else ExitCode.NOT_JUDGED
