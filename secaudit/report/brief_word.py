"""The brief on a quarter (季度简报) as a Word document, placed in a template that an office may change."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from secaudit.model.text import Language
from secaudit.report.brief_tables import (
    NAME,
    View,
    asked,
    brief_words,
    changes,
    items,
    overview,
    runs_text,
    systems,
    versions_text,
    week_label,
)
from secaudit.report.output import write_bytes
from secaudit.report.texts import Words
from secaudit.report.word_chart import chart_place, stacked_columns, with_chart
from secaudit.report.word_filling import (
    About,
    Template,
    cell,
    document_of,
    placed_row,
    placed_rows,
    template_of,
)
from secaudit.report.word_form import WordForm

TABLES: Final[Mapping[str, frozenset[str]]] = {
    "overview": frozenset({"text"}),
    "changes": frozenset({"figure", "before", "now", "change"}),
    "systems": frozenset(
        {"name", "grade", "audits", "high", "medium", "low", "unknown", "share", "reached", "last"}
    ),
    "items": frozenset({"id", "name", "failing", "before"}),
    "asked": frozenset({"owner", "count", "high", "overdue", "deadline", "demand"}),
}
FORM: Final = WordForm(
    NAME,
    frozenset(
        {"marking", "title", "number", "organisation", "office", "quarter", "span", "statement", "chart"}
        | {"chart_title", "runs", "version", "template_file"}
    ),
    frozenset({"marking", "number", "organisation", "quarter", "span", "statement", "runs", "version"}),
    TABLES,
    whole=frozenset({"overview"}),
)
SEVERITIES: Final = ("high", "medium", "low")
CHART_MM: Final = (160, 52)
FONTS: Final = {"zh": "宋体", "en": "Times New Roman"}


def write_brief_word(view: View, path: Path, language: Language, workspace: Path | None = None) -> None:
    """The document, in the template of the workspace where it keeps one. Raises UsageError."""
    write_bytes(path, [render_brief(view, language, template_of(FORM, language, workspace))])


def render_brief(view: View, language: Language, template: Template) -> bytes:
    """The document as a file that follows from its arguments byte by byte. Raises UsageError."""
    words, document = brief_words(language), view["document"]
    about = About(
        title=words("title"),
        subject=document["organisation"],
        author=document["office"],
        comments=words("statement", office=document["office"]),
        keywords=document["number"],
        moment=datetime.fromisoformat(document["generated_at"]),
    )
    made = document_of(template.content, _placed(view, words, template), about)
    return with_chart(made, _chart(view, words)) if _has_chart(view) else made


def _has_chart(view: View) -> bool:
    return any(week["point"] for week in view["weeks"])


def _chart(view: View, words: Words) -> bytes:
    weeks = view["weeks"]
    series = {
        name: (words(name), [week["point"][name] if week["point"] else None for week in weeks])
        for name in SEVERITIES
    }
    return stacked_columns([week_label(week) for week in weeks], series, FONTS[words.language])


def _placed(view: View, words: Words, template: Template) -> dict[str, Any]:
    listed, listed_note = systems(view, words)
    owners, owners_note = asked(view, words)
    found = items(view)
    tables = {
        "overview": [{"text": text} for text in overview(view, words)],
        "changes": changes(view, words),
        "systems": listed,
        "items": found,
        "asked": owners,
    }
    notes = {
        "changes_note": "",
        "systems_note": listed_note,
        "items_note": "" if found else words("none"),
        "asked_note": owners_note if owners else words("none"),
    }
    placed: dict[str, Any] = {name: placed_rows(rows) for name, rows in tables.items()}
    placed |= {name: cell(text) for name, text in notes.items()}
    title = words("chart")
    chart = chart_place(title, *CHART_MM) if _has_chart(view) else cell(words("chart_none"))
    return placed | placed_row(_fields(view, words, template)) | {"chart": chart}


def _fields(view: View, words: Words, template: Template) -> dict[str, str]:
    document = view["document"]
    own = words("template_own", hash=template.own_hash) if template.own_hash else words("template_shipped")
    return {
        "marking": words("marking"),
        "title": words("title"),
        "number": document["number"],
        "organisation": document["organisation"],
        "office": document["office"],
        "quarter": document["quarter"],
        "span": words("span", begin=document["begin"], day=document["day"]),
        "statement": words("statement", office=document["office"]),
        "chart_title": words("chart"),
        "runs": runs_text(document["runs"], words),
        "version": versions_text(document, words),
        "template_file": own,
    }
