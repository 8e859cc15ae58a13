"""``rectification/*.yaml``: the notices that demanded rectification, one a file."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from secaudit.document import validated
from secaudit.document.reader import parse_document
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.rectification import RectificationNotice
from secaudit.register.acts import FilePart, act_text, files_written, in_order, keep_act
from secaudit.register.loading import parts_of, read_documents, refuse, yaml_files
from secaudit.register.part import Many, Part
from secaudit.register.values import Id, Line, named_line, past_date, real_date

FOLDER: Final = "rectification"
Day = date  # a field is named date, too


def finding_number(text: str) -> str:
    """``F000012``; raises ValueError."""
    if not re.fullmatch(r"F[0-9]{6,9}", text):
        raise ValueError(_("the number of a finding like F000012 expected"))
    return text


class DemandPart(Part):
    """A finding of a notice."""

    finding: Annotated[str, AfterValidator(finding_number)]
    deadline: Annotated[date, BeforeValidator(real_date)]


class NoticePart(Part):
    """A file of ``rectification/``."""

    notice: Line
    organisation: Id
    date: Annotated[Day, BeforeValidator(past_date)]
    findings: Many[DemandPart]
    person: Annotated[str, AfterValidator(named_line)]
    files: Many[FilePart] = ()

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({one.finding for one in self.findings}) != len(self.findings):
            raise ValueError(_("each finding once expected"))
        return self

    def notice_made(self) -> RectificationNotice:
        return RectificationNotice(
            self.notice,
            self.organisation,
            self.date,
            {int(one.finding[1:]): one.deadline for one in self.findings},
            self.person,
            tuple(file.file() for file in self.files),
        )


def load_notices(workspace: Path) -> tuple[RectificationNotice, ...]:
    """All notices in the order in which they were written; raises ContentError with every mistake of the files."""
    problems: list[Problem] = []
    files = yaml_files(workspace / FOLDER, workspace, problems)
    parts = parts_of(in_order(read_documents(files, workspace, problems)), NoticePart, problems)
    refuse(problems)
    return tuple(part.notice_made() for part in parts)


def keep_notice(
    workspace: Path, notice: RectificationNotice, evidence: Mapping[str, bytes], now: datetime
) -> Path:
    """Write a notice as a file of its own, its documents beside the evidence. Raises ContentError, UsageError."""
    text = act_text(_written(notice))
    validated(parse_document(text, FOLDER), NoticePart)
    return keep_act(workspace, FOLDER, notice.organisation, text, evidence, now)


def _written(notice: RectificationNotice) -> dict[str, Any]:
    return {
        "notice": notice.number,
        "organisation": notice.organisation,
        "date": notice.day.isoformat(),
        "findings": [
            {"finding": f"F{number:06d}", "deadline": day.isoformat()}
            for number, day in notice.findings.items()
        ],
        "person": notice.person,
        "files": files_written(notice.files),
    }
