"""The brief on a quarter (季度简报) as one self-contained HTML file of two pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
from secaudit.report.charts import SHADES, columns
from secaudit.report.html import page_of
from secaudit.report.output import write_text


def write_brief_html(view: View, path: Path, language: Language, _workspace: Path | None = None) -> None:
    """The page as a file. Raises UsageError when it cannot be written."""
    write_text(path, render_brief_html(view, language))


def render_brief_html(view: View, language: Language) -> Iterator[str]:
    """The parts of the page, in order."""
    words = brief_words(language)
    (listed, listed_note), (owners, owners_note) = systems(view, words), asked(view, words)
    points = [week["point"] for week in view["weeks"]]
    weeks: list[dict[str, Any]] = [
        {"label": week_label(week), "point": week["point"]} for week in view["weeks"]
    ]
    return page_of(
        NAME,
        "brief.html.j2",
        t=words,
        lang=language,
        d=view["document"],
        overview=overview(view, words),
        drawn=columns(("high", "medium", "low"), points, 640, 120) if any(points) else None,
        weeks=weeks,
        shades=SHADES,
        changes=changes(view, words),
        systems=listed,
        systems_note=listed_note,
        items=items(view),
        asked=owners,
        asked_note=owners_note,
        runs=runs_text(view["document"]["runs"], words),
        versions=versions_text(view["document"], words),
    )
