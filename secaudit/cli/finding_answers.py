"""``secaudit finding import-answers``: what departments plan and claim, all of a workbook or nothing."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from secaudit import clock
from secaudit.assess.answering import FindingAnswer
from secaudit.audit.rectifying import Answered, Taken, put_answers
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_details import chosen
from secaudit.cli.recorded import recorded
from secaudit.cli.wiring import open_workspace
from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.model.attestation import EvidenceFile
from secaudit.register.acts import keep_evidence, read_beside

if TYPE_CHECKING:
    from secaudit.report.filled_rectification import FilledFinding

Evidence = dict[str, bytes]


@click.command(
    "import-answers",
    help=_(
        "Bring back a workbook that finding export or finding notice wrote: plans and claims go on record, all or "
        "none. A claim closes nothing."
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar=_("FILE"))
@click.pass_obj
@recorded
def import_answers(workspace: Path, file: Path) -> int:
    """The command."""
    from secaudit.report.filled_rectification import (
        read_rectification,
    )  # its library is loaded where it is used

    opened = open_workspace(workspace)
    filled = read_rectification(file)
    is_organisation = filled.kind == "organisation"
    whose = (None, filled.owner) if is_organisation else (filled.owner, None)
    systems = {system.id for system in chosen(opened, *whose).systems}
    evidence: Evidence = {}
    answers = _answers(file, filled.rows, evidence)
    with opened.open_store() as store:
        keep = partial(keep_evidence, workspace, evidence)
        taken = put_answers(store, file.name, answers, systems, clock.now(), keep)
    _tell(taken)
    return ExitCode.CLEAN


def _answers(file: Path, rows: Sequence["FilledFinding"], evidence: Evidence) -> list[Answered]:
    """Raises ContentError with every file that is not beside the workbook."""
    answers: list[Answered] = []
    problems: list[Problem] = []
    for row in rows:
        try:
            files = tuple(_kept(file.parent, name, evidence) for name in row.files)
        except UsageError as error:
            problems.append(Problem(file.name, 0, row.places["files"], "", str(error)))
            continue
        said = FindingAnswer(row.owner, row.measure, row.planned, row.fixed, row.note, files)
        answers.append(Answered(row.number, said, row.revision, row.identity, row.places))
    if problems:
        raise ContentError(tuple(problems), hint=_("Nothing was imported."))
    return answers


def _kept(folder: Path, name: str, evidence: Evidence) -> EvidenceFile:
    kept, content = read_beside(folder, name)
    evidence[kept.sha256] = content
    return kept


def _tell(taken: Taken) -> None:
    told = _("{planned} plans and {claimed} claims on record, {same} rows without anything new")
    click.echo(told.format(planned=taken.planned, claimed=taken.claimed, same=taken.same))
    if taken.closed:
        numbers = ", ".join(str(one) for one in taken.closed)
        click.echo(
            printable(_("Closed meanwhile, so that no answer was taken: {numbers}").format(numbers=numbers))
        )
