"""Which drivers may be loaded, by what modprobe.d says in the end."""

from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.kernel_modules import MODULES_PROBE, parse_modules
from tests.unit.facts.answers import in_root


def state(
    *named: tuple[str, str],
    available: str = "/usb-storage.ko.xz:",
    loaded: str = "",
    builtin: str = "",
    more: str = "",
) -> dict[str, str]:
    marks = "".join(f"#+ {path}\n" for path, _ in named)
    texts = "".join(
        f"#= {path}\n" + "".join(f" {line}\n" for line in text.splitlines()) for path, text in named
    )
    text = (
        f"@@ available\n{available}\n@@ builtin\n{builtin}\n@@ loaded\n{loaded}\n{more}@@ disabled\n0\n"
        f"@@ files\n{marks}{texts}@@ end\n"
    )
    return {m.name: m.state for m in parse_modules(text)}


def test_what_nothing_forbids_may_be_loaded() -> None:
    assert state(available="/cramfs.ko.xz:\n/udf.ko:") == {"cramfs": "loadable", "udf": "loadable"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("install usb-storage nothing", "blocked"),
        ("install usb_storage nothing", "blocked"),
        ("blacklist usb-storage", "blacklisted"),
        ("blacklist usb-storage\ninstall usb-storage nothing", "blocked"),
        ("install usb-storage command", "loadable"),
        ("install usb-storage command\ninstall usb-storage nothing", "loadable"),
        ("install Usb-Storage nothing", "loadable"),
    ],
)
def test_forms_of_a_line(lines: str, expected: str) -> None:
    assert state(("/etc/modprobe.d/a.conf", lines))["usb_storage"] == expected


def test_loaded_or_built_in_is_not_blocked() -> None:
    block = ("/etc/modprobe.d/a.conf", "install usb-storage nothing")
    assert state(block, loaded="usb_storage ")["usb_storage"] == "loaded"
    assert state(block, builtin="/usb-storage.ko")["usb_storage"] == "built in"


def test_a_file_in_etc_hides_its_namesake() -> None:
    found = state(("/etc/modprobe.d/a.conf", ""), ("/lib/modprobe.d/a.conf", "install usb-storage nothing"))
    assert found["usb_storage"] == "loadable"


def test_busybox_knows_no_install_lines() -> None:
    found = state(("/etc/modprobe.d/a.conf", "install usb-storage nothing"), more="@@ busybox\nyes\n")
    assert found["usb_storage"] == "loadable"


def test_a_container_has_no_modules() -> None:
    assert state(available="") == {}


def test_a_list_that_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_modules("@@ available\n")


def test_the_probe_shows_no_command(tmp_path: Path) -> None:
    folder = tmp_path / "etc/modprobe.d"
    folder.mkdir(parents=True)
    (folder / "a.conf").write_text(
        "# install usb-storage /bin/false\ninstall usb-storage \\\n /bin/false\ninstall udf /bin/sh -c CANARY\n"
        "\tblacklist  cramfs\noptions sctp x=1\n"
    )
    text = in_root(tmp_path, MODULES_PROBE, steady=False)
    assert "CANARY" not in text
    shown = [line for line in text.splitlines() if line.startswith(" ")]
    assert shown == [" install usb-storage nothing", " install udf command", " blacklist cramfs"]
