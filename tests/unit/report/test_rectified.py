"""What was known before, in every format that shows it."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from docx import Document
from openpyxl import load_workbook

from secaudit.assess.previous import Previous
from secaudit.content.agencies import load_agencies
from secaudit.content.folder import content_dir
from secaudit.handover.pseudonyms import Pseudonyms, masker
from secaudit.handover.redaction import share
from secaudit.model.agency import Section
from secaudit.model.finding import CloseReason, Closing, Source, Stage
from secaudit.model.text import Language, Text
from secaudit.report import Material, view_of
from secaudit.report.html import render_html
from secaudit.report.word import report_words, write_word
from secaudit.report.word_fields import fields_of
from secaudit.report.workbook import write_workbook
from tests.unit.report.conftest import HOSTILE
from tests.unit.report.test_rectification_workbook import NOW, finding

SCHEMA = json.loads((content_dir("reports") / "self-assessment" / "view.schema.json").read_text("utf-8"))
DAY = date(2026, 4, 1)
KNOWN = (
    finding(7, offender=HOSTILE, deadline=date(2026, 3, 1), stage=Stage.PLANNED),
    finding(
        8,
        stage=Stage.CLOSED,
        closed=Closing(NOW + timedelta(days=3), CloseReason.PASSED, run="r2"),
        reopened=1,
    ),
    finding(9, source=Source.POLICE, document="公网安7号", title=Text("注入", "注入"), check="", asset=""),
)


@pytest.fixture
def view(material: Material) -> dict[str, Any]:
    made = view_of(replace(material, previous=Previous(date(2026, 1, 1), DAY, KNOWN)))
    return json.loads(json.dumps(made))  # type: ignore[no-any-return]


def test_the_view_counts_what_it_lists(view: dict[str, Any]) -> None:
    jsonschema.validate(view, SCHEMA)
    told = view["rectification"]
    assert [told[name] for name in ("since", "date", "all", "closed", "open", "overdue")] == [
        *("2026-01-01", "2026-04-01", 3, 1, 2, 1)
    ]
    assert [one["number"] for one in told["findings"]] == ["F000007", "F000009", "F000008"]
    assert [one["closed_by"] for one in told["findings"]] == ["", "", "passed"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_them(view: dict[str, Any], language: Language) -> None:
    page = "".join(render_html(view, language))
    assert "F000007" in page
    assert HOSTILE not in page
    told = (
        "共 3 个，已关闭 1 个，未关闭 2 个，其中超期 1 个"
        if language == "zh"
        else "3 in all, 1 closed, 2 not closed"
    )
    assert told in page
    assert "公网安7号" in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_word_report_has_them_in_its_appendix(
    view: dict[str, Any], tmp_path: Path, language: Language
) -> None:
    write_word(view, tmp_path / "a.docx", language)
    document = Document(str(tmp_path / "a.docx"))
    told = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert ("共 3 个，已关闭 1 个" if language == "zh" else "3 in all, 1 closed") in told
    head = "问题编号" if language == "zh" else "Number"
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    (rows,) = [table for table in tables if table[0][0] == head]
    assert [row[0] for row in rows[1:]] == ["F000007", "F000009", "F000008"]


def test_an_agency_that_sees_no_problems_sees_no_earlier_ones(view: dict[str, Any]) -> None:
    agency = next(iter(load_agencies([content_dir("reports") / "agencies"]).values()))
    shown_to = share(
        view,
        replace(
            agency, sections=frozenset(Section) - {Section.PROBLEMS}, hidden=frozenset(), requirements=()
        ),
        masker(Pseudonyms(b"k" * 32), frozenset(), {}),
    )
    assert shown_to["rectification"]["findings"] == []
    jsonschema.validate({**view, "rectification": shown_to["rectification"]}, SCHEMA)
    assert fields_of(shown_to, report_words("zh"), "")["rectification"] == report_words("zh")("docx_left_out")


def test_without_any_there_is_no_such_part(material: Material) -> None:
    assert 'id="rectification"' not in "".join(render_html(view_of(material), "zh"))


def test_without_an_assessment_before_it_says_so(material: Material) -> None:
    made = view_of(replace(material, previous=Previous(None, DAY, KNOWN)))
    assert "登记中没有上次自查或测评的日期" in "".join(render_html(made, "zh"))


def test_the_workbook_has_a_row_each(view: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(view, path, "zh")
    sheet = load_workbook(path)["历史问题"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[0] for row in rows] == ["F000007", "F000009", "F000008"]
    assert rows[2][7] == "已关闭、同一检查复测通过"
    assert (rows[1][1], rows[1][5]) == ("注入", "公安通报、公网安7号")


def test_a_page_with_thousands_says_what_it_leaves_out(material: Material) -> None:
    many = tuple(finding(number) for number in range(1, 1003))
    page = "".join(render_html(view_of(replace(material, previous=Previous(None, DAY, many))), "zh"))
    assert "另有 2 个未列出" in page
    assert ("F001000" in page, "F001001" in page) == (True, False)
