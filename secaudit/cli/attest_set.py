"""``secaudit attest set``: one answer of a person to a step."""

from datetime import datetime
from pathlib import Path

import click

from secaudit import clock
from secaudit.cli.attest_organisation import asked_of_all, refuse_unasked
from secaudit.cli.attest_system import owed_by
from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.following import tell_answered
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.register import Register, System
from secaudit.register import load_register
from secaudit.register.acts import read_evidence
from secaudit.register.attestations import held_too_long, last_day, last_valid
from secaudit.register.attesting import add_attestations
from secaudit.register.registered import system_of
from secaudit.register.times import in_zone
from secaudit.register.values import named_line, past_date, says_something


@click.command("set", help=_("Answer one step for OWNER, a system or an organisation."))
@click.argument("owner", metavar=_("OWNER"))
@click.argument("step", metavar=_("STEP"))
@click.option(
    "--answer", type=click.Choice([answer.value for answer in Answer]), required=True, help=_("The answer.")
)
@click.option(
    "--object", "object_id", default="", help=_("The object (default: all that have no answer of their own).")
)
@click.option(
    "--organisation", "by_organisation", is_flag=True, help=_("OWNER is an organisation, not a system.")
)
@click.option("--record", default="", help=_("What was found; for 不适用 the reason."))
@click.option("--person", required=True, help=_("Who answers."))
@click.option("--date", "day", metavar=_("DATE"), help=_("The day of the answer (default: today)."))
@click.option("--valid-until", metavar=_("DATE"), help=_("The last day on which it holds (default: a year)."))
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("A file that the answer rests on, copied into the workspace (repeatable)."),
)
@click.pass_obj
@recorded
def set_answer(
    workspace: Path,
    owner: str,
    step: str,
    answer: str,
    object_id: str,
    by_organisation: bool,
    record: str,
    person: str,
    day: str | None,
    valid_until: str | None,
    files: tuple[Path, ...],
) -> int:
    """The command."""
    register, now = load_register(workspace), clock.now()
    system, organisation = owner_of(register, owner, by_organisation)
    content = content_of(workspace)
    owed = owed_by(content, system) if system else None
    if owed:
        owed.refuse_unasked(step, object_id)
    else:
        refuse_unasked(asked_of_all(register, organisation, content), step, object_id)
    evidence = [read_evidence(file) for file in files]
    answered = option_value(past_date, day, "--date") if day else in_zone(now).date()
    said = Attestation(
        step_id=step,
        answer=Answer(answer),
        person=option_value(named_line, person, "--person"),
        day=answered,
        valid_until=option_value(last_day, valid_until, "--valid-until")
        if valid_until
        else last_valid(answered),
        record=record,
        object_id=object_id,
        system=system.id if system else "",
        organisation=organisation,
        files=tuple(file for file, _content in evidence),
    )
    _refuse_wrong(said, now)
    (place,) = add_attestations(workspace, [said], {file.sha256: content for file, content in evidence}, now)
    click.echo(printable(_("{step} is answered; it is kept in {file}.").format(step=step, file=place)))
    if owed and owed.by_register(step, object_id, answered):
        told = _(
            "the register decides {step} here (platform or own_login): the answer counts once it does not"
        )
        click.echo(told.format(step=step), err=True)
    tell_answered(workspace, content)
    return ExitCode.CLEAN


def owner_of(register: Register, name: str, by_organisation: bool) -> tuple[System | None, str]:
    """(system, "") or (None, organisation); raises UsageError."""
    if by_organisation:
        known = [one.id for one in register.organisations]
        if name in known:
            return None, name
        told = _("{name} is no organisation of secaudit.yaml: one of {choices} expected.")
        raise UsageError(told.format(name=name, choices=", ".join(known)))
    return system_of(register, name), ""


def _refuse_wrong(said: Attestation, now: datetime) -> None:
    if said.valid_until < in_zone(now).date():
        raise UsageError(_("--valid-until has passed: such an answer would count nowhere."))
    if held_too_long(said.day, said.valid_until):
        raise UsageError(_("--valid-until: at most three years after the day of the answer expected."))
    if said.answer is Answer.NOT_APPLICABLE and not says_something(said.record):
        raise UsageError(_("--record is required for {answer}: the reason.").format(answer=said.answer.value))
