"""``secaudit risk downgrade`` and ``exclude``: a risk is less than it seems, or concerns other systems."""

from pathlib import Path

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.cli.risk_act import Said, act_options, decision_of, keep, matter_of, object_option
from secaudit.language import _
from secaudit.model.risk import RiskAct, RiskLevel
from secaudit.register.attestations import last_day
from secaudit.register.values import said_text


@click.command(
    help=_(
        "Downgrade RISK of SYSTEM, which a compensating measure mitigates; refused where the guide allows none.\n\n"
        "RISK may also be an item like ces.audit.a: its defect counts as a medium risk until it is called a low one."
    )
)
@act_options
@click.option("--measure", required=True, help=_("The compensating measure, and how it was seen to work."))
@click.option(
    "--to",
    "level",
    type=click.Choice([level.value for level in RiskLevel]),
    required=True,
    help=_("The risk that is left."),
)
@click.option(
    "--case", default="", help=_("The case that holds, where the guide allows a downgrade in some only.")
)
@click.option("--valid-until", metavar=_("DATE"), help=_("The last day on which it holds (default: a year)."))
@object_option
@click.pass_obj
@recorded
def downgrade(
    workspace: Path,
    said: Said,
    measure: str,
    level: str,
    case: str,
    valid_until: str | None,
    objects: tuple[str, ...],
) -> int:
    """The command."""
    matter = matter_of(workspace, said, objects)
    details = {"valid_until": option_value(last_day, valid_until, "--valid-until")} if valid_until else {}
    one = decision_of(
        matter,
        said,
        act=RiskAct.DOWNGRADE,
        grounds=matter.to_downgrade(),
        measure=option_value(said_text, measure, "--measure"),
        level=RiskLevel(level),
        case=case,
        **details,
    )
    keep(workspace, one, said.files)
    return ExitCode.CLEAN


@click.command(
    help=_(
        "Say that the scope of RISK (high availability, cloud, wireless …) is not that of SYSTEM, for all its objects."
    )
)
@act_options
@click.pass_obj
@recorded
def exclude(
    workspace: Path,
    said: Said,
) -> int:
    """The command."""
    matter = matter_of(workspace, said)
    matter.refuse_excluding()
    keep(workspace, decision_of(matter, said, act=RiskAct.EXCLUDE), said.files)
    return ExitCode.CLEAN
