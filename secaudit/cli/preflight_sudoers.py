"""``secaudit preflight --sudoers``: the sudoers file for what a scan asks as root; contacts nobody."""

import click

from secaudit.audit import Asked, Rules, make_plan
from secaudit.audit.judging import subjects_of
from secaudit.cli.wiring import Workspace
from secaudit.collect.sudoers import sudoers_text
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.evidence import Probe
from secaudit.model.register import Sudo
from secaudit.model.run import Plan


def print_sudoers(opened: Workspace, rules: Rules, asked: Asked, user: str | None) -> None:
    """Print one file for all assets that are asked for. Raises UsageError where one cannot serve them."""
    plan = make_plan(opened.register, rules.content, rules.facts, asked, lambda _system, _asset: None)
    named, sudo = _of_all(plan, user)
    probes: dict[str, Probe] = {p.id: p for planned in plan.assets for p in planned.probes}
    click.echo(sudoers_text(named, tuple(probes.values()), sudo), nl=False)


def _of_all(plan: Plan, user: str | None) -> tuple[str, Sudo]:
    """Whom the file lets ask, and how; for an asset without sudo the least is printed that there is."""
    subjects = subjects_of(plan)
    found: dict[tuple[str, Sudo], list[str]] = {}
    for asset_id, subject in subjects.items():
        reach = subject.asset.reach
        sudo: Sudo = Sudo.LISTED if reach.sudo is Sudo.NONE else reach.sudo
        found.setdefault((user or reach.user, sudo), []).append(asset_id)
    if len(found) > 1:
        groups = "; ".join(
            f"{name or '?'}, sudo: {sudo}: {' '.join(ids)}" for (name, sudo), ids in found.items()
        )
        raise UsageError(
            _("One file cannot serve these assets: {groups}.").format(groups=groups),
            hint=_("Print one for each kind, with --asset."),
        )
    ((named, sudo),) = found
    if not named:
        raise UsageError(_("The assets name no user."), hint=_("Say whom the file is for: --user NAME"))
    return named, sudo
