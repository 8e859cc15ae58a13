"""The notice that demands rectification: what it says, and that no text of a target acts in it."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Opened

from scripts.word.build import OUTLINES, build
from secaudit.model.content import Severity
from secaudit.model.finding import Event, EventKind, Source
from secaudit.model.rectification import RectificationSettings
from secaudit.model.text import Language, Text
from secaudit.report.finding_detail import Detail
from secaudit.report.rectification_word import FORM, ROWS_LIMIT, Demanded, Letter, render_notice
from secaudit.report.word_filling import Template, template_of
from secaudit.report.word_forms import FORMS
from secaudit.report.word_template import template_faults
from tests.unit.assess.acceptances import deferral
from tests.unit.report.test_rectification_workbook import DETAIL, finding

DAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
BY = dict.fromkeys(Severity, date(2026, 3, 31))
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def demanded(number: int, detail: Detail = DETAIL, **more: Any) -> Demanded:
    known = {"offender": "root", **more}
    return Demanded(finding(number, **known), detail, date(2026, 3, 31))


def letter(rows: Sequence[Demanded], **more: Any) -> Letter:
    return Letter(
        **{
            "number": "网安整改〔2026〕1号",
            "office": "某市网络安全办公室",
            "organisation": "市信息中心",
            "day": DAY,
            "person": "经办岗",
            "by_severity": BY,
            "rows": rows,
            "levels": {"oa": "第三级"},
            "settings": RectificationSettings(),
            "workbook": "a.xlsx",
            "version": "1",
            "moment": NOW,
            **more,
        }
    )


def opened(said: Letter, language: Language = "zh") -> Opened:
    made = render_notice(said, language, template_of(FORM, language, None))
    assert made == render_notice(said, language, template_of(FORM, language, None))
    return Document(io.BytesIO(made))


def rows_of(document: Opened, heading: str) -> list[list[str]]:
    for table in document.tables:
        cells = [[cell.text for cell in row.cells] for row in table.rows]
        if cells[0][0] == heading:
            return cells[1:]
    raise AssertionError(heading)


def texts(document: Opened) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in FORMS if name != "self-assessment"])
def test_the_shipped_template_is_what_the_script_builds_and_has_no_fault(
    name: str, language: Language
) -> None:
    content = FORMS[name].shipped(language).read_bytes()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as there,
        zipfile.ZipFile(io.BytesIO(build(name, language))) as made,
    ):
        parts = {one: there.read(one) for one in there.namelist()}
        assert parts == {one: made.read(one) for one in made.namelist()}
    assert template_faults(FORMS[name], content) == ()


def test_every_form_has_an_outline() -> None:
    assert OUTLINES.keys() == FORMS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_and_deadlines(language: Language) -> None:
    rows = [
        demanded(7),
        demanded(9, severity=Severity.LOW),
        demanded(8, system="hr", severity=Severity.MEDIUM),
    ]
    document = opened(letter(rows), language)
    told = texts(document)
    assert ("3项问题" if language == "zh" else "3 findings in 2 systems") in told
    assert ("2026年3月31日前完成整改" if language == "zh" else "by 2026-03-31") in told
    systems = rows_of(document, "定级对象" if language == "zh" else "System")
    assert [row[1:] for row in systems] == [
        ["oa", "第三级", "2", "1", "0", "1"],
        ["hr", "", "1", "0", "1", "0"],
    ]
    findings = rows_of(document, "问题编号" if language == "zh" else "Number")
    assert [row[0] for row in findings] == ["F000007", "F000008", "F000009"]


def test_deadlines_differ_by_severity() -> None:
    days = {
        Severity.HIGH: date(2026, 3, 16),
        Severity.MEDIUM: date(2026, 3, 31),
        Severity.LOW: date(2026, 4, 30),
    }
    told = texts(opened(letter([demanded(7)], by_severity=days)))
    assert "于2026年3月16日前完成高风险问题整改，于2026年3月31日前完成中风险" in told


def test_what_a_check_found_on_an_asset_stands_in_one_row() -> None:
    rows = [demanded(number, offender=f"user{number}") for number in (7, 8, 9, 12)]
    (row,) = rows_of(opened(letter(rows)), "问题编号")
    assert row[0] == "F000007–F000009、F000012"
    assert row[3].splitlines()[0] == "不满足：口令最长使用期限"
    assert [line.partition(":")[0] for line in row[3].splitlines()[1:]] == [
        "user7",
        "user8",
        "user9",
        "user12",
    ]


def test_many_offenders_are_counted() -> None:
    rows = [demanded(number, offender=f"user{number}") for number in range(1, 21)]
    (row,) = rows_of(opened(letter(rows)), "问题编号")
    assert row[3].endswith("……等，另有 12 处")


def test_the_annexe_says_when_it_does_not_show_all() -> None:
    rows = [demanded(number, check=f"linux.c{number}") for number in range(1, ROWS_LIMIT + 3)]
    document = opened(letter(rows))
    assert len(rows_of(document, "问题编号")) == ROWS_LIMIT
    assert f"共 {ROWS_LIMIT + 2} 项，本附件列出 {ROWS_LIMIT} 项" in texts(document)


def test_extensions_deferrals_and_earlier_notices_are_remarked() -> None:
    history = (
        Event(NOW, EventKind.NOTICED, deadline=date(2026, 2, 1), notice="1号"),
        Event(NOW, EventKind.EXTENDED, deadline=date(2026, 4, 1), person="主任", text="设备未到货"),
    )
    known: dict[str, Any] = {"notice": "1号", "reopened": 2, "history": history, "deadline": date(2026, 4, 1)}
    row = replace(demanded(7, **known), deferral=deferral(date(2026, 12, 31)))
    (told,) = rows_of(opened(letter([row])), "问题编号")
    assert told[8] == (
        "已由1号通知；经主任批准，期限由2026-02-01延至2026-04-01：设备未到货；"
        "延期整改至2026-12-31（安办〔2026〕7号，李四 批准）；曾关闭后复现2次"
    )
    first = (Event(NOW, EventKind.EXTENDED, deadline=date(2026, 4, 1), person="主任", text="停机"),)
    (told,) = rows_of(opened(letter([demanded(7, history=first)])), "问题编号")
    assert told[8] == "经主任批准，期限延至2026-04-01：停机"


@pytest.mark.parametrize(
    ("source", "remark"), [(Source.SCAN, "原期限2026-02-01已过"), (Source.POLICE, "来文期限已过")]
)
def test_a_deadline_that_has_passed_is_remarked(source: Source, remark: str) -> None:
    row = demanded(7, source=source, deadline=date(2026, 2, 1))
    assert rows_of(opened(letter([row])), "问题编号")[0][8] == remark


def test_an_office_words_its_own_demands() -> None:
    settings = RectificationSettings(
        demands=tuple(f"要求{number}" for number in range(1, 24)), contact="网安科"
    )
    told = texts(opened(letter([demanded(7)], settings=settings)))
    assert "（一）要求1\n" in told
    assert "（十）要求10\n（十一）要求11\n" in told
    assert "（二十）要求20\n（二十一）要求21\n" in told
    assert "联系方式：网安科" in told
    assert "1. 要求1" in texts(opened(letter([demanded(7)], settings=settings), "en"))


def test_an_outside_finding_says_what_its_paper_says() -> None:
    detail = Detail("门户", "", description="参数未过滤", remedy=Text("过滤", "filter"))
    row = demanded(
        7,
        detail,
        source=Source.POLICE,
        asset="",
        offender="",
        document="公网安7号",
        title=Text("注入", "SQL"),
    )
    (told,) = rows_of(opened(letter([row])), "问题编号")
    assert told[2:4] == ["（整个系统）", "注入\n参数未过滤"]
    assert told[6] == "公安通报"


@pytest.mark.parametrize(
    "text", ["{{ office }}{% for x in y %}", "</w:t></w:r></w:p><w:p>", "\x07\ufffe\u202e", "a" * 1_000_000]
)
def test_no_text_of_a_target_acts(text: str) -> None:
    detail = replace(DETAIL, seen=Text(text, text), asset=text)
    plain, hostile = opened(letter([demanded(7)])), opened(letter([demanded(7, detail, offender=text)]))
    assert len(plain.element.body.xpath(".//w:p")) == len(hostile.element.body.xpath(".//w:p"))


def test_a_template_of_the_office_is_used() -> None:
    content = FORM.shipped("zh").read_bytes()
    document = Document(io.BytesIO(content))
    document.paragraphs[0].runs[0].text = "某市通知书 {{ template_file }}"
    changed = io.BytesIO()
    document.save(changed)
    made = render_notice(letter([demanded(7)]), "zh", Template(changed.getvalue(), "ab" * 32))
    assert Document(io.BytesIO(made)).paragraphs[0].text == f"某市通知书 本单位修改，SHA-256 {'ab' * 32}"
