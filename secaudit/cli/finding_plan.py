"""``secaudit finding plan``: who puts findings right, how, and until when."""

from pathlib import Path
from typing import Any

import click

from secaudit import clock
from secaudit.assess import finding_acts
from secaudit.assess.finding_acts import Planned
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_acting import put_on_record, tell
from secaudit.cli.finding_selecting import chosen, filter_of, filter_options, numbers_argument
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.cli.wiring import open_workspace
from secaudit.language import _
from secaudit.model.finding import Stage
from secaudit.register.times import in_zone
from secaudit.register.values import named_line, real_date, said_text


@click.command(
    help=_(
        "Put on record who puts findings right, how and until when. A later deadline than before is an extension: "
        "somebody else than the owner allows it, and says why."
    )
)
@numbers_argument
@click.option("--owner", default="", help=_("Who puts them right."))
@click.option("--measure", default="", help=_("What is done."))
@click.option("--deadline", metavar=_("DATE"), help=_("The last day on which it may be done."))
@click.option("--notice", default="", help=_("Number of the notice that demands it."))
@click.option("--allowed-by", default="", help=_("Who allows a later deadline."))
@click.option("--reason", default="", help=_("Why a later deadline is allowed."))
@filter_options
@click.pass_obj
@recorded
def plan(
    workspace: Path,
    /,
    numbers: tuple[int, ...],
    owner: str,
    measure: str,
    deadline: str | None,
    notice: str,
    allowed_by: str,
    reason: str,
    **options: Any,
) -> int:
    """The command."""
    opened, now = open_workspace(workspace), clock.now()
    today = in_zone(now).date()
    said = Planned(
        owner=option_value(named_line, owner, "--owner") if owner else "",
        measure=option_value(said_text, measure, "--measure") if measure else "",
        deadline=option_value(real_date, deadline, "--deadline") if deadline else None,
        notice=option_value(named_line, notice, "--notice") if notice else "",
        allowed_by=option_value(named_line, allowed_by, "--allowed-by") if allowed_by else "",
        reason=option_value(said_text, reason, "--reason") if reason else "",
    )
    with opened.open_scanned() as store:
        wanted = chosen(store, numbers, filter_of(today, (Stage.OPEN, Stage.PLANNED), options))
        done = put_on_record(
            workspace, store, "plan", wanted, lambda one: finding_acts.plan(one, said, now, today)
        )
    tell(done, _("{count} planned: {numbers}"))
    return ExitCode.CLEAN
