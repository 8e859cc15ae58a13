"""The impact notice as one self-contained HTML file that prints on A4: no script, nothing loaded from elsewhere."""

from collections.abc import Iterator
from typing import Any

from secaudit.content.folder import content_dir
from secaudit.model.text import Language
from secaudit.report.html import page_of
from secaudit.report.notice_sections import head_of, sections_of
from secaudit.report.texts import Words, load_texts

TEMPLATE = "impact-notice"


def notice_words(language: Language) -> Words:
    """The words of the notice. Raises ContentError."""
    return Words(load_texts(content_dir("reports") / TEMPLATE / "texts.yaml"), language)


def render_notice(view: dict[str, Any], language: Language) -> Iterator[str]:
    """The parts of the page, in order."""
    words = notice_words(language)
    return page_of(
        TEMPLATE,
        "notice.html.j2",
        t=words,
        lang=language,
        head=head_of(view, words),
        sections=sections_of(view, words),
    )
