"""``secaudit system grade``: the level of a system by GB/T 22240-2020, with its reasoning."""

import json
from pathlib import Path
from typing import Any

import click

from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.writing_options import lang_option
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.grading import Grading, Harm
from secaudit.model.register import Register, System
from secaudit.model.text import Language
from secaudit.register import load_register, load_settings
from secaudit.register.grading import contradiction, harm_of, keep_grading
from secaudit.register.registered import system_of

LEVEL_5 = 5


@click.command(
    help=_(
        "Find the level of a system by what is harmed and how badly, by GB/T 22240-2020, with the reasoning for its "
        "grading report: from the options, or from what the file of SYSTEM records."
    ),
    epilog=_(
        "OBJECT is citizens, society or state; DEGREE is general, serious or especially-serious. Exit code 1: "
        "SYSTEM is registered with another grade."
    ),
)
@click.argument("system_id", metavar=_("[SYSTEM]"), required=False)
@click.option(
    "--information",
    "-S",
    multiple=True,
    metavar=_("OBJECT=DEGREE"),
    help=_("Harm when business information is compromised (repeatable)."),
)
@click.option(
    "--service",
    "-A",
    multiple=True,
    metavar=_("OBJECT=DEGREE"),
    help=_("Harm when the service is disrupted (repeatable)."),
)
@click.option("--information-what", default="", help=_("Which information is processed."))
@click.option("--information-why", default="", help=_("How its harm comes about."))
@click.option("--service-what", default="", help=_("Which service is offered, to whom."))
@click.option("--service-why", default="", help=_("How its harm comes about."))
@click.option("--keep", is_flag=True, help=_("Write the grading into the file of SYSTEM."))
@lang_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    help=_("How to print."),
)
@click.pass_obj
def grade(
    workspace: Path,
    /,
    system_id: str | None,
    information: tuple[str, ...],
    service: tuple[str, ...],
    keep: bool,
    lang: Language | None,
    output_format: str,
    **said: str,
) -> int:
    """The command."""
    register = load_register(workspace)
    system = system_of(register, system_id) if system_id else None
    grading = _grading(system, information, service, said)
    if keep:
        _keep(workspace, system, grading)
    differs = contradiction(system, grading) if system else ""
    report = _report(register, system, grading, lang or load_settings(workspace).language)
    if output_format == "json":
        content = {**_content(system, grading, differs), "reasoning": report}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{grading}\n")
        click.echo(printable(report, lines=True), nl=False)
    return _judged(grading, differs)


def _grading(
    system: System | None, information: tuple[str, ...], service: tuple[str, ...], said: dict[str, str]
) -> Grading:
    known = system.grading if system else None
    sides = {
        "information": (information, known.information if known else None),
        "service": (service, known.service if known else None),
    }
    harms = {side: _harm(side, given, before, said) for side, (given, before) in sides.items()}
    return Grading(harms["information"], harms["service"])


def _harm(side: str, given: tuple[str, ...], before: Harm | None, said: dict[str, str]) -> Harm:
    """What the options say; what they do not say is as it is on record."""
    if before is None and not given:
        example = "secaudit system grade --information society=serious --service society=general"
        raise UsageError(
            _("--{side} is missing, and nothing is on record.").format(side=side),
            hint=_("For example: {command}").format(command=example),
        )
    known = before or Harm(())
    words = given or [f"{harmed}={degree}" for harmed, degree in known.degrees]
    try:
        return harm_of(words, said[f"{side}_what"] or known.what, said[f"{side}_why"] or known.why)
    except ValueError as error:
        raise UsageError(f"--{side}: {error}") from error


def _keep(workspace: Path, system: System | None, grading: Grading) -> None:
    if system is None:
        raise UsageError(_("--keep needs a SYSTEM that is registered."))
    if grading.level == LEVEL_5:
        raise UsageError(_level_5())
    file = keep_grading(workspace, system.id, grading)
    click.echo(printable(_("Kept in {file}").format(file=file)), err=True)


def _report(register: Register, system: System | None, grading: Grading, language: Language) -> str:
    from secaudit.report.grading import (  # most commands of the register need no report
        Subject,
        grading_report,
    )

    subject = Subject()
    if system:
        names = {one.id: one.name for one in register.organisations}
        subject = Subject(system.id, system.name, names[system.organisation], system.description)
    return grading_report(grading, subject, language)


def _content(system: System | None, grading: Grading, differs: str) -> dict[str, Any]:
    sides = {"information": grading.information, "service": grading.service}
    return {
        "system": system.id if system else "",
        "registered": str(system.grade) if system else "",
        "graded": str(grading),
        "level": grading.level,
        **{
            side: {"level": harm.level, "degrees": dict(harm.degrees), "what": harm.what, "why": harm.why}
            for side, harm in sides.items()
        },
        "contradiction": differs,
    }


def _level_5() -> str:
    return _("level 5: GB/T 22239-2019 publishes no requirements for it, it is not registered here")


def _judged(grading: Grading, differs: str) -> int:
    if grading.level == LEVEL_5:
        click.echo(_("Note: {note}").format(note=_level_5()), err=True)
    if not differs:
        return ExitCode.CLEAN
    click.echo(_("Note: {note}").format(note=printable(differs)), err=True)
    return ExitCode.FINDINGS
