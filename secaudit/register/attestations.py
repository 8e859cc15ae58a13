"""``attestations/*.yaml``: what people answered for a system or an organisation, and the files it rests on."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.register import Register
from secaudit.register.acts import FilePart, altered, in_order
from secaudit.register.loading import parts_of, read_documents, refuse, yaml_files
from secaudit.register.part import Many, Part
from secaudit.register.values import FreeText, Id, named_line, past_date, real_date, says_something, word_of

FOLDER: Final = "attestations"
STEP: Final = re.compile(r"([a-z0-9-]+(\.[a-z0-9-]+)+|L[1-4]-[A-Z]{3}[2-5]-[0-9]{2})#[1-9][0-9]?")
VALID_DAYS: Final = 365
LONGEST_DAYS: Final = 3 * 366  # a filing certificate holds three years: no answer outlives it
Day = date  # fields of a file are named date, too


def step_id(text: str) -> str:
    if not STEP.fullmatch(text):
        raise ValueError(_("a step like mms.policy.a#1 or L3-CES2-01#1 expected"))
    return text


last_day: Final = real_date
"""Until when something holds: a date, past or to come."""


class AnswerPart(Part):
    """An answer of ``answers:``; 不适用 needs its reason as ``record``."""

    step: Annotated[str, AfterValidator(step_id)]
    object: FreeText = ""
    answer: Annotated[Answer, word_of(Answer)]
    record: FreeText = ""
    person: Annotated[str, AfterValidator(named_line)]
    date: Annotated[Day, BeforeValidator(past_date)]
    valid_until: Annotated[Day, BeforeValidator(last_day)]
    files: Many[FilePart] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.answer is Answer.NOT_APPLICABLE and not says_something(self.record):
            raise ValueError(_("a reason is required for {answer} (record)").format(answer=self.answer.value))
        if self.valid_until < self.date:
            raise ValueError(_("valid_until on or after date expected"))
        if held_too_long(self.date, self.valid_until):
            raise ValueError(_("valid_until at most three years after date expected"))
        return self

    def attestation(self, system: str, organisation: str) -> Attestation:
        return Attestation(
            step_id=self.step,
            answer=self.answer,
            person=self.person,
            day=self.date,
            valid_until=self.valid_until,
            record=self.record,
            object_id=self.object,
            system=system,
            organisation=organisation,
            files=tuple(file.file() for file in self.files),
        )


class AttestationsPart(Part):
    """A file of answers: of a system, or of an organisation for all its systems."""

    system: Id | None = None
    organisation: Id | None = None
    answers: Many[AnswerPart] = ()

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.system is None) == (self.organisation is None):
            raise ValueError(_("either system or organisation expected"))
        return self

    def attestations(self) -> tuple[Attestation, ...]:
        """Its answers in the order of the file."""
        return tuple(one.attestation(self.system or "", self.organisation or "") for one in self.answers)


def load_attestations(workspace: Path, register: Register) -> tuple[Attestation, ...]:
    """All answers on record, as they were written; raises ContentError with every mistake of the files."""
    problems: list[Problem] = []
    documents = in_order(
        read_documents(yaml_files(workspace / FOLDER, workspace, problems), workspace, problems)
    )
    for document in documents:
        for key, known in _owners(register).items():
            name = document.data.get(key) if isinstance(document.data, dict) else None
            if isinstance(name, str) and name not in known:
                problems.append(document.problem((key,), name, _("one that is registered expected")))
    parts = parts_of(documents, AttestationsPart, problems)
    refuse(problems)
    return tuple(one for part in parts for one in part.attestations())


def _owners(register: Register) -> dict[str, set[str]]:
    return {
        "system": {one.id for one in register.systems},
        "organisation": {one.id for one in register.organisations},
    }


def held_too_long(day: Day, until: Day) -> bool:
    """Whether something is said to hold for more than three years."""
    return (until - day).days > LONGEST_DAYS


def last_valid(day: Day) -> Day:
    """Until when an answer holds of which nothing else is said: a year, as evaluations are yearly at level 3."""
    return day + timedelta(days=VALID_DAYS)


def altered_files(workspace: Path, attestations: Iterable[Attestation]) -> frozenset[str]:
    """The digests of evidence that is missing, leads out of the workspace or is not what was put on record."""
    return altered(workspace, (file for one in attestations for file in one.files))


def supported(attestations: Iterable[Attestation], changed: frozenset[str]) -> list[Attestation]:
    """The answers whose evidence is what it was: one whose file changed answers nothing."""
    return [one for one in attestations if not changed & {file.sha256 for file in one.files}]
