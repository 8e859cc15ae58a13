"""The weights of an office: read as laid down, every bad row by its line, and moving nothing but the score."""

import hashlib
from fractions import Fraction
from pathlib import Path

import pytest

from secaudit.assess.selection import every_item
from secaudit.errors import ContentError, UsageError
from secaudit.model.weights import DEFAULT_WEIGHTS, ItemClass, Weights
from secaudit.register import load_settings
from secaudit.register.weights import load_weights
from tests.content import inventory
from tests.unit.assess import samples

ITEMS = [
    samples.requirement(key="ces.x.a", level=2),
    samples.requirement(key="ces.x.a", level=3),
    samples.requirement(key="ces.x.b", level=3),
]


def laid_down(folder: Path, table: str | bytes | None, settings: str = "source: 省规范\n") -> Weights:
    """What a workspace with these settings and this table lays down."""
    lines = "".join(f"  {line}\n" for line in settings.splitlines())
    named = "  table: w.csv\n" if table is not None else ""
    (folder / "secaudit.yaml").write_text(f"office: 局\nweights:\n{lines}{named}", encoding="utf-8")
    if table is not None:
        (folder / "w.csv").write_bytes(table.encode() if isinstance(table, str) else table)
    return load_weights(folder, load_settings(folder).weights, ITEMS)


def complaint(folder: Path, table: str | bytes | None, settings: str = "source: 省规范\n") -> str:
    with pytest.raises(ContentError) as refused:
        laid_down(folder, table, settings)
    return str(refused.value)


def test_a_table_says_what_items_weigh(tmp_path: Path) -> None:
    text = "测评项,类别,级别\nces.x.a,关键,3\n\nces.x.b, 重要 ,\n"
    found = laid_down(tmp_path, text, "source: 省规范\ntechnical_share: 0.4\n")
    assert found.classes == {(3, "ces.x.a"): ItemClass.KEY, (3, "ces.x.b"): ItemClass.IMPORTANT}
    assert [found.item_class(item).weight for item in ITEMS] == [1, 3, 2]
    assert found.by_key(ITEMS[1:]) == {"ces.x.a": 3, "ces.x.b": 2}
    assert (found.technical_share, found.source, found.table) == (Fraction(2, 5), "省规范", "w.csv")
    assert found.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_row_without_a_level_is_of_all_levels_and_a_table_may_be_of_a_spreadsheet(tmp_path: Path) -> None:
    found = laid_down(tmp_path, "编号,权重\r\nces.x.a,2\r\n".encode("gb18030"))
    assert found.classes == {(2, "ces.x.a"): ItemClass.IMPORTANT, (3, "ces.x.a"): ItemClass.IMPORTANT}


def test_a_unit_names_its_item(tmp_path: Path) -> None:
    units = [item for item in every_item(inventory.shipped().catalogues) if item.unit == "L3-CES1-01"]
    (tmp_path / "w.csv").write_text("item,class\nL3-CES1-01,key\n", encoding="utf-8")
    (tmp_path / "secaudit.yaml").write_text(
        "office: 局\nweights: {source: 省, table: w.csv}\n", encoding="utf-8"
    )
    items = every_item(inventory.shipped().catalogues)
    found = load_weights(tmp_path, load_settings(tmp_path).weights, items)
    assert found.classes == {(3, units[0].key): ItemClass.KEY}


def test_nothing_laid_down_weighs_all_the_same(tmp_path: Path) -> None:
    assert load_weights(tmp_path, None, ITEMS) == DEFAULT_WEIGHTS
    assert laid_down(tmp_path, None) == Weights(source="省规范")
    assert {DEFAULT_WEIGHTS.item_class(item).weight for item in ITEMS} == {1}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("item,class\nces.nope.a,关键\n", "w.csv:2: item: an item like"),
        ("item,class\nces.x.a,要紧\n", "w.csv:2: class: one of 一般, 重要, 关键 expected (read: '要紧')"),
        ("item,class\nces.x.a\n", "w.csv:2: class: one of"),
        ("item,class,level\nces.x.b,关键,2\n", "w.csv:2: level: one of 3 expected (read: '2')"),
        ("item,class\nces.x.b,关键\nces.x.b,一般\n", "it stands in line 2, too"),
        ("item,class\nces.x.b,关键,3\n", "at most 2 cells"),
        ("item,weight of it\nces.x.b,关键\n", "w.csv:1: the headings"),
        ("item,class,class\nces.x.b,关键,关键\n", "the headings"),
        ("class\n关键\n", "the headings"),
        ("", "a line of headings"),
        ('item,class\n"ces.x.b,关键\n', "CSV expected"),
        (b"\xff\xff", "UTF-8 or GB18030"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, table: str | bytes, expected: str) -> None:
    assert expected in complaint(tmp_path, table)


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    told = complaint(tmp_path, "item,class\nces.nope.a,关键\nces.x.a,要紧\n")
    assert "w.csv:2" in told
    assert "w.csv:3" in told


@pytest.mark.parametrize("share", ["0", "1", "1.5", "-0.5", "half", "0.0", "0.33333"])
def test_a_share_that_is_none_is_refused(tmp_path: Path, share: str) -> None:
    assert "between 0 and 1" in complaint(tmp_path, None, f"source: 省\ntechnical_share: {share}\n")


def test_whoever_lays_it_down_is_named(tmp_path: Path) -> None:
    assert "source" in complaint(tmp_path, None, "technical_share: 0.4\n")


def test_a_table_lies_in_the_workspace(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        laid_down(tmp_path, None, "source: 省\ntable: nope.csv\n")
    (tmp_path / "out.csv").symlink_to("/etc/passwd")
    assert "not a link out of it" in complaint(tmp_path, None, "source: 省\ntable: out.csv\n")
    assert "a path inside the workspace" in complaint(tmp_path, None, "source: 省\ntable: ../w.csv\n")
