"""Adding to files that people edit: comments, order and line ends stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.document.reader import parse_document
from secaudit.errors import UsageError
from secaudit.register.editing import with_fields, with_items

NEW = {"id": "new", "kind": "linux", "name": "新"}
BLOCK = "  - id: new\n    kind: linux\n    name: 新\n"


def _added(text: str) -> str:
    return with_items(text, "assets", [NEW], "f.yaml")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("id: a # one\n", "id: a # one\n\nassets:\n" + BLOCK),
        ("id: a", "id: a\n\nassets:\n" + BLOCK),
        ("assets: [] # none yet\nid: a\n", "assets: # none yet\n" + BLOCK + "id: a\n"),
        ("assets:\n# later\nid: a\n", "assets:\n" + BLOCK + "# later\nid: a\n"),
        (
            "assets:\n  # first\n  - id: x # x\n    # about x\n\n# sets\nid: a\n",
            "assets:\n  # first\n  - id: x # x\n    # about x\n" + BLOCK + "\n# sets\nid: a\n",
        ),
        ("assets:\n- {id: x}\n", "assets:\n- {id: x}\n- id: new\n  kind: linux\n  name: 新\n"),
        (
            "assets:\n  - {id: x,\n     name: y}\nid: a\n",
            "assets:\n  - {id: x,\n     name: y}\n" + BLOCK + "id: a\n",
        ),
        ("assets:\n  - id: x\n    name: |\n      a\n      b\nid: a\n", None),
        ("assets:\n  - id: x\n    services:\n      - {port: 1}", None),
    ],
)
def test_assets_are_added_and_nothing_else_changes(before: str, after: str | None) -> None:
    text = _added(before)
    assert after is None or text == after
    rest = text.replace(BLOCK, "")
    assert [line for line in before.splitlines() if line not in rest.splitlines()] in (
        [],
        ["assets: [] # none yet"],
    )
    assert parse_document(text, "").data["assets"][-1] == NEW


def test_line_ends_and_the_byte_order_mark_stay() -> None:
    text = _added("\ufeffassets:\r\n  - {id: x}\r\nid: a\r\n")
    assert text == "\ufeffassets:\r\n  - {id: x}\r\n" + BLOCK.replace("\n", "\r\n") + "id: a\r\n"


@pytest.mark.parametrize(
    "text", ["{id: a}\n", "assets: [{id: x}]\n", "assets: [\n  {id: x}\n]\n", '"assets": []\n']
)
def test_what_cannot_be_added_to_is_left_and_the_block_shown(text: str) -> None:
    with pytest.raises(UsageError, match="paste this") as caught:
        _added(text)
    assert BLOCK in str(caught.value)


def test_fields_are_added_at_the_end() -> None:
    assert with_fields("id: a # x", {"reason": "结束"}, "f") == "id: a # x\nreason: 结束\n"
    with pytest.raises(UsageError, match="paste this"):
        with_fields("id: a\nreason: x\n", {"reason": "y"}, "f")
    with pytest.raises(UsageError, match="paste this"):
        with_fields("{id: a}\n", {"reason": "y"}, "f")


@given(st.text(alphabet="ab12:.-#'\"{}[]&*!|>%@`~ \t=,é涉0x", min_size=1, max_size=12))
def test_any_text_survives_being_written(name: str) -> None:
    asset = {"id": name, "name": name}
    try:
        text = with_items("id: a # c\n", "assets", [asset], "f")
    except UsageError:
        return
    assert parse_document(text, "").data == {"id": "a", "assets": [asset]}
