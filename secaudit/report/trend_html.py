"""Trends as one self-contained HTML file that prints on A4: no script, nothing loaded from elsewhere."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from secaudit.content.folder import content_dir
from secaudit.model.text import Language
from secaudit.model.trend import By
from secaudit.report.charts import columns
from secaudit.report.html import style_of, template_environment
from secaudit.report.output import write_text
from secaudit.report.texts import Words, load_texts
from secaudit.report.trend_view import known_share

TEMPLATE: Final = "trend"
# from the bottom up: what is gravest stands on the ground, where heights compare best
BANDS: Final = ("high", "medium", "low", "unrated")
LABELS: Final = 13


def write_trend(view: dict[str, Any], path: Path, language: Language) -> None:
    """The page as a file. Raises UsageError when it cannot be written."""
    write_text(path, render_trend(view, language))


def render_trend(view: dict[str, Any], language: Language) -> Iterator[str]:
    """The parts of the page, in order."""
    folder = content_dir("reports") / TEMPLATE
    whole = By(view["by"]) in (By.ORGANISATION, By.SYSTEM)
    environment = template_environment(folder)
    environment.globals.update(columns=columns, share=_share)
    return environment.get_template("trend.html.j2").generate(
        view=view,
        t=Words(load_texts(folder / "texts.yaml"), language),
        lang=language,
        whole=whole,
        bands=_bands(view) if whole else ("failing",),
        every=-(-len(view["periods"]) // LABELS),
        last_day=(date.fromisoformat(view["periods"][-1]["end"]) - timedelta(days=1)).isoformat(),
        **style_of(folder),
    )


def _bands(view: Mapping[str, Any]) -> tuple[str, ...]:
    """``unrated`` only where there is any."""
    points = [point for one in view["trends"] for point in one["points"] if point]
    return BANDS if any(point["unrated"] for point in points) else BANDS[:-1]


def _share(point: Mapping[str, Any]) -> str:
    share = known_share(point)
    return "–" if share is None else f"{share:.1%}"
