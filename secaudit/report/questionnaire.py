"""The questions that people answer, as a workbook: a sheet a domain, a row a step on an object."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.content.folder import content_dir
from secaudit.model.assessment import Assessment, Decider, ItemOutcome, ObjectOutcome, StepOutcome
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import Check, Requirement, Step
from secaudit.model.text import Language, Text
from secaudit.report.guide_sheet import write_guide
from secaudit.report.output import write_bytes
from secaudit.report.sheets import GREY, LINE, LINE_HEIGHT, fit_page, lines, put, put_head
from secaudit.report.tabular import methods
from secaudit.report.texts import Words, load_texts

TEXTS: Final = content_dir("reports") / "questionnaire" / "texts.yaml"
MARK: Final = "secaudit-questionnaire-1"
GIVEN: Final = ("unit", "step", "object", "method", "summary", "question", "judging", "machine")
ANSWERED: Final = ("answer", "record", "files", "person", "date", "valid_until")
COLUMNS: Final = (*GIVEN, *ANSWERED)
WIDTHS: Final = dict(zip(COLUMNS, (11, 22, 14, 6, 22, 26, 32, 20, 9, 28, 14, 9, 11, 11), strict=True))
UNSEEN_SHOWN: Final = 12
ASKED: Final = (Decider.PERSON, Decider.PERSON_REST, Decider.ATTESTED)


@dataclass(frozen=True, slots=True)
class Question:
    """A step on an object that a person answers. ``object_id`` is "" where the answer is for all objects."""

    requirement: Requirement
    step: Step
    object_id: str
    machine: tuple[tuple[Text, str], ...] = ()
    left: Text | None = None
    answer: Attestation | None = None
    unseen: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose questions they are and what they rest on: ``kind`` is ``system`` or ``organisation``."""

    kind: str
    id: str
    name: str
    run: str
    day: date


def questions_of(
    assessment: Assessment, checks: Mapping[str, Check], left: Mapping[tuple[str, str], Text]
) -> list[Question]:
    """What a person can answer on a system; a failure of a machine or a gap in its evidence asks nobody."""
    return [
        _question(item, found, outcome, checks, left)
        for item in assessment.items
        for found in item.objects
        for outcome in found.steps
        if outcome.decider in ASKED
    ]


def _question(
    item: ItemOutcome,
    found: ObjectOutcome,
    outcome: StepOutcome,
    checks: Mapping[str, Check],
    left: Mapping[tuple[str, str], Text],
) -> Question:
    said = dict.fromkeys((r.check_id, r.verdict.value) for r in outcome.results if r.check_id in checks)
    seen = tuple((checks[check_id].title, verdict) for check_id, verdict in said)
    kinds = (kind for kind in outcome.step.kinds if (outcome.step.id, kind) in left)
    return Question(
        item.requirement,
        outcome.step,
        found.object_id if found.registered else "",
        seen,
        left.get((outcome.step.id, next(kinds, ""))),
        outcome.attestation,
        outcome.unseen,
        found.members,
    )


def write_questionnaire(
    path: Path, questions: Sequence[Question], sender: Sender, language: Language
) -> None:
    """The workbook; raises UsageError where it cannot be written."""
    words = Words(load_texts(TEXTS), language)
    book = Workbook()
    _guide(book.worksheets[0], sender, len(questions), words)
    for domain, asked in _by_domain(questions).items():
        _sheet(book.create_sheet(domain[:31]), asked, words)
    stream = BytesIO()
    book.save(stream)
    write_bytes(path, [stream.getvalue()])


def _by_domain(questions: Iterable[Question]) -> dict[str, list[Question]]:
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(question.requirement.domain, []).append(question)
    return found


def _guide(sheet: Worksheet, sender: Sender, count: int, words: Words) -> None:
    heads = [
        (words("title"), None),
        (words("owner"), sender.id),
        (words(sender.kind), sender.name),
        (words("run"), sender.run),
        (words("written"), sender.day.isoformat()),
        (words("questions"), count),
    ]
    write_guide(sheet, heads, {(1, 2): MARK, (3, 3): sender.kind}, words)


def _sheet(sheet: Worksheet, questions: Sequence[Question], words: Words) -> None:
    for place, key in enumerate(COLUMNS, 1):
        put_head(sheet, place, words(key), WIDTHS[key])
    for number, question in enumerate(questions, 2):
        cells = _cells(question, words)
        sheet.row_dimensions[number].height = LINE_HEIGHT * max(
            lines(str(value), WIDTHS[key]) for key, value in cells.items() if value is not None
        )
        for place, (key, value) in enumerate(cells.items(), 1):
            cell = put(sheet, number, place, value)
            cell.border = LINE
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.protection = Protection(locked=key in GIVEN)
            if key in GIVEN:
                cell.fill = GREY
            if isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
    last = len(questions) + 1
    _choices(sheet, last)
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{last}"
    sheet.print_title_rows = "1:1"
    fit_page(sheet)


def _choices(sheet: Worksheet, last: int) -> None:
    letters = {key: get_column_letter(place) for place, key in enumerate(COLUMNS, 1)}
    rule = DataValidation("list", formula1=f'"{",".join(Answer)}"', allow_blank=True)
    rule.add(f"{letters['answer']}2:{letters['answer']}{last}")
    dates = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
    dates.add(f"{letters['date']}2:{letters['valid_until']}{last}")
    sheet.add_data_validation(rule)
    sheet.add_data_validation(dates)


def _cells(question: Question, words: Words) -> dict[str, Any]:
    said, step, language = question.answer, question.step, words.language
    return {
        "unit": question.requirement.unit,
        "step": step.id,
        "object": question.object_id or words("all_objects"),
        "method": methods(step.methods, words),
        "summary": question.requirement.summary.of(language),
        "question": step.question.of(language),
        "judging": "\n".join(_judging(question, words)),
        "machine": "\n".join(_seen(question, words)),
        "answer": said.answer.value if said else None,
        "record": said.record if said else None,
        "files": "; ".join(file.name for file in said.files) if said else None,
        "person": said.person if said else None,
        "date": said.day if said else None,
        "valid_until": said.valid_until if said else None,
    }


def _seen(question: Question, words: Words) -> Iterator[str]:
    for title, verdict in question.machine:
        yield f"{title.of(words.language)}: {words.known(verdict, verdict)}"
    if question.unseen:
        more = " …" if len(question.unseen) > UNSEEN_SHOWN else ""
        yield words("unseen", assets=", ".join(question.unseen[:UNSEEN_SHOWN]) + more)


def _judging(question: Question, words: Words) -> Iterator[str]:
    if question.left:
        yield question.left.of(words.language)
    if question.members:
        yield words("members", members=", ".join(question.members))
    if question.step.hint:
        yield words("hint", hint=question.step.hint)
