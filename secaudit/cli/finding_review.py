"""``secaudit finding review``: 复核, by somebody else than who fixed it, with evidence."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from secaudit import clock
from secaudit.assess import finding_acts
from secaudit.assess.finding_acts import Reviewed
from secaudit.cli.content_source import content_of
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_acting import put_on_record, read_files, tell
from secaudit.cli.finding_evidence import undecidable
from secaudit.cli.finding_selecting import chosen, filter_of, filter_options, numbers_argument
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.cli.wiring import open_workspace
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.finding import Stage
from secaudit.register.times import beginning, in_zone
from secaudit.register.values import named_line, past_date, said_text

RESULTS = ("fixed", "not-fixed")


@click.command(
    help=_(
        "Put on record what a reviewer found (复核): it closes findings that no check decides, where the reviewer is "
        "not who fixed them. What a scan found closes when its check passes; a reviewer closes it only where no scan "
        "can decide it any more (not applicable, retired)."
    )
)
@numbers_argument
@click.option("--reviewer", required=True, help=_("Who reviewed them."))
@click.option("--result", type=click.Choice(RESULTS), required=True, help=_("What the reviewer found."))
@click.option(
    "--evidence",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("A file that shows it, copied into the workspace (repeatable)."),
)
@click.option("--note", default="", help=_("What the reviewer saw."))
@click.option("--date", "day", metavar=_("DATE"), help=_("The day of the review (default: today)."))
@filter_options
@click.pass_obj
@recorded
def review(
    workspace: Path,
    /,
    numbers: tuple[int, ...],
    reviewer: str,
    result: str,
    files: tuple[Path, ...],
    note: str,
    day: str | None,
    **options: Any,
) -> int:
    """The command."""
    opened, now = open_workspace(workspace), clock.now()
    today = in_zone(now).date()
    if not files and result == "fixed":
        raise UsageError(_("--evidence is required: a review closes nothing without it."))
    kept, evidence = read_files(files)
    said = Reviewed(
        reviewer=option_value(named_line, reviewer, "--reviewer"),
        fixed=result == "fixed",
        at=_moment(option_value(past_date, day, "--date") if day else today, now),
        text=option_value(said_text, note, "--note") if note else "",
        files=kept,
    )
    content = content_of(workspace)
    with opened.open_scanned() as store:
        wanted = chosen(store, numbers, filter_of(today, (Stage.CLAIMED,), options))
        reasons = undecidable(opened, store, content, wanted)
        done = put_on_record(
            workspace,
            store,
            "review",
            wanted,
            lambda one: [finding_acts.review(one, said, lambda finding: reasons.get(finding.number, ""))],
            evidence,
        )
    tell(
        done,
        _("{count} reviewed and closed: {numbers}")
        if said.fixed
        else _("{count} reviewed, not fixed: {numbers}"),
    )
    return ExitCode.CLEAN


def _moment(day: date, now: datetime) -> datetime:
    """The end of an earlier day; of today the present moment."""
    return min(beginning((day + timedelta(days=1)).isoformat()), now)
