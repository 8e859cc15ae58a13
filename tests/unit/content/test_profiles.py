"""Profiles may tighten, never loosen."""

from typing import Any

import pytest

from secaudit.content.profiles import is_at_least_as_strict, read_profile
from secaudit.errors import ContentError
from secaudit.model.content import Check, Parameter, Profile
from secaudit.model.text import Text
from tests.unit.content.samples import CHECK, ID, Folder

PROFILE = """\
level: 3
title: {zh: 严格, en: Strict}
parameters:
  linux.identity.password_max_age: {max_days: 60}
"""


@pytest.fixture
def checks(folder: Folder) -> dict[str, Check]:
    folder.write(CHECK)
    return dict(folder.load().checks)


def complaint(folder: Folder, checks: dict[str, Check], text: str) -> str:
    """What is said against a profile."""
    path = folder.write(text, "strict.yaml", "profiles")
    with pytest.raises(ContentError) as caught:
        read_profile(path, checks)
    return str(caught.value).removeprefix(str(path))


def test_a_profile_is_what_its_file_says(folder: Folder, checks: dict[str, Check]) -> None:
    path = folder.write(PROFILE, "strict.yaml", "profiles")
    expected = Profile("strict", 3, Text("严格", "Strict"), {ID: {"max_days": 60}}, heavy_searches=True)
    assert read_profile(path, checks) == expected


@pytest.mark.parametrize(
    ("level", "said", "heavy"),
    [(2, "", False), (3, "", True), (2, "heavy_searches: true", True), (4, "heavy_searches: false", False)],
)
def test_all_files_are_searched_from_level_three_on_or_as_the_profile_says(
    folder: Folder, checks: dict[str, Check], level: int, said: str, heavy: bool
) -> None:
    path = folder.write(f"{PROFILE.replace('level: 3', f'level: {level}')}\n{said}\n", "own.yaml", "profiles")
    assert read_profile(path, checks).heavy_searches is heavy


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("max_days: 60", "max_days: 120", "stricter: lower than the default 90 (read: 120)"),
        ("max_days: 60", "max_days: sixty", "int expected (read: 'sixty')"),
        ("max_days: 60", "max_days: true", "int expected (read: True)"),
        ("max_days: 60", "days: 60", "no such parameter"),
        ("password_max_age", "password_max", "no such check"),
        ("level: 3", "level: 5", ":1: level: one of 1, 2, 3 or 4 expected"),
        ("title:", "titel:", "unknown field"),
        ("title:", "heavy_searches: 1\ntitle:", "heavy_searches"),
    ],
)
def test_mistakes_are_named(
    folder: Folder, checks: dict[str, Check], old: str, new: str, expected: str
) -> None:
    assert expected in complaint(folder, checks, PROFILE.replace(old, new))


def test_a_loosening_names_its_line(folder: Folder, checks: dict[str, Check]) -> None:
    assert complaint(folder, checks, PROFILE.replace("60", "91")).startswith(":4: parameters.")


@pytest.mark.parametrize(
    ("default", "direction", "stricter", "looser"),
    [
        (90, "lower", 60, 91),
        (90, "lower", 90, 91),
        (8, "higher", 12, 7),
        (False, "higher", True, None),
        (True, "lower", False, None),
        (["a", "b"], "subset", ["a"], ["a", "c"]),
        (["a"], "superset", ["a", "b"], ["b"]),
        ("x", "fixed", "x", "y"),
    ],
)
def test_directions(default: Any, direction: str, stricter: Any, looser: Any) -> None:
    parameter = Parameter(default, direction, "source")
    assert is_at_least_as_strict(parameter, stricter)
    if looser is not None:
        assert not is_at_least_as_strict(parameter, looser)
