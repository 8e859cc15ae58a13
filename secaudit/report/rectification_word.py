"""The notice that demands rectification (整改通知书) as a Word document."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from secaudit.assess.demanding import extensions_of
from secaudit.content.folder import content_dir
from secaudit.model.acceptance import Acceptance
from secaudit.model.content import Severity
from secaudit.model.finding import OURS, Finding, Source
from secaudit.model.rectification import RectificationSettings
from secaudit.model.register import System
from secaudit.model.text import Language
from secaudit.report.finding_detail import Detail, problem_title
from secaudit.report.safe import shown
from secaudit.report.texts import Words, load_texts
from secaudit.report.word_fields import LEVELS
from secaudit.report.word_filling import About, Template, cell, document_of, placed_row, placed_rows
from secaudit.report.word_form import WordForm

ROWS_LIMIT: Final = 300  # rows of the annexe; more of them are worked on in the workbook
LINES_SHOWN: Final = 8
DEMANDS: Final = 5
NAME: Final = "rectification-notice"
TABLES: Final[Mapping[str, frozenset[str]]] = {
    "systems": frozenset({"name", "id", "level", "findings", "high", "medium", "low"}),
    "demands": frozenset({"text"}),
    "findings": frozenset(
        {
            *("number", "system", "asset", "problem", "seen", "expected", "remedy", "item", "severity"),
            *("deadline", "remark", "source", "document"),
        }
    ),
}
FORM: Final = WordForm(
    NAME,
    frozenset(
        {
            *(
                "marking",
                "number",
                "date",
                "deadline",
                "deadlines",
                "office",
                "organisation",
                "basis",
                "person",
            ),
            *("contact", "origin", "findings_count", "systems_count", "high", "medium", "low", "workbook"),
            *("version", "template_file"),
        }
    ),
    frozenset({"marking", "number", "date", "deadlines", "office", "organisation", "origin", "version"}),
    TABLES,
    whole=frozenset({"demands"}),
)


@dataclass(frozen=True, slots=True)
class Demanded:
    """A finding of a notice, by when it is to be rectified, and the deferral in force that covers it."""

    finding: Finding
    detail: Detail
    deadline: date
    deferral: Acceptance | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """What a notice says. ``by_severity``: the deadlines that it sets; ``levels``: system id → its level.

    ``workbook`` is the name of the file that is to be filled in and returned.
    """

    number: str
    office: str
    organisation: str
    day: date
    person: str
    by_severity: Mapping[Severity, date]
    rows: Sequence[Demanded]
    levels: Mapping[str, str]
    settings: RectificationSettings
    workbook: str
    version: str
    moment: datetime

    @property
    def deadline(self) -> date:
        """The last day that it sets."""
        return max(row.deadline for row in self.rows)

    def ordered(self) -> list[Demanded]:
        """The worst first, then by system and asset."""
        return sorted(self.rows, key=lambda row: _rank(row.finding))


def notice_words(language: Language) -> Words:
    """The texts of a notice."""
    return Words(load_texts(content_dir("reports") / f"{NAME}-docx" / "texts.yaml"), language)


def render_notice(letter: Letter, language: Language, template: Template) -> bytes:
    """The document as a file that follows from its arguments byte by byte. Raises UsageError."""
    words = notice_words(language)
    about = About(
        title=words("notice_title"),
        subject=letter.organisation,
        author=letter.office,
        comments=words("notice_origin"),
        keywords=letter.number,
        moment=letter.moment,
    )
    return document_of(template.content, _placed(letter, words, template), about)


def _placed(letter: Letter, words: Words, template: Template) -> dict[str, Any]:
    findings, note = _findings(letter, words)
    tables: dict[str, Iterable[Mapping[str, object]]] = {
        "systems": _systems(letter),
        "demands": [{"text": text} for text in _demands(letter, words)],
        "findings": findings,
    }
    notes = {"systems_note": "", "findings_note": note}
    placed: dict[str, Any] = {name: placed_rows(rows) for name, rows in tables.items()}
    placed |= {name: cell(text) for name, text in notes.items()}
    return placed | placed_row(_fields(letter, words, template))


def _fields(letter: Letter, words: Words, template: Template) -> dict[str, str]:
    counts = Counter(row.finding.severity.value for row in letter.rows)
    systems = len({row.finding.system for row in letter.rows})
    counted = {severity.value: str(counts[severity.value]) for severity in Severity}
    own = words("notice_own", hash=template.own_hash) if template.own_hash else words("notice_shipped")
    contact = letter.settings.contact
    said = {
        "marking": words("notice_marking", office=letter.office),
        "number": letter.number,
        "date": day_text(letter.day, words),
        "deadline": day_text(letter.deadline, words),
        "deadlines": _deadlines(letter, words),
        "office": letter.office,
        "organisation": letter.organisation,
        "person": letter.person,
        "contact": words("notice_contact", contact=contact) if contact else "",
        "origin": words("notice_origin"),
        "findings_count": str(len(letter.rows)),
        "systems_count": str(systems),
        "workbook": letter.workbook,
        "version": f"secaudit {letter.version}",
        "template_file": own,
    }
    count = len(letter.rows)
    basis = words("notice_basis", date=day_text(letter.day, words), systems=systems, count=count, **counted)
    return {**said, **counted, "basis": basis}


def level_text(system: System, words: Words) -> str:
    """``第三级（S3A3G3）``."""
    number = LEVELS[system.level] if words.language == "zh" else str(system.level)
    return words("notice_level", number=number, grade=str(system.grade))


def day_text(day: date, words: Words) -> str:
    """``2026年3月1日``, ``2026-03-01``."""
    return f"{day.year}年{day.month}月{day.day}日" if words.language == "zh" else day.isoformat()


def _deadlines(letter: Letter, words: Words) -> str:
    days = {severity.value: day_text(day, words) for severity, day in letter.by_severity.items()}
    if len(set(days.values())) == 1:
        return words("notice_by_one", deadline=next(iter(days.values())))
    return words("notice_by_severity", **days)


def _demands(letter: Letter, words: Words) -> Iterator[str]:
    """What the office demands, numbered as the language has it."""
    own = letter.settings.demands
    texts = own or tuple(words(f"notice_demand_{number}") for number in range(1, DEMANDS + 1))
    for number, text in enumerate(texts, 1):
        yield f"（{_numeral(number)}）{text}" if words.language == "zh" else f"{number}. {text}"


def _numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 23 → 二十三."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens % 10]) + "十" + (digits[ones] if ones else "")


def _systems(letter: Letter) -> Iterator[Mapping[str, object]]:
    names = dict.fromkeys((row.finding.system, row.detail.system) for row in letter.rows)
    for system, name in names:
        counts = Counter(row.finding.severity.value for row in letter.rows if row.finding.system == system)
        by_severity = {severity.value: counts[severity.value] for severity in Severity}
        level = letter.levels.get(system, "")
        yield {"name": name, "id": system, "level": level, "findings": counts.total(), **by_severity}


def _findings(letter: Letter, words: Words) -> tuple[list[Mapping[str, object]], str]:
    """The rows of the annexe, high ones first, and what must be said where it does not show all."""
    groups = _alike(letter, words)
    shown_groups = groups[:ROWS_LIMIT]
    rows = [_row(group, letter.day, words) for group in shown_groups]
    count = sum(map(len, shown_groups))
    rest = len(letter.rows) - count
    return rows, words("notice_cut", all=len(letter.rows), shown=count, rest=rest) if rest else ""


def _alike(letter: Letter, words: Words) -> list[list[Demanded]]:
    """Findings of a check on an asset with the same deadline and remarks stand in one row."""
    groups: dict[tuple[object, ...], list[Demanded]] = {}
    for row in letter.ordered():
        finding = row.finding
        own = () if finding.source is Source.SCAN else (finding.number,)
        place = (finding.system, finding.asset, finding.object_id, finding.check, finding.severity, *own)
        groups.setdefault((*place, row.deadline, *_remarks(row, letter.day, words)), []).append(row)
    return list(groups.values())


def _rank(finding: Finding) -> tuple[int, str, str, int]:
    place = (Severity.HIGH, Severity.MEDIUM, Severity.LOW).index(finding.severity)
    return place, finding.system, finding.asset, finding.number


def _row(group: Sequence[Demanded], day: date, words: Words) -> Mapping[str, object]:
    first = group[0]
    finding, detail, language = first.finding, first.detail, words.language
    lines = [line for row in group for line in seen_lines(row.finding, row.detail, language)]
    problem = [problem_title(finding, words), *lines[:LINES_SHOWN]]
    if len(lines) > LINES_SHOWN:
        problem.append(words("notice_more", count=len(lines) - LINES_SHOWN))
    return {
        "number": numbers_text([row.finding for row in group], words),
        "system": detail.system,
        "asset": detail.asset or words("notice_itself"),
        "problem": "\n".join(problem),
        "seen": detail.seen.of(language),
        "expected": detail.expected.of(language),
        "remedy": detail.remedy.of(language),
        "item": detail.item,
        "severity": words(finding.severity.value),
        "deadline": first.deadline.isoformat(),
        "remark": words("semicolon").join(_remarks(first, day, words)),
        "source": words(f"source_{finding.source.value}"),
        "document": finding.document,
    }


def numbers_text(findings: Iterable[Finding], words: Words) -> str:
    """``F000007–F000009、F000012``."""
    runs: list[list[Finding]] = []
    for finding in sorted(findings, key=lambda one: one.number):
        if runs and finding.number == runs[-1][-1].number + 1:
            runs[-1].append(finding)
        else:
            runs.append([finding])
    return words("comma").join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def seen_lines(finding: Finding, detail: Detail, language: Language) -> Iterator[str]:
    """On what, what was seen there, what a paper says of it."""
    seen = detail.seen.of(language)
    if finding.offender and finding.offender not in seen:
        seen = f"{shown(finding.offender)}: {seen}" if seen else shown(finding.offender)
    yield from filter(None, (seen, detail.description))


def _remarks(row: Demanded, day: date, words: Words) -> Iterator[str]:
    finding = row.finding
    if finding.notice:
        yield words("notice_before", notice=finding.notice)
    if finding.deadline and finding.deadline < day:
        told = "notice_overdue" if finding.source in OURS else "notice_authority"
        yield words(told, day=finding.deadline.isoformat())
    for before, event in extensions_of(finding):
        extended = {"person": event.person, "after": event.deadline, "reason": event.text}
        key = "notice_extended" if before else "notice_extended_new"
        yield words(key, before=before, **extended)
    if row.deferral:
        yield words(
            "notice_deferred",
            until=row.deferral.last_day.isoformat(),
            document=row.deferral.document,
            approver=row.deferral.approver,
        )
    if finding.reopened:
        yield words("notice_reopened", count=finding.reopened)
