"""Lists of problems that somebody outside found: what is read of them, and what is refused by its cell."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from secaudit.errors import ContentError, SecauditError, UsageError
from secaudit.model.content import Severity
from secaudit.model.register import Asset, Grade, System
from secaudit.model.reported import Reported
from secaudit.report.reported import Expected, ReportedList, read_reported
from secaudit.report.reported_columns import HEADINGS, SHOWN, column_of
from secaudit.report.reported_template import write_reported_template

HEAD = ("系统", "资产", "问题", "严重程度")
SYSTEMS = (
    System("oa", "办公系统", "office", Grade(3, 3), assets=(Asset("web1", "linux", "门户", "192.0.2.1"),)),
    System(
        "hr",
        "人事系统",
        "office",
        Grade(2, 2),
        assets=(Asset("db1", "linux", "数据库", "192.0.2.2"), Asset("web1", "linux", "人事门户")),
    ),
)


def item_of(_system: System, asset: Asset | None, text: str) -> tuple[str, str]:
    if text == "linux.a" and asset:
        return "ces.a", "linux.a"
    if text == "L3-CES1-01":
        return "ces.a", ""
    raise ValueError("an item expected")


EXPECTED = Expected(SYSTEMS, item_of, document="公网安〔2026〕7号")


def workbook(path: Path, *rows: Sequence[Any], title: str = "清单") -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def listed(path: Path, *rows: Sequence[Any], expected: Expected = EXPECTED) -> ReportedList:
    return read_reported(workbook(path / "list.xlsx", *rows), expected)


def refused(path: Path, *rows: Sequence[Any], expected: Expected = EXPECTED) -> list[tuple[str, str]]:
    with pytest.raises(ContentError) as caught:
        listed(path, *rows, expected=expected)
    return [(problem.field, problem.expected) for problem in caught.value.problems]


def test_a_row_says_all_of_a_problem(tmp_path: Path) -> None:
    headings = ["问题编号", "定级对象", "主机 IP", "漏洞名称", "漏洞描述", "危险级别", "关联检查", "修复建议"]
    headings += ["通报文号", "通报单位", "发现日期", "整改期限", "负责部门"]
    cells: list[Any] = ["V-1", "办公系统", "192.0.2.1", "弱口令", "两行\n描述", "高危", "linux.a", "改口令"]
    cells += ["网信〔2026〕3号", "市网信办", "2026年3月1日", date(2026, 4, 1)]
    found = listed(tmp_path, headings, [*cells, "信息中心"])
    assert [row.said for row in found.rows] == [
        Reported(
            *(
                "oa",
                "web1",
                "弱口令",
                Severity.HIGH,
                "网信〔2026〕3号",
                "V-1",
                "两行\n描述",
                "改口令",
                "ces.a",
                "linux.a",
            ),
            *("市网信办", date(2026, 3, 1), date(2026, 4, 1)),
        )
    ]
    assert found.unknown == ["负责部门"]


def test_titles_above_the_headings_and_other_sheets_do_not_matter(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", ["关于漏洞的通报"], ["编号：7"], HEAD, ["oa", "", "无备份", "中"])
    book = load_workbook(path)
    book.worksheets[0].merge_cells("A1:D1")
    book.create_sheet("附注")["A1"] = "联系人"
    book.create_sheet("空")
    book.save(path)
    found = read_reported(path, EXPECTED)
    assert [(row.place, row.said.title, row.said.asset) for row in found.rows] == [("清单!C4", "无备份", "")]
    assert found.without == ("附注",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_as_well(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text("系统;资产;问题;风险等级\noa;门户;弱口令;低危\n\noa;;无备份;信息\n", encoding=encoding)
    found = read_reported(path, EXPECTED)
    assert [(row.place, row.said.asset, row.said.severity) for row in found.rows] == [
        ("list.csv:2", "web1", Severity.LOW)
    ]
    assert found.information == 1


def test_the_system_follows_from_the_asset_or_from_the_option(tmp_path: Path) -> None:
    rows = (("资产", "问题", "严重程度"), ("db1", "a", "高"), ("数据库", "b", "high"))
    found = listed(tmp_path, *rows)
    assert {(row.said.system, row.said.asset) for row in found.rows} == {("hr", "db1")}
    expected = Expected(SYSTEMS, item_of, SYSTEMS[1], "7")
    found = listed(tmp_path, rows[0], ("web1", "a", "高"), ("", "b", "高"), expected=expected)
    assert [(row.said.system, row.said.asset) for row in found.rows] == [("hr", "web1"), ("hr", "")]


@pytest.mark.parametrize(
    ("row", "place", "expected"),
    [
        (("oa", "web1", "", "高"), "清单!C2", "what is wrong expected"),
        (("oa", "web1", "a" * 201, "高"), "清单!C2", "at most 200 characters"),
        (("oa", "web1", "a\u202eb", "高"), "清单!C2", "printable text"),
        (("oa", "web1", "a", "极高"), "清单!D2", "one of 高/high"),
        (("oa", "web1", "a", None), "清单!D2", "one of 高/high"),
        (("财务", "web1", "a", "高"), "清单!A2", "a registered system expected"),
        (("oa", "db1", "a", "高"), "清单!B2", "a registered asset expected"),
        (("", "web1", "a", "高"), "清单!B2", "it may be oa/web1, hr/web1"),
        (("", "", "a", "高"), "清单!A2", "the system expected"),
        (("oa", "web1", "=1+1", "高"), "清单!C2", "not a formula"),
    ],
)
def test_a_bad_cell_is_named(tmp_path: Path, row: Sequence[Any], place: str, expected: str) -> None:
    (told,) = refused(tmp_path, HEAD, row)
    assert told[0] == place
    assert expected in told[1]


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("日期", "2026-13-01", "a real date"),
        ("日期", "2999-01-01", "not in the future"),
        ("整改期限", "下月底", "a real date"),
        ("测评项", "L9", "an item expected"),
    ],
)
def test_a_bad_value_is_named(tmp_path: Path, heading: str, cell: str, expected: str) -> None:
    (told,) = refused(tmp_path, (*HEAD, heading), ("oa", "web1", "a", "高", cell))
    assert told[0] == "清单!E2"
    assert expected in told[1]


def test_every_bad_cell_is_named_at_once_and_nothing_is_read(tmp_path: Path) -> None:
    told = refused(tmp_path, HEAD, ("x", "web1", "", "?"), ("oa", "?", "b", "高"), ("oa", "", "c", "高"))
    assert [place for place, _expected in told] == ["清单!C2", "清单!D2", "清单!A2", "清单!B3"]


def test_a_deadline_before_the_date_is_refused(tmp_path: Path) -> None:
    row = ("oa", "web1", "a", "高", "2026-03-02", "2026-03-01")
    (told,) = refused(tmp_path, (*HEAD, "日期", "整改期限"), row)
    assert told == ("清单!F2", "a deadline on or after the date expected")


def test_without_a_number_of_the_document_nothing_can_come_again(tmp_path: Path) -> None:
    (told,) = refused(tmp_path, HEAD, ("oa", "web1", "a", "高"), expected=Expected(SYSTEMS, item_of))
    assert "the number of the document expected" in told[1]


def test_a_problem_stands_once(tmp_path: Path) -> None:
    (told,) = refused(tmp_path, HEAD, ("oa", "web1", "弱 口令", "高"), ("oa", "门户", "弱  口令", "低"))
    assert told == ("清单!C3", "each problem once expected; it stands at 清单!C2, too")


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("系统", "资产", "问题"), "严重程度/severity"),
        (("系统", "严重程度", "等级", "问题"), "it stands at 清单!B1, too"),
        (("系统", "severit", "严重程度", "问题"), "did you mean severity"),
    ],
)
def test_headings_are_read_with_care(tmp_path: Path, headings: Sequence[str], expected: str) -> None:
    (told,) = refused(tmp_path, headings, ("oa", "高", "高", "a"))
    assert expected in told[1]


def test_merged_cells_among_the_rows_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", HEAD, ("oa", "", "a", "高"), ("", "", "b", "高"))
    book = load_workbook(path)
    book.worksheets[0].merge_cells("A2:A3")
    book.save(path)
    with pytest.raises(ContentError, match=r"清单!A2:A3: cells that are not merged"):
        read_reported(path, EXPECTED)


def test_a_line_of_csv_with_a_cell_too_many_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("系统,资产,问题,严重程度\noa,,弱,口令,高\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"list\.csv:2: at most 4 cells expected"):
        read_reported(path, EXPECTED)


@pytest.mark.parametrize("rows", [(), (("a", "b"), ("c", "d"))])
def test_a_file_without_headings_is_no_list(tmp_path: Path, rows: Sequence[Sequence[str]]) -> None:
    with pytest.raises(UsageError, match="has no line of headings"):
        listed(tmp_path, *rows)


@pytest.mark.parametrize("name", ["list.xlsx", "list.csv", "list.txt"])
@given(content=st.binary(max_size=300))
def test_any_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, name: str, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(content)
    with pytest.raises(SecauditError):
        read_reported(path, EXPECTED)


def test_every_heading_belongs_to_one_column() -> None:
    for name, headings in HEADINGS.items():
        assert {column_of(heading) for heading in (*headings, *SHOWN[name])} == {name}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_empty_list_is_read_back(tmp_path: Path, language: Any) -> None:
    path = tmp_path / "empty.xlsx"
    write_reported_template(path, SYSTEMS, language)
    assert read_reported(path, EXPECTED).rows == []
    book = load_workbook(path)
    sheet = book.worksheets[1]
    for column, text in zip("BCDF", ("oa", "web1", "弱口令", "高"), strict=True):
        sheet[f"{column}2"] = text
    assert len(sheet.data_validations.dataValidation) == 5
    book.save(path)
    (row,) = read_reported(path, EXPECTED).rows
    assert (row.said.system, row.said.asset, row.said.key) == ("oa", "web1", "弱口令")
