"""The shape of facts: what they may hold, and what they may not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import pytest

from secaudit.model.schema import ListOf, MapOf, Scalar, Struct, misfit, plain, schema_of

STRING, INT = Scalar("string"), Scalar("int")


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    size: int
    colour: Colour


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (str, STRING),
        (int, INT),
        (bool, Scalar("bool")),
        (float, Scalar("double")),
        (Colour, STRING),
        (Literal["a", "b"], STRING),
        (tuple[int, ...], ListOf(INT)),
        (Mapping[str, int], MapOf(INT)),
        (dict[str, tuple[str, ...]], MapOf(ListOf(STRING))),
        (Row, Struct("Row", {"name": STRING, "size": INT, "colour": STRING})),
    ],
)
def test_what_a_fact_may_hold(annotation: Any, schema: object) -> None:
    assert schema_of(annotation) == schema


@pytest.mark.parametrize(
    ("annotation", "complaint"),
    [
        (int | None, "union"),
        (int | str, "union"),
        (tuple[int, str], "cannot hold"),
        (dict[int, str], "cannot hold"),
        (Literal[1], "cannot hold"),
        (bytes, "cannot hold"),
        (list[int], "cannot hold"),
        (Any, "cannot hold"),
    ],
)
def test_what_a_fact_may_not_hold(annotation: Any, complaint: str) -> None:
    with pytest.raises(TypeError, match=complaint):
        schema_of(annotation)


def test_plain_values_are_what_expressions_see() -> None:
    value = {"rows": (Row("a", 1, Colour.RED),), "on": True, "share": 0.5, 7: [b"x"]}
    assert plain(value) == {
        "rows": [{"name": "a", "size": 1, "colour": "red"}],
        "on": True,
        "share": 0.5,
        "7": [b"x"],
    }
    assert type(plain(Colour.RED)) is str
    assert plain(Row) is Row


@pytest.mark.parametrize(
    ("value", "annotation"),
    [
        ("a", str), (1, int), (2**63 - 1, int), (-(2**63), int), (0.5, float), (True, bool),
        ([], tuple[int, ...]), ([1, 2], tuple[int, ...]), ({}, dict[str, int]), ({"a": 1}, dict[str, int]),
        ({"name": "a", "size": 1, "colour": "red"}, Row),
    ],
)  # fmt: skip
def test_what_has_its_shape(value: Any, annotation: Any) -> None:
    assert misfit(value, schema_of(annotation)) == ""


@pytest.mark.parametrize(
    ("value", "annotation", "told"),
    [
        (1, str, "value: string"), (True, int, "value: int"), (1, float, "value: double"), (None, int, "value: int"),
        (2**63, int, "value: int"), (-(2**63) - 1, int, "value: int"), (b"", str, "value: string"),
        ((1,), tuple[int, ...], "value: list"), ([1, "2"], tuple[int, ...], "value[1]: int"),
        ([], dict[str, int], "value: map"), ({"a": "1"}, dict[str, int], "value[…]: int"),
        ([], Row, "value: Row"), ({"name": "a", "size": 1}, Row, "value: Row"),
        ({"name": "a", "size": "1", "colour": "red"}, Row, "value.size: int"),
    ],
)  # fmt: skip
def test_where_a_value_does_not_have_its_shape(value: Any, annotation: Any, told: str) -> None:
    assert misfit(value, schema_of(annotation)) == told
