"""``secaudit risk revoke``: what was decided on a risk counts no more."""

from pathlib import Path

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.recorded import recorded
from secaudit.cli.risk_act import Said, act_options, decision_of, keep, matter_of, object_option
from secaudit.language import _
from secaudit.model.risk import RiskAct


@click.command(
    help=_("Take back what was decided on RISK of SYSTEM: what is still shown is undecided again.")
)
@act_options
@object_option
@click.pass_obj
@recorded
def revoke(
    workspace: Path,
    said: Said,
    objects: tuple[str, ...],
) -> int:
    """The command."""
    matter = matter_of(workspace, said, objects)
    keep(workspace, decision_of(matter, said, act=RiskAct.REVOKE, grounds=matter.to_revoke()), said.files)
    return ExitCode.CLEAN
