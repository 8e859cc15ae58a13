"""``reports/agencies/*.yaml``: the bodies of the joint mechanism as data; a workspace puts its own in their place."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from secaudit.content.check_file import TextPart
from secaudit.document import read_document, validated
from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.agency import Agency, Hidden, Period, Section

Words = Annotated[tuple[str, ...], Field(strict=False)]
SectionWord = Annotated[Section, Field(strict=False)]
HiddenWord = Annotated[Hidden, Field(strict=False)]
# sections of which the rows can be told apart by requirement, or have nothing to do with one
BY_REQUIREMENT: Final = frozenset(
    {Section.ITEMS, Section.PROBLEMS, Section.MANUAL, Section.ASSETS, Section.TABLES}
)


class DuePart(BaseModel):
    """``due:``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    every: Annotated[Period, Field(strict=False)]
    within_days: Annotated[int, Field(ge=0, le=365)] = 15
    receipt_days: Annotated[int, Field(ge=1, le=365)] = 15


class AgencyPart(BaseModel):
    """Everything such a file may hold; its id is the name of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: TextPart
    receives: TextPart
    min_level: Annotated[int, Field(ge=1, le=4)] = 1
    sections: Annotated[frozenset[SectionWord], Field(strict=False)] = frozenset()
    hidden: Annotated[frozenset[HiddenWord], Field(strict=False)] = frozenset()
    formats: Words = ()
    marking: TextPart
    due: DuePart
    statement: TextPart | None = None
    certificate: str = ""
    requirements: Words = ()

    def agency(self, id_: str) -> Agency:
        return Agency(
            id_,
            self.name.made(),
            self.receives.made(),
            self.min_level,
            self.sections,
            self.hidden,
            self.formats,
            self.marking.made(),
            self.due.every,
            self.due.within_days,
            self.due.receipt_days,
            self.statement.made() if self.statement else None,
            self.certificate,
            self.requirements,
        )


def load_agencies(folders: Iterable[Path]) -> dict[str, Agency]:
    """Id → agency; a file of a later folder takes the place of one of the same name. Raises ContentError."""
    files = {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}
    agencies: dict[str, Agency] = {}
    problems: list[Problem] = []
    for id_, path in sorted(files.items()):
        try:
            document = read_document(path)
            agency = validated(document, AgencyPart).agency(id_)
        except ContentError as error:
            problems.extend(error.problems)
            continue
        problems += [document.problem((field,), None, reason) for field, reason in _faults(agency)]
        agencies[id_] = agency
    if problems:
        raise ContentError(tuple(problems))
    return agencies


def _faults(agency: Agency) -> Iterator[tuple[str, str]]:
    """Field → what is wrong with it beside the others."""
    if not agency.sections and agency.statement is None:
        yield "sections", _("sections or a statement expected")
    if bool(agency.sections) != bool(agency.formats):
        yield (
            "formats",
            _("formats expected where there are sections, none where a statement alone is handed over"),
        )
    if agency.requirements and not agency.sections <= BY_REQUIREMENT:
        yield (
            "requirements",
            _("only with the sections {names}").format(names=", ".join(sorted(BY_REQUIREMENT))),
        )
