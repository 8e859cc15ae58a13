"""``reported/*.yaml``: what others reported, as it was taken over, one list a file."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, Field

from secaudit.document import validated
from secaudit.document.reader import parse_document
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.content import Severity
from secaudit.model.finding import OURS, Source
from secaudit.model.reported import Report, Reported
from secaudit.register.acts import FilePart, act_text, files_written, in_order, keep_acts
from secaudit.register.loading import parts_of, read_documents, refuse, yaml_files
from secaudit.register.part import Many, Part
from secaudit.register.values import FreeText, Id, Line, PastDate, past_date, real_date

FOLDER: Final = "reported"
AT_ONCE: Final = 1000  # problems of a file; a longer list is kept in several
Day = date


def _outside(source: Source) -> Source:
    if source in OURS:
        raise ValueError(_("a source outside expected"))
    return source


class ProblemPart(Part):
    """A problem of a list."""

    system: Id
    asset: FreeText = ""
    title: Line
    severity: Annotated[Severity, Field(strict=False)]
    document: Line
    key: Line
    description: FreeText = ""
    remedy: FreeText = ""
    item: FreeText = ""
    check: FreeText = ""
    issued_by: FreeText = ""
    date: PastDate = None
    deadline: Annotated[Day | None, BeforeValidator(real_date)] = None

    def reported(self) -> Reported:
        return Reported(
            self.system,
            self.asset,
            self.title,
            self.severity,
            self.document,
            self.key,
            self.description,
            self.remedy,
            self.item,
            self.check,
            self.issued_by,
            self.date,
            self.deadline,
        )


class ReportPart(Part):
    """A file of ``reported/``."""

    source: Annotated[Source, Field(strict=False), AfterValidator(_outside)]
    date: Annotated[Day, BeforeValidator(past_date)]
    file: FilePart
    problems: Many[ProblemPart]

    def report(self) -> Report:
        return Report(
            self.source, self.date, self.file.file(), tuple(part.reported() for part in self.problems)
        )


def load_reports(workspace: Path) -> tuple[Report, ...]:
    """All lists in the order in which they were taken over; raises ContentError with every mistake of the files."""
    problems: list[Problem] = []
    files = yaml_files(workspace / FOLDER, workspace, problems)
    parts = parts_of(in_order(read_documents(files, workspace, problems)), ReportPart, problems)
    refuse(problems)
    return tuple(part.report() for part in parts)


def keep_report(workspace: Path, report: Report, content: bytes, now: datetime) -> tuple[Path, ...]:
    """Write the list as files of its own, what it stands in beside the evidence. Raises ContentError, UsageError."""
    texts = []
    for start in range(0, len(report.problems), AT_ONCE):
        text = act_text(_written(report, report.problems[start : start + AT_ONCE]))
        validated(parse_document(text, FOLDER), ReportPart)
        texts.append(text)
    evidence = {report.file.sha256: content}
    return tuple(keep_acts(workspace, FOLDER, report.source, texts, evidence, now))


def _written(report: Report, problems: tuple[Reported, ...]) -> Mapping[str, Any]:
    return {
        "source": report.source.value,
        "date": report.day.isoformat(),
        "file": files_written([report.file])[0],
        "problems": [_problem(one) for one in problems],
    }


def _problem(one: Reported) -> dict[str, Any]:
    said = {
        "system": one.system,
        "asset": one.asset,
        "title": one.title,
        "severity": one.severity.value,
        "document": one.document,
        "key": one.key,
        "description": one.description,
        "remedy": one.remedy,
        "item": one.item,
        "check": one.check,
        "issued_by": one.issued_by,
        "date": one.day.isoformat() if one.day else "",
        "deadline": one.deadline.isoformat() if one.deadline else "",
    }
    return {key: value for key, value in said.items() if value}
