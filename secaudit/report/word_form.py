"""The kinds of Word documents: what the template of each may place, and what it must."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from secaudit.content.folder import content_dir
from secaudit.model.text import Language


@dataclass(frozen=True, slots=True)
class WordForm:
    """``required``: fields without which a document could be taken for what it is not. ``tables``: name → columns.

    ``whole``: the tables that are never empty nor cut.
    """

    name: str
    fields: frozenset[str]
    required: frozenset[str]
    tables: Mapping[str, frozenset[str]]
    whole: frozenset[str] = frozenset()

    def notes(self) -> frozenset[str]:
        """The fields that say of a table that it is empty or cut: ``records_note``."""
        return frozenset(f"{name}_note" for name in self.tables.keys() - self.whole)

    @property
    def folder(self) -> Path:
        """Where its templates and texts ship."""
        return content_dir("reports") / f"{self.name}-docx"

    def shipped(self, language: Language) -> Path:
        """The template that comes with secaudit."""
        return self.folder / f"template.{language}.docx"

    def kept(self, workspace: Path, language: Language) -> Path:
        """Where a workspace keeps its own."""
        return workspace / "templates" / f"{self.name}.{language}.docx"
