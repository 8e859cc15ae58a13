"""The lists name checks that there are, and a check that is placed twice or nowhere is told."""

import pytest

from tests.content import inventory
from tests.left_out import reasons
from tests.left_out.reasons import LeftOut


@pytest.mark.parametrize("name", reasons.LISTS)
def test_a_list_names_checks_that_there_are(name: str) -> None:
    assert reasons.read(name).astray(inventory.of_linux()) == []


def test_every_list_of_the_folder_is_read() -> None:
    assert sorted(file.stem for file in reasons.FOLDER.glob("*.yaml")) == sorted(reasons.LISTS)


def test_a_check_is_done_or_left_out_and_not_both() -> None:
    left = LeftOut({"no disks": ("a.disk_*",), "no kernel": ("a.kernel", "a.disk_one")})
    checks = ("a.disk_one", "a.disk_two", "a.kernel", "a.users", "a.new")
    assert left.undecided(checks, done=("a.users", "a.kernel")) == {
        "a.disk_one": 2,
        "a.kernel": 2,
        "a.new": 0,
    }
    assert left.astray(checks) == []
    assert left.astray(("a.kernel",)) == ["a.disk_*", "a.disk_one"]
