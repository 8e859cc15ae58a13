"""The changelog: each section once, nothing twice, as lines that were merged from two sides might be."""

import re
from collections import Counter
from pathlib import Path

TEXT = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
RELEASES = re.split(r"^## ", TEXT, flags=re.M)[1:]
SECTIONS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Content"}


def twice(found: list[str]) -> list[str]:
    return [one for one, times in Counter(found).items() if times > 1]


def test_nothing_is_said_twice() -> None:
    assert twice([line for line in TEXT.splitlines() if line.strip()]) == []


def test_a_release_has_each_section_once_and_each_of_them_says_something() -> None:
    for release in RELEASES:
        sections = re.split(r"^### ", release, flags=re.M)[1:]
        names = [section.partition("\n")[0] for section in sections]
        assert twice(names) == []
        assert set(names) <= SECTIONS
        assert [name for name, section in zip(names, sections, strict=True) if "\n- " not in section] == []


def test_every_line_is_an_entry_or_goes_on_with_one() -> None:
    for release in RELEASES:
        lines = release.splitlines()[1:]
        assert [line for line in lines if line and not re.match(r"(- | {2,}|#{3,4} )\S", line)] == []
