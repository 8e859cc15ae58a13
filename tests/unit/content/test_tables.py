"""Reference tables: every mistake is named with file, line and column."""

from datetime import date
from pathlib import Path

import pytest

from secaudit.content.tables import ENDED, Row, Table
from secaudit.errors import Problem


def row(**cells: str) -> tuple[Row, list[Problem]]:
    """A row on line 7 of ``t.csv`` and its list of mistakes."""
    problems: list[Problem] = []
    return Row("t.csv", 7, cells, problems), problems


def table(tmp_path: Path, content: bytes) -> Table:
    """A table with the columns ``a`` and ``b``."""
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    return Table(path, ("a", "b"))


def test_rows_know_their_lines(tmp_path: Path) -> None:
    made = table(tmp_path, b"a,b\n1,2\n3,4\n")
    assert [(r.line, r.cells) for r in made.rows()] == [(2, {"a": "1", "b": "2"}), (3, {"a": "3", "b": "4"})]
    assert made.problems == []


def test_a_byte_order_mark_and_other_order_of_columns_do_no_harm(tmp_path: Path) -> None:
    made = table(tmp_path, "\ufeffb,a\r\n1,二\r\n".encode())
    assert [r.cells for r in made.rows()] == [{"b": "1", "a": "二"}]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "the columns a,b expected"),
        (b"a,c\n1,2\n", "the columns a,b expected"),
        (b"a,b\n1\n", "2 cells expected"),
        (b'a,b\n"1,2\n', "unexpected end of data"),
        (b"a,b\n\xff,2\n", "codec can't decode"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes, complaint: str) -> None:
    made = table(tmp_path, content)
    assert list(made.rows()) == []
    assert complaint in str(made.problems[0])
    assert "t.csv" in made.problems[0].file


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    made = Table(tmp_path / "none.csv", ("a",))
    assert list(made.rows()) == []
    assert "No such file" in made.problems[0].expected


def test_cells_are_read_as_what_they_must_be() -> None:
    cells, problems = row(n="12", d="2026-07-11", none="", no="false", yes="true", w="a; b;")
    assert cells.number("n") == 12
    assert cells.day("d") == date(2026, 7, 11)
    assert (cells.day("none"), cells.day("no"), cells.day("yes")) == (None, None, ENDED)
    assert cells.words("w") == ("a", "b")
    assert cells.words("none") == ()
    assert problems == []


def test_cells_that_are_wrong_are_complaints() -> None:
    cells, problems = row(n="twelve", d="11.7.2026", empty="", c="maybe")
    assert cells.number("n") == 0
    assert cells.day("d") is None
    assert cells.text("empty") == ""
    assert cells.choice("c", ("yes", "no")) == "yes"
    assert [str(problem) for problem in problems] == [
        "t.csv:7: n: a whole number expected (read: 'twelve')",
        "t.csv:7: d: a day as YYYY-MM-DD expected (read: '11.7.2026')",
        "t.csv:7: empty: is required",
        "t.csv:7: c: one of yes, no expected (read: 'maybe')",
    ]
