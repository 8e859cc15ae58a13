"""The view as a Word document, placed in a template that an office may change in Word."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

from secaudit.model.text import Language
from secaudit.report.output import write_bytes
from secaudit.report.tabular import table_words
from secaudit.report.texts import Words, load_texts
from secaudit.report.word_fields import FIELDS, REQUIRED, fields_of
from secaudit.report.word_filling import (
    ROWS_LIMIT,
    About,
    Template,
    cell,
    document_of,
    placed_row,
    placed_rows,
    template_of,
)
from secaudit.report.word_form import WordForm
from secaudit.report.word_tables import TABLES, rows_of
from secaudit.report.word_volumes import template_name, write_volumes

SELF_ASSESSMENT: Final = WordForm(
    "self-assessment", FIELDS, REQUIRED, {name: table.columns for name, table in TABLES.items()}
)


def write_word(
    view: dict[str, Any], path: Path, language: Language, workspace: Path | None = None
) -> list[Path]:
    """The view as ``.docx``, in the template of the workspace where it keeps one; the volumes beside it.

    Raises UsageError.
    """
    words = report_words(language)
    write_bytes(path, [rendered(view, language, template_of(SELF_ASSESSMENT, language, workspace))])
    fields = fields_of(view, words, "")
    return write_volumes(view, path, words, fields, _about(view, words), ROWS_LIMIT, workspace)


def rendered(view: dict[str, Any], language: Language, template: Template) -> bytes:
    """The document as a file that follows from its arguments byte by byte. Raises UsageError."""
    words = report_words(language)
    placed = _placed(view, words, template_name(words, template))
    return document_of(template.content, placed, _about(view, words))


def report_words(language: Language) -> Words:
    """The words of tables and those of the Word report."""
    own = Words(load_texts(SELF_ASSESSMENT.folder / "texts.yaml"), language)
    return table_words(language).with_more(own)


def _placed(view: dict[str, Any], words: Words, name: str) -> dict[str, Any]:
    """Field → text, table → rows of texts."""
    placed: dict[str, Any] = {**placed_row(fields_of(view, words, name))}
    for table in TABLES:
        rows, note = rows_of(table, view, words, ROWS_LIMIT)
        placed[table] = placed_rows(rows)
        placed[f"{table}_note"] = cell(note)
    return placed


def _about(view: dict[str, Any], words: Words) -> About:
    return About(
        title=words("report"),
        subject=view["system"]["name"],
        author=view["document"]["office"],
        comments=words("statement"),
        keywords=view["document"]["run"]["id"],
        moment=datetime.fromisoformat(view["document"]["generated_at"]),
    )
