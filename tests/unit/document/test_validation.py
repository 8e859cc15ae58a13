"""Plain data become typed values, or every mistake is named."""

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict

from secaudit.document import validated
from secaudit.document.reader import parse_document
from secaudit.errors import ContentError, Problem


class _Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    number: int
    switch: bool = False


class _Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str
    choice: Literal["a", "b"] = "a"
    items: list[_Inner] = []
    either: int | _Inner = 0
    ratio: float = 0.5


def _problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        validated(parse_document(text, "f.yaml"), _Outer)
    return caught.value.problems


def test_a_good_document_is_its_model() -> None:
    assert validated(parse_document("name: x\nitems: [{number: 2}]", "f"), _Outer).items[0].number == 2


@pytest.mark.parametrize(
    ("text", "field", "line", "read", "expected"),
    [
        ("choice: a", "name", 1, "", "is required"),
        ("name: 1", "name", 1, "1", "text expected (put it in quotes)"),
        ("name: x\nnmae: hunter2", "nmae", 2, "", "unknown field"),
        ("name: x\nchoice: c", "choice", 2, "'c'", "one of 'a' or 'b' expected"),
        ("name: x\nitems: {}", "items", 2, "", "a list expected"),
        ("name: x\nitems:\n  - 5", "items[0]", 3, "5", "keys with values expected"),
        ("name: x\nitems:\n  - number: 1.5", "items[0].number", 3, "1.5", "a whole number expected"),
        ("name: x\nitems:\n  - {}", "items[0].number", 3, "", "is required"),
        (
            "name: x\nitems: [{number: 1, switch: yes}]",
            "items[0].switch",
            2,
            "'yes'",
            "true or false expected",
        ),
        ("name: x\nratio: x", "ratio", 2, "'x'", "a number expected"),
        ("5", "", 1, "5", "keys with values expected"),
        ("", "", 0, "", "keys with values expected"),
    ],
)
def test_a_mistake_is_named(text: str, field: str, line: int, read: str, expected: str) -> None:
    assert _problems(text) == (Problem("f.yaml", line, field, read, expected),)


def test_all_mistakes_come_at_once() -> None:
    assert {p.field for p in _problems("choice: c\nitems: [{number: x}]\nmore: 1")} == {
        "name",
        "choice",
        "items[0].number",
        "more",
    }


def test_branches_of_a_union_are_no_places() -> None:
    fields = {p.field for p in _problems("name: x\neither: {}")}
    assert fields == {"either", "either.number"}
