"""The fixed texts of a report template: data under reports/, in both languages."""

from collections.abc import Mapping
from pathlib import Path

from secaudit.document import Document, read_document
from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.text import Language, Text


def load_texts(path: Path) -> dict[str, Text]:
    """Key → text of a file ``key: {zh: …, en: …}``; raises ContentError with every bad entry."""
    document = read_document(path)
    if not isinstance(document.data, dict):
        raise ContentError((document.problem((), None, _("a mapping of keys to texts")),))
    problems = tuple(problem for key in document.data for problem in _problems(document, key))
    if problems:
        raise ContentError(problems)
    return {key: Text(value["zh"], value["en"]) for key, value in document.data.items()}


def _problems(document: Document, key: str) -> list[Problem]:
    value = document.data[key]
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        return [document.problem((key,), None, _("a text with zh and en"))]
    wrong = [
        language for language in ("zh", "en") if not isinstance(value[language], str) or not value[language]
    ]
    return [document.problem((key, language), value[language], _("text expected")) for language in wrong]


class Words:
    """The texts in one language, with their blanks filled in."""

    def __init__(self, texts: Mapping[str, Text], language: Language) -> None:
        self._texts = texts
        self.language = language

    def __call__(self, key: str, **blanks: object) -> str:
        """The text of a key; raises KeyError for a key that no file has."""
        text = self._texts[key].of(self.language)
        return text.format(**blanks) if blanks else text

    def with_more(self, other: "Words") -> "Words":
        """These texts and those of ``other``, in the same language."""
        return Words({**self._texts, **other._texts}, self.language)

    def known(self, key: str, otherwise: str) -> str:
        """The text of a key, or ``otherwise`` where no file has it (names of a transport that brings more)."""
        return self._texts[key].of(self.language) if key in self._texts else otherwise
