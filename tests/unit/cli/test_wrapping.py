"""Help and pages in cells, and click's own words."""

import os
import re
import subprocess
import sys

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.cli import click_words
from secaudit.cli.groups import first_sentence
from secaudit.cli.wrapping import WideFormatter, wrapped


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("one two three", ["one two", "three"]),
        ("abcdefghijkl x", ["abcdefghijkl", "x"]),
        ("资产与访问情况", ["资产与访", "问情况"]),
        ("资产与访，问情况", ["资产与", "访，问情", "况"]),
        ("资产类（访问）", ["资产类", "（访问）"]),
        ("用 --all 指定", ["用 --all", "指定"]),
        ("时间“Monday”", ["时间", "“Monday”"]),
        ("命令（plugins）", ["命令", "（plugins）"]),
        ("格式 [必填]", ["格式 [必", "填]"]),
        ("链条，共 3 条", ["链条，共", "3 条"]),
    ],
)
def test_lines_end_where_they_may(text: str, lines: list[str]) -> None:
    assert list(wrapped(text, 9)) == lines


@given(st.text(alphabet="ab 中文，。（）\n", max_size=60), st.integers(8, 30))
def test_nothing_is_lost(text: str, width: int) -> None:
    assert re.sub(r"\s", "", "".join(wrapped(text, width))) == re.sub(r"\s", "", text)


def test_columns_stand_below_each_other() -> None:
    formatter = WideFormatter(width=30)
    formatter.write_dl([("--out 目录", "写入的目录，默认为工作区。"), ("--all", "全部"), ("--x", "")])
    assert formatter.getvalue().splitlines() == [
        "--out 目录  写入的目录，默认为",
        "            工作区。",
        "--all       全部",
        "--x",
    ]


def test_a_long_term_has_a_line_of_its_own() -> None:
    formatter = WideFormatter(width=60)
    formatter.write_dl([("--" + "x" * 40, "长"), ("--all", "全部")])
    assert formatter.getvalue().splitlines() == [
        "--" + "x" * 40,
        " " * 32 + "长",
        "--all" + " " * 27 + "全部",
    ]


def test_paragraphs_stay_apart() -> None:
    formatter = WideFormatter(width=20)
    formatter.indent()
    formatter.write_text("one\n\ntwo")
    assert formatter.getvalue() == "  one\n\n  two\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Do it (.xlsx or .csv). Then that.", "Do it (.xlsx or .csv)."),
        ("导入清单（.xlsx 或 .csv）。全部或全不。", "导入清单（.xlsx 或 .csv）。"),
        ("no stop\nat all", "no stop at all"),
        ("", ""),
    ],
)
def test_a_list_of_commands_says_whole_sentences(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_a_paragraph_keeps_its_indentation() -> None:
    formatter = WideFormatter(width=20)
    formatter.indent()
    formatter.write_text("资产与访问情况以及检查批次")
    assert formatter.getvalue() == "  资产与访问情况以及\n  检查批次\n"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--help"], 0),
        (["scan", "--help"], 0),
        (["report", "--help"], 0),
        (["requirements", "list", "--help"], 0),
        (["scan", "--nope"], 2),
        (["nope"], 2),
        (["system", "show"], 2),
        (["system", "show", "a", "b"], 2),
        (["scan", "--jobs"], 2),
        (["scan", "--jobs", "x"], 2),
        (["requirements", "list", "--level", "9"], 2),
        (["requirements", "list"], 2),
        (["checks", "list", "--content", "/nope"], 2),
        (["results", "--format", "x"], 2),
    ],
)
def test_click_speaks_chinese(arguments: list[str], status: int) -> None:
    printed = secaudit(arguments, "zh_CN.UTF-8")
    assert printed.returncode == status
    english = r"Usage|Options|Commands|Error|Try |Show |No such|Missing|Invalid|Got |is not|requires|does not"
    assert not re.search(english, printed.stdout + printed.stderr)


def test_click_speaks_english() -> None:
    printed = secaudit(["nope"], "C.UTF-8")
    assert "Error: No such command" in printed.stderr


def test_words_are_counted() -> None:
    assert click_words._counted("one", "many", 1) == "one"
    assert click_words._counted("one", "many", 2) == "many"


def test_what_click_imports_is_what_we_replace() -> None:
    """A click without these names would fall back to English without a word."""
    named = {module.__name__ for module in click_words.MODULES if hasattr(module, "_")}
    assert {click.core.__name__, click.exceptions.__name__, click.formatting.__name__} <= named


def secaudit(arguments: list[str], locale: str) -> subprocess.CompletedProcess[str]:
    """The command as it is typed: click is changed for the whole process."""
    variables = {"LANG": locale, "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "secaudit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=variables, check=False)
