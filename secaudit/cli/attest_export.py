"""``secaudit attest export``: the questions of a system or an organisation as a workbook."""

import shlex
from pathlib import Path

import click

from secaudit.assess import assess, catalogue_for
from secaudit.assess.answers import answers_for
from secaudit.cli.attest_organisation import asked_of_all
from secaudit.cli.attest_set import owner_of
from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.wiring import (
    OnRecord,
    Workspace,
    command,
    judgement_of,
    newest_run_of,
    on_record,
    open_workspace,
)
from secaudit.cli.writing_options import lang_option
from secaudit.content import Content
from secaudit.language import _
from secaudit.model.register import Register, System
from secaudit.model.text import Language
from secaudit.register.times import office_day
from secaudit.report.questionnaire import (
    Question,
    Sender,
    questions_of,
    write_questionnaire,
)


@click.command(
    "export", help=_("Write the questions of OWNER, a system or an organisation, as an Excel workbook.")
)
@click.argument("owner", metavar=_("OWNER"))
@click.option(
    "--organisation", "by_organisation", is_flag=True, help=_("OWNER is an organisation, not a system.")
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("The file (default: questionnaire-OWNER.xlsx)."),
)
@lang_option
@click.pass_obj
def export(
    workspace: Path, owner: str, by_organisation: bool, out: Path | None, lang: Language | None
) -> int:
    """The command."""
    opened = open_workspace(workspace)
    content, answered = content_of(workspace), on_record(opened)
    system, organisation = owner_of(opened.register, owner, by_organisation)
    if system is None:
        asked, run = _of_organisation(opened.register, organisation, content, answered), ""
        name = next(one.name for one in opened.register.organisations if one.id == organisation)
    else:
        asked, run = _of_system(opened, system, content, answered)
        name = system.name
    place = out or Path(f"questionnaire-{owner}.xlsx")
    kind = "organisation" if system is None else "system"
    sender = Sender(kind, owner, name, run, office_day())
    write_questionnaire(place, asked, sender, lang or opened.settings.language)
    waiting = sum(question.answer is None for question in asked)
    told = _("{file}: {count} questions, {waiting} without an answer")
    click.echo(printable(told.format(file=place, count=len(asked), waiting=waiting)))
    _tell_next(workspace, f"attest import {shlex.quote(str(place))}")
    return ExitCode.CLEAN


def _tell_next(workspace: Path, arguments: str) -> None:
    told = _("once it is filled in: {command}").format(command=command(workspace, arguments))
    click.echo(printable(f"  → {told}"), err=True)


def _of_system(
    opened: Workspace, system: System, content: Content, answered: OnRecord
) -> tuple[list[Question], str]:
    """The questions that the newest run leaves, by the register as it is now."""
    catalogue = catalogue_for(content.catalogues, system.grade, system.extensions)
    with opened.open_scanned() as store:
        run = newest_run_of(store, system.id)
        judgement_of(store, run.id, content)
        answers = answered.answers(system, catalogue)
        assessment = assess(system, catalogue, content.checks, store.records(run.id), answers)
    return questions_of(assessment, content.checks, catalogue.left_to_people), run.id


def _of_organisation(
    register: Register, organisation: str, content: Content, answered: OnRecord
) -> list[Question]:
    """What it answers once for its systems, room by room where it has registered its machine rooms."""
    asked = asked_of_all(register, organisation, content)
    domains = {step_id: requirement.domain_abbr for step_id, (requirement, _step) in asked.steps.items()}
    answers = answers_for(
        asked.as_system(), answered.organisations, answered.attestations, domains, answered.day
    )
    return [
        Question(requirement, step, name, answer=answers.to(step.id, name))
        for requirement, step in asked.steps.values()
        for name in asked.objects(requirement)
    ]
