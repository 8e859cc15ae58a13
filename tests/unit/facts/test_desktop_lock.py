"""After how long desktops lock themselves."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.desktop_lock import LOCKS, LOCKS_USERS, DesktopLock, desktop_locks, desktop_of
from secaudit.facts.fact import GapFound
from tests.unit.facts.answers import in_root

SESSION, SAVER = "org/gnome/desktop/session", "org/gnome/desktop/screensaver"
LOCAL = "/etc/dconf/db/local.d"
OVERRIDE = "/usr/share/glib-2.0/schemas/50_office.gschema.override"
KDE = "/etc/xdg/kscreenlockerrc"


def file(path: str, *lines: str) -> str:
    return f"#+ {path}\n#= {path}\n" + "".join(f" {line}\n" for line in lines)


def answer(*files: str, session: str = "gnome", profile: str = "system-db:local", stale: str = "") -> str:
    return (
        f"@@ sessions\n{session}\n@@ profile\nuser-db:user\n{profile}\n@@ made\nlocal\n"
        f"@@ stale\n{stale}\n@@ files\n{''.join(files)}@@ end\n"
    )


def only(text: str, changed: str = "") -> DesktopLock:
    (row,) = desktop_locks(text, f"{changed}end\n", {"gdm3", "ssh"})
    return row


def test_gnome_locks_after_five_minutes_by_itself() -> None:
    assert only(answer()) == DesktopLock("GNOME", 300, "default", False, (), True)


@pytest.mark.parametrize(
    ("files", "after_s", "fixed"),
    [
        ((file(f"{LOCAL}/00-a", f"{SESSION} idle-delay=uint32 900"),), 900, False),
        ((file(f"{LOCAL}/00-a", f"{SESSION} idle-delay=uint32 0"),), 0, False),
        ((file(f"{LOCAL}/00-a", f"{SAVER} lock-enabled=false"),), 0, False),
        ((file(f"{LOCAL}/00-a", f"{SAVER} idle-activation-enabled=false"),), 0, False),
        ((file(f"{LOCAL}/00-a", "org/gnome/desktop/lockdown disable-lock-screen=true"),), 0, False),
        ((file(f"{LOCAL}/00-a", f"{SAVER} lock-delay=uint32 3600"),), 3900, False),
        (
            (
                file(f"{LOCAL}/00-a", f"{SESSION} idle-delay=uint32 60"),
                file(f"{LOCAL}/10-b", f"{SESSION} idle-delay=uint32 900"),
            ),
            900,
            False,
        ),
        ((file(f"{LOCAL}/00-a", "org/mate/desktop/session idle-delay=0"),), 300, False),
        ((file("/etc/dconf/db/site.d/00-a", f"{SESSION} idle-delay=uint32 0"),), 300, False),
        ((file(OVERRIDE, "org.gnome.desktop.session idle-delay=0"),), 0, False),
        (
            (
                file(OVERRIDE, "org.gnome.desktop.session idle-delay=0"),
                file(f"{LOCAL}/00-a", f"{SESSION} idle-delay=uint32 300"),
            ),
            300,
            False,
        ),
        (
            (
                file(
                    f"{LOCAL}/locks/00",
                    f"lock /{SESSION}/idle-delay",
                    f"lock /{SAVER}/lock-enabled",
                    f"lock /{SAVER}/lock-delay",
                ),
            ),
            300,
            True,
        ),
        ((file(f"{LOCAL}/locks/00", f"lock /{SESSION}/idle-delay"),), 300, False),
    ],
)
def test_what_dconf_says(files: tuple[str, ...], after_s: int, fixed: bool) -> None:
    row = only(answer(*files))
    assert (row.after_s, row.fixed, row.told) == (after_s, fixed, True)


def test_a_folder_that_the_profile_does_not_name_is_nothing() -> None:
    text = answer(file(f"{LOCAL}/00-a", f"{SESSION} idle-delay=uint32 0"), profile="")
    assert only(text) == DesktopLock("GNOME", 300, "default", False, (), True)


@pytest.mark.parametrize("stale", ["local", "/usr/share/glib-2.0/schemas/"])
def test_what_was_written_after_the_last_update_is_not_told(stale: str) -> None:
    path = f"{LOCAL}/00-a" if stale == "local" else OVERRIDE
    section = SESSION if stale == "local" else "org.gnome.desktop.session"
    assert not only(answer(file(path, f"{section} idle-delay=uint32 300"), stale=stale)).told
    assert only(answer(stale=stale)).told


def test_users_who_changed_what_is_not_locked() -> None:
    changed = "dconf ann idle-delay\ndconf ben lock-enabled\n"
    assert only(answer(), changed).changed_by == ("ann", "ben")
    locks = file(f"{LOCAL}/locks/00", f"lock /{SESSION}/idle-delay")
    assert only(answer(locks), changed).changed_by == ("ben",)
    assert only(answer(locks, stale="local"), changed).changed_by == ("ann", "ben")


@pytest.mark.parametrize(
    ("session", "stale", "expected"),
    [
        ("ukui", "", DesktopLock("UKUI", 300, "default", False, (), True)),
        ("ukui", "ukui", DesktopLock("UKUI", 0, "", False, (), False)),
        ("mate", "", DesktopLock("MATE", 300, "default", False, (), True)),
        ("cinnamon2d", "", DesktopLock("Cinnamon", 900, "default", False, (), True)),
        ("deepin", "", DesktopLock("deepin", 0, "", False, (), False)),
        ("plasmawayland", "", DesktopLock("KDE Plasma", 305, "default", False, (), True)),
    ],
)
def test_desktops(session: str, stale: str, expected: DesktopLock) -> None:
    assert only(answer(session=session, stale=stale)) == expected


@pytest.mark.parametrize(
    ("lines", "after_s", "fixed"),
    [
        (("Daemon Timeout=10", "Daemon LockGrace=0"), 600, False),
        (("Daemon Autolock=false",), 0, False),
        (("Daemon Timeout=0",), 0, False),
        (("Greeter Timeout=10",), 305, False),
        (("[Daemon][$i] Timeout=5", "[Daemon][$i] Autolock=true", "[Daemon][$i] LockGrace=0"), 300, True),
        (("Daemon Timeout[$i]=5",), 305, False),
    ],
)
def test_plasma(lines: tuple[str, ...], after_s: int, fixed: bool) -> None:
    row = only(answer(file(KDE, *lines), session="plasma"), "kde ann kscreenlockerrc\n")
    assert (row.after_s, row.fixed, row.changed_by) == (after_s, fixed, () if fixed else ("ann",))


def test_without_a_graphical_login_there_is_none() -> None:
    assert desktop_locks(answer(), "end\n", {"ssh"}) == ()
    assert desktop_locks("@@ sessions\n@@ end\n", "end\n", {"lightdm"}) == ()
    assert desktop_locks(answer(session="lightdm-xsession"), "end\n", {"lightdm"}) == ()
    assert desktop_of("ubuntu-xorg") == "GNOME"


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("@@ sessions\ngnome\n", "end\n"),
        (answer(), "dconf ann idle-delay\n"),
        (answer(file(f"{LOCAL}/00-a", f"{SESSION} idle-delay='soon'")), "end\n"),
        (answer(file(KDE, "Daemon Timeout=five"), session="kde"), "end\n"),
    ],
)
def test_what_is_cut_off_or_strange_is_a_gap(text: str, changed: str) -> None:
    with pytest.raises(GapFound):
        desktop_locks(text, changed, {"gdm"})


@given(st.text(max_size=80), st.sampled_from(["gnome", "kde", "ukui", "mate"]))
def test_any_text_is_a_value_or_a_gap(text: str, session: str) -> None:
    try:
        desktop_locks(answer(file(f"{LOCAL}/a", text), file(KDE, text), session=session), text, {"sddm"})
        desktop_locks(text, text, {"sddm"})
    except GapFound:
        return


def test_the_probe(tmp_path: Path) -> None:
    for folder in ("usr/share/xsessions", "etc/dconf/profile", "etc/dconf/db/local.d/locks", "etc/xdg"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "usr/share/xsessions/ukui.desktop").write_text("[Desktop Entry]\n")
    (tmp_path / "etc/dconf/profile/user").write_text("user-db:user # first\n  system-db:local\n")
    settings = tmp_path / "etc/dconf/db/local.d/00-lock"
    settings.write_text(
        "[org/ukui/desktop/session]\n#idle-delay=0\n\tidle-delay = 3\r\nname='CANARY'\n"
        "[org/ukui/screensaver]\nlock-enabled=true\n"
    )
    locks = tmp_path / "etc/dconf/db/local.d/locks/lock"
    locks.write_text("/org/ukui/desktop/session/idle-delay\n# /org/ukui/screensaver/lock-enabled\n")
    for path in (settings, locks, settings.parent, locks.parent):
        os.utime(path, (1, 1))
    (tmp_path / "etc/dconf/db/local").write_bytes(b"GVariant")
    os.utime(tmp_path / "etc/dconf/db/local", (2, 2))
    text = in_root(tmp_path, LOCKS)
    assert "CANARY" not in text
    (row,) = desktop_locks(text, "dconf ann lock-enabled\nend\n", {"lightdm"})
    assert (row.desktop, row.after_s, row.changed_by, row.told) == ("UKUI", 180, ("ann",), True)
    settings.write_text("[org/ukui/desktop/session]\nidle-delay=0\n")
    (row,) = desktop_locks(in_root(tmp_path, LOCKS), "end\n", {"lightdm"})
    assert not row.told


def test_who_has_settings_of_his_own(tmp_path: Path) -> None:
    sessions = tmp_path / "usr/share/xsessions"
    sessions.mkdir(parents=True)
    home = tmp_path / "home/ann/.config/dconf"
    home.mkdir(parents=True)
    (home / "user").write_bytes(b"GVariant\0\1idle-delay\0\0secret-key")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/passwd").write_text(f"ann:x:1000:1000::{tmp_path}/home/ann:/bin/bash\n")
    assert in_root(tmp_path, LOCKS_USERS) == "end\n"
    (sessions / "gnome.desktop").write_text("")
    assert in_root(tmp_path, LOCKS_USERS) == "dconf ann idle-delay\nend\n"
