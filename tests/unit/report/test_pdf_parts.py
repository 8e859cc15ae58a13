"""What fills more than one file is cut into parts: all of it, in order, none above the limit that can be cut."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.report.pdf_parts import parts_of, rows_of, starts_of


def problem(*groups: int) -> dict[str, Any]:
    return {"groups": [{"offenders": list(range(count))} for count in groups]}


def view(**lists: Any) -> dict[str, Any]:
    return {"assets": [], "problems": [], "gaps": [], "tables": [], "items": [], "manual": ["q"], **lists}


def test_the_longest_section_goes_first_and_the_rest_stays() -> None:
    items = [{"steps": [1], "groups": []}]
    found = parts_of(view(problems=[problem(3)] * 4, items=items), 10)
    assert [(part.section, part.first, part.last, part.all) for part in found] == [
        ("problems", 1, 2, 4),
        ("problems", 3, 4, 4),
    ]
    assert [part.view["manual"] for part in found] == [["q"], []]
    assert starts_of(found) == {"problems": {1: 2, 2: 2, 3: 3, 4: 3}}


def test_what_has_room_has_no_parts() -> None:
    assert parts_of(view(problems=[problem(3)]), 5) == []


def test_one_that_fills_more_than_a_part_is_cut_within() -> None:
    found = parts_of(view(problems=[problem(1, 2, 3, 4)]), 6)
    assert [[len(g["offenders"]) for g in part.view["problems"][0]["groups"]] for part in found] == [
        [1, 2],
        [3],
        [4],
    ]
    assert {(part.first, part.last) for part in found} == {(1, 1)}
    assert starts_of(found) == {"problems": {1: 2}}


@pytest.mark.parametrize("key", ["gaps", "tables"])
def test_every_long_section_is_cut(key: str) -> None:
    entries: dict[str, Any] = {
        "gaps": {"places": [1] * 9},
        "tables": {"facts": {"ports": {"value": [1] * 9}}},
    }
    found = parts_of(view(**{key: [entries[key]] * 3}), 12)
    assert [part.last for part in found] == [1, 2, 3]


@given(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=6), max_size=12), st.integers(11, 40))
def test_nothing_is_lost_and_no_part_is_too_long(groups: list[list[int]], most: int) -> None:
    whole = view(problems=[problem(*counts) for counts in groups])
    found = parts_of(whole, most)
    if rows_of(whole) <= most:
        assert found == []
        return
    told = [group for part in found for one in part.view["problems"] for group in one["groups"]]
    assert told == [group for one in whole["problems"] for group in one["groups"]]
    assert all(rows_of(part.view) <= most for part in found)
