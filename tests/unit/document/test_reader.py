"""The reader of hostile YAML: what it refuses, with the line, and what it never does."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.document import read_document
from secaudit.document.reader import SIZE_LIMIT_BYTES, field_name, parse_document
from secaudit.errors import ContentError, Problem


def _refused(text: str) -> ContentError:
    with pytest.raises(ContentError) as caught:
        parse_document(text, "f.yaml")
    return caught.value


def test_a_place_knows_its_line() -> None:
    document = parse_document("a:\n  - b: 1\n    c: 2\n", "f.yaml")
    assert document.data == {"a": [{"b": 1, "c": 2}]}
    assert document.line(("a", 0, "c")) == 3
    assert document.line(("a", 0, "missing")) == 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("12:30", "12:30"),
        ("0123", "0123"),
        ("true", True),
        ("~", None),
        ("-7", -7),
        ("1.5", 1.5),
        ("'1'", "1"),
        ("1e3", "1e3"),
        ("2025-03-01", "2025-03-01"),
        ("9999999999999999999", "9999999999999999999"),
    ],
)
def test_scalars_hold_no_surprise(text: str, value: object) -> None:
    read = parse_document(f"a: {text}", "f.yaml").data["a"]
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\na: 2\n", 2, "each key once"),
        ("a: &x 1\nb: *x\n", 1, "no anchors"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "no YAML tags"),
        ("a: !!str 1\n", 1, "no YAML tags"),
        ("a: 1\n---\nb: 2\n", 2, "one YAML document"),
        ("a:\n\tb: 1\n", 2, "tab"),
        ("? [x]\n: 1\n", 1, "text as a key"),
        ("a: [1\n", 2, "not valid YAML"),
        ("[" * 100 + "]" * 100, 1, "levels"),
        ("a: \x01", 0, "control characters"),
        ("a: 1\nb: \ud800", 2, "UTF-8"),
    ],
)
def test_what_is_refused_is_named_with_its_line(text: str, line: int, said: str) -> None:
    problem = _refused(text).problems[0]
    assert problem.line == line
    assert said in problem.expected


def test_a_bomb_of_aliases_does_not_go_off() -> None:
    rungs = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 10))
    assert "no anchors" in _refused("l0: &l0 [lol]\n" + rungs).problems[0].expected


def test_a_deep_file_is_refused_without_recursion() -> None:
    assert "levels" in _refused("[" * 500_000).problems[0].expected


def test_a_large_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"#" * (SIZE_LIMIT_BYTES + 1))
    with pytest.raises(ContentError, match="at most 1048576 bytes"):
        read_document(file)


def test_a_file_of_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"a: 1\n" + b"#" * (SIZE_LIMIT_BYTES - 5))
    assert read_document(file).data == {"a": 1}


@pytest.mark.parametrize(("content", "line"), [(b"a: 1\nb: \xff\n", 2), ("名: 一".encode("gb18030"), 1)])
def test_other_encodings_are_refused(tmp_path: Path, content: bytes, line: int) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(content)
    with pytest.raises(ContentError) as caught:
        read_document(file, "f.yaml")
    assert (caught.value.problems[0].line, caught.value.problems[0].expected) == (line, "UTF-8 text expected")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_document(file).data == {"a": 1}


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    for path, said in ((pipe, "regular file"), (tmp_path, "regular file"), (tmp_path / "no", "No such file")):
        with pytest.raises(ContentError, match=said):
            read_document(path)


def test_what_may_be_a_secret_is_not_shown() -> None:
    document = parse_document("reach: {password: hunter2, port: 99}", "f.yaml")
    assert document.problem(("reach", "password"), "hunter2", "a reference").read == ""
    assert document.problem(("reach",), "hunter2", "keys").read == ""
    assert document.problem(("reach", "port"), 99, "a port").read == "99"


def test_a_field_is_named_as_a_path() -> None:
    assert field_name(("assets", 2, "address")) == "assets[2].address"
    assert field_name(("a\nb",)) == "'a\\nb'"
    assert len(field_name(("x" * 5000,))) == 200


@given(st.text())
def test_any_text_is_a_document_or_a_complaint(text: str) -> None:
    _read_or_complain(text)


@given(st.text(alphabet="abc:-?[]{}&*!|>'\"%@#, \n\t\\0x~<"))
def test_any_punctuation_is_a_document_or_a_complaint(text: str) -> None:
    _read_or_complain(text)


def _read_or_complain(text: str) -> None:
    complaints: tuple[Problem, ...] = ()
    try:
        parse_document(text, "f.yaml")
    except ContentError as error:
        complaints = error.problems
    assert all(complaint.file == "f.yaml" and complaint.expected for complaint in complaints)
