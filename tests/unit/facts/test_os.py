"""Which operating system runs, on the os-release files of some four hundred releases."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.os import parse_os_release
from tests.unit.facts.recordings import PUBLIC, public


@pytest.mark.parametrize(
    ("path", "id_", "version"),
    [
        ("debian/12", "debian", "12"),
        ("openEuler/24.03", "openeuler", "24.03"),
        ("centos/7", "centos", "7"),
        ("sles/15.3", "sles", "15.3"),
        ("alpine/3.10.9", "alpine", "3.10.9"),
    ],
)
def test_public_releases(path: str, id_: str, version: str) -> None:
    fact = parse_os_release(public(f"os-release/{path}"))
    assert (fact.id, fact.version) == (id_, version)
    assert fact.name


def test_every_public_file_names_an_id() -> None:
    public("os-release/LICENSE")
    files = [
        f
        for f in (PUBLIC / "os-release").rglob("*")
        if f.is_file() and f.suffix != ".md" and f.name != "LICENSE"
    ]
    assert len(files) > 300
    for file in files:
        with contextlib.suppress(GapFound):
            assert parse_os_release(file.read_text(errors="backslashreplace")).id


def test_quotes_comments_and_relatives() -> None:
    fact = parse_os_release(
        '# x\nID=\'UOS\'\nID_LIKE="debian  deepin"\nPRETTY_NAME="UnionTech OS \\"20\\""\n'
    )
    assert (fact.id, fact.like, fact.version, fact.name) == (
        "uos",
        ("debian", "deepin"),
        "",
        'UnionTech OS "20"',
    )


def test_no_id_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_os_release("NAME=x\n")


@given(st.text() | st.lists(st.text(max_size=9), max_size=4).map(lambda w: "ID=" + "\nVERSION_ID=".join(w)))
def test_any_text_is_a_value_or_a_gap(text: str) -> None:
    with contextlib.suppress(GapFound):
        parse_os_release(text)
