"""Trends as a page and as plain data."""

import json
from datetime import UTC, date, datetime

import jsonschema
import pytest

from secaudit.assess.trends import periods
from secaudit.content.folder import content_dir
from secaudit.model.text import Language
from secaudit.model.trend import By, Per, Point, Trend
from secaudit.report.charts import columns
from secaudit.report.trend_html import render_trend
from secaudit.report.trend_view import known_share, trend_view

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
SPANS = periods(Per.MONTH, date(2026, 3, 31), 3)
SCHEMA = json.loads((content_dir("reports") / "trend" / "trend.schema.json").read_text("utf-8"))


def view(by: By = By.SYSTEM, name: str = "办公系统", **figures: int) -> dict[str, object]:
    own = {"failing": 9, "high": 2, "medium": 3, "low": 4, "judged": 90, "unknown": 10, **figures}
    points = tuple(
        Point(span, own, 2, 1, ("r1", "r2"), NOW) if place != 1 else None for place, span in enumerate(SPANS)
    )
    return trend_view(
        *([Trend("oa", points)], {"oa": name}, by, SPANS),
        office="office",
        content_hash="ab" * 32,
        generated_at=NOW,
    )


@pytest.mark.parametrize("by", list(By))
def test_the_data_fit_their_schema(by: By) -> None:
    jsonschema.validate(view(by), SCHEMA)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_shows_every_figure_and_says_what_it_is(language: Language) -> None:
    page = "".join(render_trend(view(), language))
    assert ("自查" if language == "zh" else "Self-assessment") in page
    assert page.count("<rect") == 6, "two columns of three parts"
    assert page.count('class="empty"') == 1, "a month without an audit has no figures"
    for shown in ("90.0%", ">9<", "1/2", "2026-02", "办公系统"):
        assert shown in page
    assert "<script" not in page
    assert "http://" not in page


def test_names_of_others_do_not_act() -> None:
    page = "".join(render_trend(view(name="<script>alert(1)</script>"), "en"))
    assert "<script" not in page


def test_failures_of_checks_that_are_no_more_have_a_part_of_their_own() -> None:
    assert "s-unrated" in "".join(render_trend(view(unrated=3), "en"))
    assert '<rect class="s-unrated"' not in "".join(render_trend(view(), "en"))


@pytest.mark.parametrize("by", [By.ITEM, By.CHECK])
def test_items_are_one_colour(by: By) -> None:
    page = "".join(render_trend(view(by), "en"))
    assert page.count('<rect class="s-failing"') == 2


@pytest.mark.parametrize(("highest", "top"), [(0, 1), (1, 1), (7, 7), (83, 90), (100, 100), (1234, 1300)])
def test_the_highest_column_fits_its_scale(highest: int, top: int) -> None:
    drawn = columns(("a",), [{"a": highest}, None], 100, 50)
    assert drawn.scale[-1] == (0, top)
    assert drawn.scale[0] == (50, 0)
    assert [box.height for box in drawn.boxes] == ([round(50 * highest / top, 2)] if highest else [])
    assert drawn.middles == (25, 75)


def test_nothing_owed_has_no_share() -> None:
    assert known_share({"judged": 0, "unknown": 0}) is None
