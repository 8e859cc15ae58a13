"""The workbook and csv: the same figures as the view, and nothing in a cell that acts."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.content.folder import content_dir
from secaudit.errors import UsageError
from secaudit.model.text import Language
from secaudit.report import Material, view_of, workbook
from secaudit.report.csv_text import write_csv
from secaudit.report.sheet_list import SHEETS
from secaudit.report.tabular import table_words
from secaudit.report.texts import load_texts
from secaudit.report.workbook import write_workbook
from tests.unit.report.test_view import of_a_sample


@pytest.fixture
def view(material: Material) -> dict[str, Any]:
    """As it would be read back from JSON."""
    return json.loads(json.dumps(view_of(material)))  # type: ignore[no-any-return]


def rows_of(sheet: Worksheet) -> list[dict[str, Any]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_figures_are_those_of_the_view(view: dict[str, Any], tmp_path: Path, language: Language) -> None:
    write_workbook(view, tmp_path / "w.xlsx", language)
    book, words = load_workbook(tmp_path / "w.xlsx"), table_words(language)
    assert book.sheetnames == [words(f"sheet_{sheet.name}") for sheet in SHEETS]
    told = {row[words("name")]: row[words("value")] for row in rows_of(book.worksheets[0])}
    assert told[words("planned")] == view["summary"]["planned"]
    for word, count in view["summary"]["items"].items():
        assert told[words("items_count", word=words.known(word, word))] == count
    pairs = [(item, group) for item in view["items"] for group in item["groups"]]
    items = rows_of(book[words("sheet_items")])
    assert len(items) == sum(len(group["objects"]) for _item, group in pairs)
    concluded = (group["conclusion"] for _item, group in pairs for _object in group["objects"])
    assert sorted(row[words("conclusion")] for row in items) == sorted(
        words.known(word, word) for word in concluded
    )
    steps = rows_of(book[words("sheet_steps")])
    assert len(steps) == sum(len(group["objects"]) * len(group["steps"]) for _item, group in pairs)
    found = sum(len(group["objects"]) for problem in view["problems"] for group in problem["groups"])
    assert len(rows_of(book[words("sheet_problems")])) == found > 0


def test_no_cell_is_a_formula_or_holds_what_nobody_sees(view: dict[str, Any], tmp_path: Path) -> None:
    for name in ("=1+1", "@x", "+1", "-1"):
        view["system"]["name"] = view["assets"][0]["name"] = name
        write_workbook(view, tmp_path / "w.xlsx", "zh")
        for sheet in load_workbook(tmp_path / "w.xlsx").worksheets:
            for row in sheet.iter_rows():
                assert {cell.data_type for cell in row} <= {"s", "n"}
                assert not any("\x1b" in str(cell.value) or "\u202e" in str(cell.value) for cell in row)


def test_a_sheet_that_is_full_is_told(
    view: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "ROWS", 2)
    with pytest.raises(UsageError, match="no more than 2 rows"):
        write_workbook(view, tmp_path / "w.xlsx", "zh")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(view: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        write_workbook(view, tmp_path / "file" / "w.xlsx", "zh")


def test_csv_holds_every_step_and_no_formula(view: dict[str, Any], tmp_path: Path) -> None:
    view["document"]["run"]["id"] = "=cmd"
    write_csv(view, tmp_path / "w.csv", "zh")
    text = (tmp_path / "w.csv").read_text("utf-8-sig")
    head, *rows = csv.reader(text.splitlines())
    groups = [group for item in view["items"] for group in item["groups"]]
    assert len(rows) == sum(len(group["objects"]) * len(group["steps"]) for group in groups)
    assert {len(row) for row in rows} == {len(head)}
    assert {row[1] for row in rows} == {"'=cmd"}


def test_every_kind_of_object_has_a_name() -> None:
    standard = content_dir("profiles") / "standards" / "gbt22239-2019" / "steps.csv"
    with standard.open(encoding="utf-8") as stream:
        named = {kind for row in csv.DictReader(stream) for kind in row["objects"].split(";")}
    assert named - set(load_texts(content_dir("reports") / "object_kinds.yaml")) == set()


def test_tables_tell_the_sample_and_what_the_register_lacks(material: Material) -> None:
    words = table_words("zh")
    view = json.loads(json.dumps(view_of(of_a_sample(material))))
    step = view["items"][0]["groups"][0]["steps"][0]
    step["unseen"], step["exemptions"] = ["fw"], ["split_missing"]
    by_name = {sheet.name: list(sheet.rows(view, words)) for sheet in SHEETS}
    told = [row["value"] for row in by_name["summary"] if row["name"] == "抽样"]
    assert told == ["linux 1 / 3 台（套）: h2; 张三\\x1b 2026-03-01; 同型号 <b>"]
    assert [row["unsampled"] for row in by_name["problems"]] == ["未抽中，不计入测评"]
    assert "机器没有看到: fw\n缺责任划分文件" in by_name["steps"][0]["gap"]
    plain = {sheet.name: list(sheet.rows(view_of(material), words)) for sheet in SHEETS}
    assert [row["unsampled"] for row in plain["problems"]] == [""]
