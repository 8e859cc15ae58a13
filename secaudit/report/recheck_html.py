"""The recheck as one self-contained HTML file: no script, nothing loaded from elsewhere."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from secaudit.assess.rechecking import Standing
from secaudit.content.folder import content_dir
from secaudit.model.text import Language
from secaudit.report.html import page_of
from secaudit.report.texts import Words, load_texts

TEMPLATE: Final = "recheck"
SYMBOLS: Final[Mapping[str, str]] = {
    Standing.RECTIFIED.value: "✓",
    Standing.NOT_RECTIFIED.value: "✗",
    Standing.UNVERIFIED.value: "?",
}


def recheck_words(language: Language) -> Words:
    """The words of the recheck."""
    return Words(load_texts(content_dir("reports") / TEMPLATE / "texts.yaml"), language)


def gap_words(language: Language) -> Words:
    """Gap reasons."""
    return Words(load_texts(content_dir("reports") / "gap_reasons.yaml"), language)


def render_recheck(view: Mapping[str, Any], language: Language) -> Iterator[str]:
    """The parts of the page, in order."""
    return page_of(
        TEMPLATE,
        "report.html.j2",
        view=view,
        t=recheck_words(language),
        reason=gap_words(language),
        lang=language,
        symbols=SYMBOLS,
    )
