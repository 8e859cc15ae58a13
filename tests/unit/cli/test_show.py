"""Tables on narrow terminals: ids, times and numbers stay whole, texts fold."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from secaudit.cli.show import Column, show_rows

ID = "linux.identity.a-long-name-of-a-check"
TEXT = "a text of many words that does not fit into the width of a terminal and goes on over several lines"
MOMENT = datetime(2026, 11, 22, 23, 25, tzinfo=UTC)
COLUMNS = (
    Column("id", "check"),
    Column("at", "begun"),
    Column("count", "count", right=True),
    Column("text", "text", fold=True),
    Column("nothing", "nothing"),
)
ROW = {"id": ID, "at": MOMENT, "count": 1234567, "text": TEXT}


@pytest.mark.parametrize("width", [20, 80, 100])
def test_only_texts_fold(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    show_rows(COLUMNS, [ROW], "table")
    said = capsys.readouterr().out
    for whole in (ID, "2026-11-23 07:25", "1234567"):
        assert whole in said
    assert TEXT not in said
    if width >= 80:
        assert max(map(len, said.splitlines())) <= width


def test_a_chinese_text_fills_its_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "41")
    text = "链条完整，共 3 条；但链头没有记在台账以外的任何地方，应当记录"
    show_rows((Column("text", "text", fold=True),), [{"text": text}, {"text": "短"}], "table")
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "链条完整，共 3 条；但链头没有记在台账以" in lines
    assert "外的任何地方，应当记录" in lines
    assert "短" in lines


def test_without_a_terminal_nothing_folds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    show_rows(COLUMNS, [ROW], "table")
    assert TEXT in capsys.readouterr().out


def test_a_column_without_a_value_is_left_out_of_tables_only(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(COLUMNS, [ROW], "table")
    assert "nothing" not in capsys.readouterr().out
    show_rows(COLUMNS, [ROW], "csv")
    assert "nothing" in capsys.readouterr().out
    show_rows(COLUMNS, [], "table")
    assert capsys.readouterr().out == "There is none.\n"


def test_a_number_is_no_formula(capsys: pytest.CaptureFixture[str]) -> None:
    columns = (Column("days", "days"), Column("text", "text"))
    show_rows(columns, [{"days": -9, "text": "-9"}], "csv")
    assert capsys.readouterr().out.splitlines()[1] == "-9,'-9"


def test_programs_read_times_with_their_offset(capsys: pytest.CaptureFixture[str]) -> None:
    show_rows(COLUMNS, [ROW], "json")
    assert json.loads(capsys.readouterr().out)[0]["at"] == "2026-11-23 07:25+08:00"


def test_rows_are_printed_as_they_come(capsys: pytest.CaptureFixture[str]) -> None:
    columns = (Column("id", "id"), Column("text", "text"))
    rows = [{"id": number, "text": f"一\u2028\x85\n{'x' * 5000}"} for number in range(40)]
    shown: list[int] = []

    def coming() -> Iterator[dict[str, object]]:
        for row in rows:
            shown.append(len(capsys.readouterr().out))
            yield row

    show_rows(columns, coming(), "json")
    assert sum(map(bool, shown)) > 2
    capsys.readouterr()
    for several in (rows, rows[:1], []):
        show_rows(columns, iter(several), "json")
        assert capsys.readouterr().out == json.dumps(several, ensure_ascii=False, indent=2) + "\n"
