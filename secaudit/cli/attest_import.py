"""``secaudit attest import``: a filled-in questionnaire, all of it or nothing."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import click

from secaudit import clock
from secaudit.assess import catalogue_for
from secaudit.assess.answers import answers_of
from secaudit.cli.attest_organisation import Asked, asked_of_all, refuse_unasked
from secaudit.cli.attest_set import owner_of
from secaudit.cli.attest_system import Owed, owed_by
from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.following import tell_answered
from secaudit.cli.recorded import recorded
from secaudit.cli.wiring import OnRecord
from secaudit.content import Content
from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _
from secaudit.model.attestation import Attestation, EvidenceFile
from secaudit.model.register import Register, System
from secaudit.register import load_register
from secaudit.register.acts import read_beside
from secaudit.register.attestations import altered_files, load_attestations, supported
from secaudit.register.attesting import add_attestations
from secaudit.register.times import in_zone
from secaudit.report.filled_questionnaire import Filled, FilledRow, read_questionnaire


@click.command("import", help=_("Bring the answers of a filled-in questionnaire onto record, all or none."))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar=_("FILE"))
@click.pass_obj
@recorded
def import_answers(workspace: Path, file: Path) -> int:
    """The command."""
    register, content, now = load_register(workspace), content_of(workspace), clock.now()
    filled = read_questionnaire(file)
    system, organisation = owner_of(register, filled.owner, filled.kind == "organisation")
    asked = owed_by(content, system) if system else asked_of_all(register, organisation, content)
    on_record = load_attestations(workspace, register)
    known = _newest(on_record, system, organisation)
    usable = supported(on_record, altered_files(workspace, on_record))
    counting = _counting(content, register, system, organisation, usable, in_zone(now).date())
    evidence: dict[str, bytes] = {}
    problems: list[Problem] = []
    new: list[Attestation] = []
    contradicted: list[tuple[Attestation, Attestation]] = []
    for row in filled.rows:
        try:
            _refuse_unasked(asked, row)
            if row.valid_until < in_zone(now).date():
                raise UsageError(_("valid_until has passed: such an answer would count nowhere."))
            before = known.get((row.step_id, row.object_id))
            said = _attestation(row, system, organisation, _files(row, before, file.parent, evidence))
        except UsageError as error:
            problems.append(Problem(file.name, 0, row.place, row.step_id, str(error)))
            continue
        if _bare(said) != counting(row.step_id, row.object_id):
            new.append(said)
            if before and before.answer is not said.answer:
                contradicted.append((before, said))
    if problems:
        raise ContentError(tuple(problems))
    _keep(workspace, filled, new, evidence, now)
    for before, said in contradicted:
        click.echo(printable(_contradiction(before, said)))
    tell_answered(workspace, content)
    return ExitCode.CLEAN


def _refuse_unasked(asked: Owed | Asked, row: FilledRow) -> None:
    if isinstance(asked, Owed):
        asked.refuse_unasked(row.step_id, row.object_id)
    else:
        refuse_unasked(asked, row.step_id, row.object_id)


def _keep(
    workspace: Path, filled: Filled, new: list[Attestation], evidence: dict[str, bytes], now: datetime
) -> None:
    told = _("{new} new answers, {same} as they were, {unanswered} questions without an answer")
    counts = told.format(new=len(new), same=len(filled.rows) - len(new), unanswered=filled.unanswered)
    if not new:
        click.echo(counts)
        return
    needed = {file.sha256 for one in new for file in one.files}
    content = {digest: data for digest, data in evidence.items() if digest in needed}
    first, *more = add_attestations(workspace, new, content, now)
    places = f"{first} … {more[-1].name}" if more else first
    click.echo(printable(counts + "; " + _("kept in {file}").format(file=places)))


def _contradiction(before: Attestation, said: Attestation) -> str:
    """That two answers differ, both are kept, and which of them counts."""
    told = _(
        "{step} {object}: {old} ({old_day}, {old_person}) on record, {new} ({new_day}, {new_person}) now; {counts}"
    )
    later = _("the new one counts") if said.day >= before.day else _("the one on record is later and counts")
    return told.format(
        step=said.step_id,
        object=said.object_id or _("(all objects)"),
        old=before.answer.value,
        old_day=before.day,
        old_person=before.person,
        new=said.answer.value,
        new_day=said.day,
        new_person=said.person,
        counts=later,
    )


def _bare(one: Attestation) -> Attestation:
    """Without whose it is and of what: a questionnaire shows answers of organisations, and those about all objects."""
    return replace(one, system="", organisation="", object_id="")


def _counting(
    content: Content,
    register: Register,
    system: System | None,
    organisation: str,
    usable: Sequence[Attestation],
    day: date,
) -> Callable[[str, str], Attestation | None]:
    """(step, object) → the answer that counts today, as ``_bare``; what has lost its evidence counts nowhere."""
    if system is None:
        own = [one for one in usable if one.organisation == organisation]
        answers = answers_of(own, day)
    else:
        catalogue = catalogue_for(content.catalogues, system.grade, system.extensions)
        answers = OnRecord(usable, register.organisations, day).answers(system, catalogue)

    def counts(step_id: str, object_id: str) -> Attestation | None:
        found = answers.to(step_id, object_id)
        return _bare(found) if found else None

    return counts


def _newest(
    known: Iterable[Attestation], system: System | None, organisation: str
) -> dict[tuple[str, str], Attestation]:
    """(step, object) → the newest answer of this owner on record."""
    owner = (system.id if system else "", organisation)
    own = [one for one in known if (one.system, one.organisation) == owner]
    return {(one.step_id, one.object_id): one for one in sorted(own, key=lambda one: one.day)}


def _files(
    row: FilledRow, before: Attestation | None, folder: Path, evidence: dict[str, bytes]
) -> tuple[EvidenceFile, ...]:
    """The files of a row: beside the workbook, else those of the answer before that have the same name."""
    kept = {file.name: file for file in before.files} if before else {}
    found = []
    for name in row.files:
        if name in kept and not (folder / name).exists():
            found.append(kept[name])
            continue
        file, content = read_beside(folder, name)
        evidence[file.sha256] = content
        found.append(file)
    return tuple(found)


def _attestation(
    row: FilledRow, system: System | None, organisation: str, files: tuple[EvidenceFile, ...]
) -> Attestation:
    return Attestation(
        step_id=row.step_id,
        answer=row.answer,
        person=row.person,
        day=row.day,
        valid_until=row.valid_until,
        record=row.record,
        object_id=row.object_id,
        system=system.id if system else "",
        organisation=organisation,
        files=files,
    )
