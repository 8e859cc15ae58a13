"""``secaudit risk confirm`` and ``rectify``: a risk is there; it was, and is no more."""

from pathlib import Path

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.recorded import recorded
from secaudit.cli.risk_act import Said, act_options, decision_of, keep, matter_of, object_option
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.risk import HazardCriteria, RiskAct

WORDS = {"yes": True, "no": False}


@click.command(
    help=_(
        "Confirm RISK of SYSTEM: a condition like HR-15, or a major hazard like A-31 that no condition stands for.\n\n"
        "A condition that may be a major hazard needs all of --relevant, --severe and --likely: it is one where all "
        "three are yes. What is confirmed counts until it is rectified or revoked, for a year at most."
    )
)
@act_options
@click.option("--relevant", type=click.Choice(list(WORDS)), help=_("Whether nothing mitigates it."))
@click.option("--severe", type=click.Choice(list(WORDS)), help=_("Whether the harm would be severe."))
@click.option("--likely", type=click.Choice(list(WORDS)), help=_("Whether it is likely."))
@click.option(
    "--case", default="", help=_("The case in which a hazard may be denied, where the guide names one.")
)
@object_option
@click.pass_obj
@recorded
def confirm(
    workspace: Path,
    said: Said,
    relevant: str | None,
    severe: str | None,
    likely: str | None,
    case: str,
    objects: tuple[str, ...],
) -> int:
    """The command."""
    matter = matter_of(workspace, said, objects)
    hazard = _criteria(relevant, severe, likely)
    one = decision_of(
        matter, said, act=RiskAct.CONFIRM, grounds=matter.to_confirm(), hazard=hazard, case=case
    )
    keep(workspace, one, said.files)
    return ExitCode.CLEAN


def _criteria(relevant: str | None, severe: str | None, likely: str | None) -> HazardCriteria | None:
    if relevant is None and severe is None and likely is None:
        return None
    if relevant is None or severe is None or likely is None:
        raise UsageError(_("--relevant, --severe and --likely go together: say all three."))
    return HazardCriteria(WORDS[relevant], WORDS[severe], WORDS[likely])


@click.command(
    help=_(
        "Write down that RISK, once confirmed, is rectified: the newest run or answer must show it no more.\n\n"
        "A major hazard is still counted, as it was before rectification, and written like 10（5个已整改）."
    )
)
@act_options
@object_option
@click.pass_obj
@recorded
def rectify(
    workspace: Path,
    said: Said,
    objects: tuple[str, ...],
) -> int:
    """The command."""
    matter = matter_of(workspace, said, objects)
    grounds, hazard = matter.to_rectify()
    keep(
        workspace, decision_of(matter, said, act=RiskAct.RECTIFY, grounds=grounds, hazard=hazard), said.files
    )
    return ExitCode.CLEAN
