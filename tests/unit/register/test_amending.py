"""Changing files that people edit: what is not changed stays as it is written."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from secaudit.document.reader import Place, parse_document
from secaudit.errors import UsageError
from secaudit.register.amending import ABSENT, amended

FILE = """\
# head
id: oa # the id
name: 'OA' # its name
organisation: office

# what it is
description: |
  one
  two
assets:
  # first
  - id: web1 # web
    kind: linux
    reach: {transport: ssh, user: audit} # how
    services:
      - {port: 443, purpose: HTTPS}
    # end of web1
  - {id: db, kind: database, zone: lan}
  -
    id: app
    reach:
      transport: ssh
      user: audit
# last
data_sets: []
"""


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({("name",): "协同"}, "name: 'OA' #", 'name: "协同" #'),
        ({("description",): "x"}, "description: |\n  one\n  two\n", 'description: "x"\n'),
        ({("name",): ABSENT}, "name: 'OA' # its name\n", ""),
        ({("description",): ABSENT}, "description: |\n  one\n  two\n", ""),
        ({("filed_on",): "2026-01-02"}, "data_sets: []\n", 'data_sets: []\nfiled_on: "2026-01-02"\n'),
        ({("assets", 0, "id"): "w"}, "- id: web1 #", '- id: "w" #'),
        ({("assets", 0, "kind"): ABSENT}, "    kind: linux\n", ""),
        ({("assets", 0, "id"): ABSENT}, "- id: web1 # web\n    kind", "- kind"),
        ({("assets", 0, "reach", "user"): "root"}, "user: audit} #", 'user: "root"} #'),
        ({("assets", 0, "reach", "port"): 22}, "audit} #", "audit, port: 22} #"),
        ({("assets", 0, "reach", "user"): ABSENT}, "{transport: ssh, user: audit} #", "{transport: ssh} #"),
        (
            {("assets", 0, "services"): [{"port": 80}]},
            "services:\n      - {port: 443, purpose: HTTPS}\n",
            'services: [{"port": 80}]\n',
        ),
        ({("assets", 0, "zone"): "dmz"}, "purpose: HTTPS}\n", 'purpose: HTTPS}\n    zone: "dmz"\n'),
        ({("assets", 1, "zone"): ABSENT}, ", zone: lan}", "}"),
        ({("assets", 1, "name"): "库"}, "zone: lan}", 'zone: lan, name: "库"}'),
        (
            {("assets", 2, "reach", "port"): 1, ("assets", 2, "zone"): "z"},
            "      user: audit\n# last",
            '      user: audit\n      port: 1\n    zone: "z"\n# last',
        ),
    ],
)
def test_only_what_is_meant_changes(changes: dict[Place, Any], old: str, new: str) -> None:
    assert FILE.count(old) == 1
    assert amended(FILE, changes, "f") == FILE.replace(old, new)


def test_many_changes_at_once_and_none() -> None:
    changes = {
        ("name",): "N",
        ("organisation",): ABSENT,
        ("assets", 1, "zone"): ABSENT,
        ("assets", 1, "name"): "x",
        ("assets", 2, "reach"): {"transport": "none"},
    }
    data = parse_document(amended(FILE, changes, "f"), "").data
    assert (data["name"], "organisation" in data) == ("N", False)
    assert data["assets"][1] == {"id": "db", "kind": "database", "name": "x"}
    assert data["assets"][2]["reach"] == {"transport": "none"}
    assert amended(FILE, {}, "f") == FILE


def test_a_file_without_an_end_of_line_and_with_those_of_windows() -> None:
    assert amended("id: a", {("name",): "b"}, "f") == 'id: a\nname: "b"\n'
    assert amended("id: a\r\nx: 1\r\n", {("x",): 2, ("y",): 3}, "f") == "id: a\r\nx: 2\r\ny: 3\r\n"


def test_what_cannot_be_changed_is_shown_and_left() -> None:
    with pytest.raises(UsageError, match="change it by hand") as caught:
        amended("? id\n: a\n", {("id",): "b"}, "f")
    assert 'id: "b"' in str(caught.value)


@given(st.text(min_size=1, max_size=30))
def test_any_text_is_what_the_file_says_then_or_nothing_is_changed(value: str) -> None:
    try:
        text = amended(FILE, {("assets", 0, "zone"): value, ("name",): value}, "f")
    except UsageError:
        return
    data = parse_document(text, "").data
    assert (data["name"], data["assets"][0]["zone"]) == (value, value)


VALUES = st.one_of(
    st.text(alphabet="ab1:#'\"{}[],&*!|>%@-\n 涉é", max_size=8),
    st.integers(-5, 5),
    st.booleans(),
    st.lists(st.fixed_dictionaries({"p": st.integers(0, 9)}), min_size=1, max_size=2),
)
RECORDS = st.dictionaries(st.sampled_from("abcdef"), VALUES, max_size=4)


@given(
    RECORDS,
    st.lists(RECORDS.map(lambda record: {"id": "x", **record}), min_size=1, max_size=3),
    st.dictionaries(
        st.tuples(st.sampled_from([(), ("items", 0), ("items", -1)]), st.sampled_from("abcdef")),
        st.one_of(st.none(), VALUES),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([None, False]),
    st.booleans(),
)
def test_any_changes_of_any_file_are_what_it_says_then_or_it_is_left(
    head: dict[str, Any],
    items: list[dict[str, Any]],
    wanted: dict[tuple[Place, str], Any],
    flow: bool | None,
    ended: bool,
) -> None:
    text = yaml.safe_dump(
        {**head, "items": items}, allow_unicode=True, default_flow_style=flow, sort_keys=False
    )
    text = text if ended else text.rstrip("\n")
    changes: dict[Place, Any] = {}
    for (place, name), value in wanted.items():
        around = (place[0], len(items) - 1) if place[1:] == (-1,) else place
        changes[(*around, name)] = value
    meant = parse_document(text, "").data
    for place, value in changes.items():
        record = meant if len(place) == 1 else meant["items"][place[1]]
        record.pop(place[-1], None)
        if value is not None:
            record[place[-1]] = value
    try:
        said = parse_document(amended(text, changes, "f"), "").data
    except UsageError:
        return
    assert said == meant
