"""Whether freed memory is wiped, and which booleans of SELinux are on."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.freed_memory import FREED, FreedMemory, build_freed, parse_freed
from secaudit.facts.selinux_booleans import SelinuxBooleans, parse_booleans
from tests.unit.facts.answers import evidence

ON = "CONFIG_INIT_ON_FREE_DEFAULT_ON=y"


def text(start: str, built: str) -> str:
    return f"@@ start\n{start}\n@@ built\n{built}\n@@ end\n"


@pytest.mark.parametrize(
    ("start", "built", "wiped", "by"),
    [
        ("init_on_free=1", "", True, "command line"),
        ("init_on_free=1\ninit_on_free=0", f"known\n{ON}", False, "command line"),
        ("", f"known\n{ON}", True, "build"),
        ("", "known", False, "nothing"),
        ("init_on_free=maybe", "known", False, "nothing"),
    ],
)
def test_freed_memory(start: str, built: str, wiped: bool, by: str) -> None:
    assert build_freed(evidence({FREED: text(start, built)})) == FreedMemory(wiped, by)


@pytest.mark.parametrize("said", ["@@ start\n", text("", ""), text("init_on_free=", "")])
def test_what_is_not_told_is_a_gap(said: str) -> None:
    with pytest.raises(GapFound):
        parse_freed(said)


PLACE = "/sys/fs/selinux/booleans"


def test_booleans_in_force() -> None:
    lines = f"selinux\n{PLACE}/ftpd_full_access:1 1\n{PLACE}/httpd_execmem:0 1\n{PLACE}/a:1\nend\n"
    assert parse_booleans(lines) == SelinuxBooleans(True, ("a", "ftpd_full_access"))


def test_no_selinux() -> None:
    assert parse_booleans("end\n") == SelinuxBooleans(False, ())


@pytest.mark.parametrize(
    "said", ["", "selinux\n", f"selinux\n{PLACE}/a\nend\n", f"selinux\n{PLACE}/a:x\nend\n"]
)
def test_booleans_that_are_cut_off(said: str) -> None:
    with pytest.raises(GapFound):
        parse_booleans(said)
