"""``acceptances/*.yaml``: accepted risks, deferred rectifications and what was revoked of them, one act a file."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator

from secaudit.document import Document
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.acceptance import Acceptance, AcceptanceKind, Revocation
from secaudit.register.acts import ActPart, FilePart, altered
from secaudit.register.attestations import last_day, step_id
from secaudit.register.loading import parts_of, read_documents, refuse, yaml_files
from secaudit.register.part import Many, Part
from secaudit.register.values import FreeText, Id, Line, named_line, past_date, said_text, word_of

FOLDER: Final = "acceptances"
LONGEST_DAYS: Final = 365


def same_person(one: str, other: str) -> bool:
    """Whether two names are one: spaces, punctuation, case and full width make no other person."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(character for character in folded if character.isalnum())


def _step_or_none(text: str) -> str:
    return step_id(text) if text else text


Told = Annotated[FreeText, AfterValidator(said_text)]
Named = Annotated[str, AfterValidator(named_line)]
AnyDay = Annotated[date, BeforeValidator(last_day)]
PastDay = Annotated[date, BeforeValidator(past_date)]


class AcceptancePart(ActPart):
    """An acceptance as its file says it."""

    system: Id
    kind: Annotated[AcceptanceKind, word_of(AcceptanceKind)]
    check: FreeText = ""
    step: Annotated[str, AfterValidator(_step_or_none)] = ""
    assets: Many[Id] = ()
    offenders: Many[Line] = ()
    reason: Told
    measure: Told
    requester: Named
    approver: Named
    document: Named
    start: AnyDay
    until: AnyDay
    deadline: AnyDay | None = None
    files: Many[FilePart] = ()

    def mistakes(self) -> Iterable[tuple[bool, str]]:
        deferral = self.kind is AcceptanceKind.DEFERRAL
        yield bool(self.check) == bool(self.step), _("either check or step expected")
        yield bool(self.offenders) and not self.check, _("offenders go with a check")
        yield same_person(self.requester, self.approver), _("an approver who is not the requester expected")
        yield self.until < self.start, _("until on or after start expected")
        yield deferral != (self.deadline is not None), _("a deadline goes with a deferral, and only with it")
        if self.deadline:
            inside = self.start <= self.deadline <= self.until
            yield not inside, _("a deadline from start to until expected")

    def acceptance(self, name: str) -> Acceptance:
        return Acceptance(
            id=name,
            system=self.system,
            kind=self.kind,
            reason=self.reason,
            measure=self.measure,
            requester=self.requester,
            approver=self.approver,
            document=self.document,
            start=self.start,
            until=self.until,
            check=self.check,
            step=self.step,
            assets=self.assets,
            offenders=self.offenders,
            deadline=self.deadline,
            files=tuple(file.file() for file in self.files),
        )


class RevocationPart(Part):
    """The act that revokes an acceptance."""

    revokes: Line
    person: Named
    date: PastDay
    reason: Told

    def revocation(self) -> Revocation:
        return Revocation(self.revokes, self.person, self.date, self.reason)


@dataclass(frozen=True, slots=True)
class AcceptancesOnRecord:
    """All of a workspace, in the order of their files; ``altered`` are digests of files that changed."""

    acceptances: tuple[Acceptance, ...] = ()
    revoked: Mapping[str, Revocation] | None = None
    altered: frozenset[str] = frozenset()

    def revocation(self, name: str) -> Revocation | None:
        """Who revoked it, if anybody did."""
        return (self.revoked or {}).get(name)


def load_acceptances(workspace: Path) -> AcceptancesOnRecord:
    """What is on record. Raises ContentError with every mistake of the files.

    Whether systems, assets and checks are still there is no mistake of a file: an acceptance outlives them.
    """
    problems: list[Problem] = []
    documents = read_documents(yaml_files(workspace / FOLDER, workspace, problems), workspace, problems)
    revoking = [document for document in documents if _revokes(document)]
    accepting = [document for document in documents if not _revokes(document)]
    names = {Path(document.file).stem for document in accepting}
    for document in revoking:
        if document.data["revokes"] not in names:
            told = _("the name of a file of this folder expected, without .yaml, that accepts something")
            problems.append(document.problem(("revokes",), document.data["revokes"], told))
    accepted, revoked = _parts(accepting, revoking, problems)
    refuse(problems)
    files = [file for one in accepted for file in one.files]
    return AcceptancesOnRecord(accepted, {one.of: one for one in revoked}, altered(workspace, files))


def _revokes(document: Document) -> bool:
    return isinstance(document.data, dict) and isinstance(document.data.get("revokes"), str)


def _parts(
    accepting: Sequence[Document], revoking: Sequence[Document], problems: list[Problem]
) -> tuple[tuple[Acceptance, ...], list[Revocation]]:
    accepted = tuple(
        part.acceptance(Path(document.file).stem)
        for document in accepting
        for part in parts_of([document], AcceptancePart, problems)
    )
    return accepted, [part.revocation() for part in parts_of(revoking, RevocationPart, problems)]
