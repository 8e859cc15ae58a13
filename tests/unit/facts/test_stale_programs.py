"""Programs that still run from files that are gone."""

import subprocess
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.stale_programs import STALE, StaleProgram, parse_stale
from tests.unit.facts.tool_sets import ToolSet, tool_sets

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


@pytest.mark.parametrize("tools", tool_sets(), ids=lambda tools: tools.name)
def test_a_process_that_ends_meanwhile_hides_no_other(tools: ToolSet, tmp_path: Path) -> None:
    maps = "7f0-7f1 r-xp 00000000 08:01 131 /usr/lib/libssl.so.3 (deleted)\n"
    for pid, name in (("1", "init"), ("20", "gone"), ("30", "nginx")):
        (tmp_path / pid / "ns").mkdir(parents=True)
        (tmp_path / pid / "ns/pid").symlink_to("pid:[1]")
        (tmp_path / pid / "comm").write_text(f"{name}\n")
        (tmp_path / pid / "maps").write_text(maps if name == "nginx" else "")
    (tmp_path / "20/maps").unlink()
    (tmp_path / "20/maps").symlink_to("gone")  # the shell still finds its name
    command = STALE.command.replace("/proc/[0-9]", "[0-9]").replace("part[3]", "part[1]")
    command = command.replace("^/proc/", "^")
    path = {"PATH": f"{tools.folder}:/usr/bin:/bin".lstrip(":"), "LC_ALL": "C"}
    done = subprocess.run(
        [tools.shell, "-c", command], cwd=tmp_path, env=path, capture_output=True, check=False
    )
    assert parse_stale(done.stdout.decode()) == (StaleProgram("nginx", ("/usr/lib/libssl.so.3",)),)
