"""``secaudit finding claim``: somebody says that findings are fixed; that alone closes none."""

from pathlib import Path
from typing import Any

import click

from secaudit import clock
from secaudit.assess import finding_acts
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_acting import put_on_record, read_files, tell
from secaudit.cli.finding_selecting import chosen, filter_of, filter_options, numbers_argument
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.cli.wiring import open_workspace
from secaudit.language import _
from secaudit.model.finding import Stage
from secaudit.register.times import in_zone
from secaudit.register.values import named_line, said_text


@click.command(
    help=_("Put on record that somebody says findings are fixed. Evidence collected after that decides.")
)
@numbers_argument
@click.option("--by", required=True, help=_("Who fixed them."))
@click.option("--note", required=True, help=_("What was done."))
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("A file that it rests on, copied into the workspace (repeatable)."),
)
@filter_options
@click.pass_obj
@recorded
def claim(
    workspace: Path, /, numbers: tuple[int, ...], by: str, note: str, files: tuple[Path, ...], **options: Any
) -> int:
    """The command."""
    opened, now = open_workspace(workspace), clock.now()
    person = option_value(named_line, by, "--by")
    text = option_value(said_text, note, "--note")
    kept, evidence = read_files(files)
    with opened.open_scanned() as store:
        wanted = filter_of(in_zone(now).date(), (Stage.OPEN, Stage.PLANNED), options)
        done = put_on_record(
            workspace,
            store,
            "claim",
            chosen(store, numbers, wanted),
            lambda one: [finding_acts.claim(one, person, text, kept, now)],
            evidence,
        )
    tell(done, _("{count} claimed fixed: {numbers}; test them again: secaudit finding retest --claimed"))
    return ExitCode.CLEAN
