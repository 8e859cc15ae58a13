"""Programs that still run from files that are gone."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.stale_programs import StaleProgram, parse_stale

NAMES = "1 systemd\n20 nginx\n21 nginx\n30 old tool"
SPACES = "1 pid:[1]\n20 pid:[1]\n21 pid:[1]\n30 pid:[2]"


def stale(maps: str, names: str = NAMES, spaces: str = SPACES) -> tuple[StaleProgram, ...]:
    return parse_stale(f"@@ spaces\n{spaces}\n@@ names\n{names}\n@@ maps\n{maps}\n@@ end\n")


def test_processes_of_one_name_are_one_program() -> None:
    maps = "20 /usr/lib/libssl.so.3\n21 /usr/lib/libssl.so.3\n21 /usr/lib/libc.so.6"
    assert stale(maps) == (StaleProgram("nginx", ("/usr/lib/libc.so.6", "/usr/lib/libssl.so.3")),)


def test_what_runs_in_a_container_does_not_count() -> None:
    assert stale("30 /usr/lib/libssl.so.3") == ()


@pytest.mark.parametrize(("names", "spaces"), [("20 nginx", SPACES), (NAMES, "20 pid:[1]")])
def test_without_process_1_it_is_a_gap(names: str, spaces: str) -> None:
    with pytest.raises(GapFound):
        stale("", names, spaces)


def test_a_list_that_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_stale("@@ names\n1 init\n")
