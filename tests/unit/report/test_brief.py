"""The brief on a quarter: its figures, its page, its Word document."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import jsonschema
import pytest
from docx import Document
from lxml import etree

from secaudit.assess.trends import periods
from secaudit.content.folder import content_dir
from secaudit.model.content import Severity
from secaudit.model.finding import CloseReason, Closing, Finding, Stage
from secaudit.model.text import Language
from secaudit.model.trend import Per, Period, Point, Trend
from secaudit.report.brief_html import render_brief_html
from secaudit.report.brief_tables import ASKED_SHOWN, SYSTEMS_SHOWN, brief_words, changes, overview, systems
from secaudit.report.brief_view import ITEMS, Brief, BriefSystem, asked_of, brief_view, findings_of
from secaudit.report.brief_word import FORM, render_brief
from secaudit.report.word_chart import CHART
from secaudit.report.word_filling import Template, template_of
from tests.unit.assess.finding_samples import finding

NOW = datetime(2026, 4, 2, 1, tzinfo=UTC)
BEFORE, QUARTER = periods(Per.QUARTER, date(2026, 3, 31), 2)
DAY = date(2026, 3, 31)
WEEKS = tuple(
    Period(Per.WEEK, QUARTER.begin + timedelta(days=7 * n), QUARTER.begin + timedelta(days=7 * n + 7))
    for n in range(13)
)
LANGUAGES: tuple[Language, ...] = ("zh", "en")
HOSTILE = '<script>alert(1)</script> {{ 7*7 }} ]]> & "'
SCHEMA = json.loads((content_dir("reports") / "quarterly-brief" / "brief.schema.json").read_text("utf-8"))


def point(period: Period, high: int, *, run: str = "r1", **more: int) -> Point:
    figures = {"failing": high + 3, "high": high, "medium": 2, "low": 1, "judged": 90, "unknown": 10}
    counts = {**figures, "assets": 4, "reached": 3, **more}
    return Point(period, counts, 1, 1, (run,), NOW)


def trend(name: str, before: int | None, now: int | None) -> Trend:
    pair = ((BEFORE, before), (QUARTER, now))
    return Trend(name, tuple(None if high is None else point(span, high) for span, high in pair))


def brief(**changed: Any) -> Brief:
    weeks = tuple(None if place == 4 else point(week, place) for place, week in enumerate(WEEKS))
    one = Brief(
        number="2026-Q1-city",
        office="office",
        organisation="市局",
        quarter=QUARTER,
        day=DAY,
        systems=[BriefSystem("oa", "办公系统", "S3A3G3", 90), BriefSystem("hr", "人事系统", "S2A2G2", 0)],
        weeks=WEEKS,
        by_week=Trend("", weeks),
        by_quarter=trend("", 9, 5),
        of_systems={"oa": trend("oa", 9, 5)},
        of_items=[trend("ces.x.a", 4, 2), trend("ces.x.b", None, 7), trend("ces.x.c", 1, None)],
        item_names={"ces.x.a": "要求一"},
        findings=[],
        nights=(88, 2),
        runs=["r1"],
        tool="1.0",
        content_hash="ab" * 32,
        generated_at=NOW,
    )
    return replace(one, **changed)


def shown(view: dict[str, Any], language: Language) -> tuple[bytes, str]:
    """The Word document, and the text of its paragraphs and tables."""
    made = render_brief(view, language, template_of(FORM, language, None))
    document = Document(io.BytesIO(made))
    texts = [paragraph.text for paragraph in document.paragraphs]
    texts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return made, "\n".join(texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_document_tell_the_same(language: Language) -> None:
    view = brief_view(brief())
    jsonschema.validate(view, SCHEMA)
    page = "".join(render_brief_html(view, language))
    _made, told = shown(view, language)
    words = brief_words(language)
    said = [*overview(view, words), *(row[key] for row in changes(view, words) for key in row)]
    for text in (*said, "2026-Q1-city", "办公系统", "要求一", "2026-01-01"):
        assert text in page
        assert text in told
    assert words("statement", office="office") in told
    assert words("marking") in page
    assert "88" in page
    assert "<script" not in page


def test_the_chart_draws_every_week_that_was_audited() -> None:
    view = brief_view(brief())
    made, _told = shown(view, "zh")
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        chart = etree.fromstring(package.read(CHART))
        assert CHART in package.read("[Content_Types].xml").decode()
        assert "charts/chart1.xml" in package.read("word/_rels/document.xml.rels").decode()
        assert b'r:id="rIdChart1"' in package.read("word/document.xml")
    space = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    values = [
        {
            int(one.get("idx")): int(one.findtext("c:v", namespaces=space))
            for one in series.iterfind(".//c:val//c:pt", space)
        }
        for series in chart.iterfind(".//c:ser", space)
    ]
    assert values[0] == {place: place for place in range(13) if place != 4}
    assert [set(one) for one in values] == [set(values[0])] * 3
    page = "".join(render_brief_html(view, "zh"))
    assert page.count("<rect x=") == 12 * 3 - 1, "no height for the first week's high ones"


def test_the_same_view_is_the_same_document() -> None:
    view = brief_view(brief())
    assert shown(view, "zh")[0] == shown(view, "zh")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quarter_without_an_audit_is_not_known(language: Language) -> None:
    view = brief_view(
        brief(
            by_week=None,
            by_quarter=None,
            of_systems={},
            of_items=[],
            runs=[],
            nights=None,
            weeks=WEEKS[:2],
        )
    )
    jsonschema.validate(view, SCHEMA)
    words = brief_words(language)
    made, told = shown(view, language)
    page = "".join(render_brief_html(view, language))
    for text in (words("overview_none"), words("chart_none"), words("not_audited")):
        assert text in told
        assert text in page
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert CHART not in package.namelist()


def test_names_of_others_do_not_act() -> None:
    hostile = brief(
        organisation=HOSTILE,
        systems=[BriefSystem("oa", HOSTILE, "S3A3G3", 1)],
        findings=[finding(owner=HOSTILE)],
    )
    view = brief_view(hostile)
    _made, told = shown(view, "en")
    assert told.count(HOSTILE) >= 3
    assert "<script" not in "".join(render_brief_html(view, "en"))


def test_what_has_no_room_on_two_pages_is_counted() -> None:
    many = [BriefSystem(f"s{n}", f"系统{n}", "S2A2G2", 1) for n in range(SYSTEMS_SHOWN + 3)]
    items = [trend(f"ces.x.{n}", 1, n) for n in range(ITEMS + 4)]
    owed = [finding(owner=f"o{n}") for n in range(ASKED_SHOWN + 2)]
    of_systems = {f"s{n}": trend(f"s{n}", 1, n) for n in range(1, SYSTEMS_SHOWN + 3)}
    view = brief_view(brief(systems=many, of_items=items, findings=owed, of_systems=of_systems))
    rows, note = systems(view, brief_words("en"))
    assert (len(rows), note) == (SYSTEMS_SHOWN, "3 more are not listed.")
    assert rows[0]["name"] == "系统0", "what was not audited comes first"
    assert rows[1]["name"] == f"系统{SYSTEMS_SHOWN + 2}"
    assert [one["failing"] for one in view["items"]] == [11, 10, 9, 8, 7]
    _made, told = shown(view, "en")
    assert "2 more are not listed." in told


def closed(on: date) -> Closing:
    return Closing(datetime(on.year, on.month, on.day, 12, tzinfo=UTC), CloseReason.PASSED)


FINDINGS: list[Finding] = [
    finding("old", opened=NOW - timedelta(days=200), deadline=date(2026, 3, 1), owner="张三"),
    finding("new", opened=datetime(2026, 2, 1, tzinfo=UTC), severity=Severity.HIGH, owner="张三"),
    finding("closed", opened=NOW - timedelta(days=200), stage=Stage.CLOSED, closed=closed(date(2026, 2, 2))),
    finding("before", opened=NOW - timedelta(days=200), stage=Stage.CLOSED, closed=closed(date(2025, 12, 2))),
    finding(
        "later", opened=datetime(2026, 3, 1, tzinfo=UTC), stage=Stage.CLOSED, closed=closed(date(2026, 4, 1))
    ),
    finding("tomorrow", opened=datetime(2026, 4, 1, 12, tzinfo=UTC)),
    finding("soon", opened=datetime(2026, 3, 2, tzinfo=UTC), deadline=DAY, owner="张三"),
]


def test_findings_count_as_they_stood_at_the_end_of_the_quarter() -> None:
    assert findings_of(FINDINGS, QUARTER.begin, DAY) == {
        "found": 3,
        "closed": 1,
        "open": 4,
        "overdue": 1,
        "open_low": 0,
        "open_medium": 3,
        "open_high": 1,
    }


def test_each_owner_is_asked_for_what_is_open() -> None:
    assert asked_of(FINDINGS, DAY) == [
        {"owner": "张三", "count": 3, "high": 1, "overdue": 1, "deadline": "2026-03-01"},
        {"owner": "", "count": 1, "high": 0, "overdue": 0, "deadline": None},
    ]
    view = brief_view(brief(findings=FINDINGS))
    _made, told = shown(view, "zh")
    for text in ("张三", "逾期问题立即整改并书面说明原因", "尚未指定责任人", "指定责任人和整改期限"):
        assert text in told


def test_a_template_of_an_office_may_leave_the_chart_out() -> None:
    shipped = template_of(FORM, "zh", None).content
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(shipped)) as before, zipfile.ZipFile(packed, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b"{{ chart }}", b""))
    made = render_brief(brief_view(brief()), "zh", Template(packed.getvalue(), "ab" * 32))
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        assert CHART not in package.namelist()
        assert "ab" * 32 in package.read("word/document.xml").decode()
