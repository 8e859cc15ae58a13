"""Login screens that tell who has accounts."""

from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.login_screen import SCREENS, login_screens
from tests.unit.facts.answers import in_root

LIGHTDM = "/etc/lightdm/lightdm.conf"


def file(path: str, *lines: str) -> str:
    return f"#+ {path}\n#= {path}\n" + "".join(f" {line}\n" for line in lines)


def found(manager: str, *files: str, newer: str = "") -> list[tuple[str, bool]]:
    text = f"@@ files\n{''.join(files)}@@ newer\n{newer}\n@@ end\n"
    return [(screen.setting, screen.hides) for screen in login_screens(text, {manager, "ssh"})]


@pytest.mark.parametrize(
    ("lines", "setting", "hides"),
    [
        ((), "greeter-hide-users=false", False),
        (("greeter-hide-users=true",), "greeter-hide-users=true", True),
        (("greeter-hide-users=true", "greeter-hide-users=false"), "greeter-hide-users=false", False),
    ],
)
def test_lightdm(lines: tuple[str, ...], setting: str, hides: bool) -> None:
    assert found("lightdm", file(LIGHTDM, *lines)) == [(setting, hides)]


def test_the_file_itself_is_stronger_than_its_folder() -> None:
    folder = file("/etc/lightdm/lightdm.conf.d/50-hide.conf", "greeter-hide-users=true")
    assert found("lightdm", folder, file(LIGHTDM, "greeter-hide-users=false")) == [
        ("greeter-hide-users=false", False)
    ]


@pytest.mark.parametrize(
    ("path", "newer", "hides"),
    [
        ("/etc/gdm3/greeter.dconf-defaults", "", True),
        ("/etc/dconf/db/gdm.d/00-login", "made", True),
        ("/etc/dconf/db/gdm.d/00-login", "", False),  # dconf update was never run
        ("/etc/dconf/db/gdm.d/00-login", "made\n/etc/dconf/db/gdm.d/00-login", False),
        ("/etc/lightdm/lightdm.conf", "made", False),
    ],
)
def test_gdm(path: str, newer: str, hides: bool) -> None:
    assert [row[1] for row in found("gdm3", file(path, "disable-user-list=true"), newer=newer)] == [hides]


def test_sddm_remembers_by_itself() -> None:
    assert found("sddm") == [("RememberLastUser=true", False)]
    assert found("sddm", file("/etc/sddm.conf", "rememberlastuser=false")) == [
        ("RememberLastUser=false", True)
    ]


def test_a_server_has_none() -> None:
    assert found("cron", file(LIGHTDM, "greeter-hide-users=false")) == []


def test_what_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        login_screens("@@ files\n", {"gdm"})


def test_the_probe(tmp_path: Path) -> None:
    folder = tmp_path / "etc/lightdm"
    folder.mkdir(parents=True)
    (folder / "lightdm.conf").write_text(
        "[Seat:*]\n#greeter-hide-users=true\nGreeter-Hide-Users\t= True\nautologin-user=CANARY\n"
    )
    text = in_root(tmp_path, SCREENS)
    assert "CANARY" not in text
    assert text.count("greeter-hide-users") == 1
    assert " greeter-hide-users=true\n" in text
