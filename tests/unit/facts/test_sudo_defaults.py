"""Defaults of sudo: what is set, taken back, and left to the release."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.packages import Package
from secaudit.facts.sudo_defaults import ABSENT, NEVER_EXPIRES, SudoDefaults, parse_sudo_defaults
from secaudit.facts.sudo_probe import SUDOERS
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import in_root


def release(version: str) -> Sequence[Package]:
    return (Package("sudo", version, "amd64", "dpkg"),)


def defaults(root: Path, text: str, version: str = "1.9.13p3-1+deb12u1") -> SudoDefaults:
    (root / "etc").mkdir()
    (root / "etc/sudoers").write_text(f"{text}\nroot ALL=(ALL) ALL\n")
    return parse_sudo_defaults(in_root(root, SUDOERS), lambda: release(version))


@pytest.mark.parametrize(
    ("text", "version", "use_pty"),
    [
        ("Defaults use_pty", "1.8", True),
        ("Defaults\tuse_pty, env_reset", "1.8", True),
        ("# Defaults use_pty", "1.9.13p3-1", False),
        ("Defaults use_pty\nDefaults !use_pty", "1.9.13", False),
        ("", "1.9.13p3-1", False),
        ("", "1.9.14-1.el9", True),
        ("", "1:1.9.16p2-3", True),
        ("Defaults !use_pty", "1.9.16p2-3", False),
        ("defaults = ALL", "1.9.5p2", False),
    ],
)
def test_use_pty(tmp_path: Path, text: str, version: str, use_pty: bool) -> None:
    assert defaults(tmp_path, text, version).use_pty == use_pty


def test_an_unknown_release_that_says_nothing_is_a_gap(tmp_path: Path) -> None:
    with pytest.raises(GapFound):
        defaults(tmp_path, "Defaults env_reset", "unknown")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 900),
        ("Defaults timestamp_timeout=0", 0),
        ("Defaults timestamp_timeout = 2.5", 150),
        ("Defaults timestamp_timeout=5, timestamp_timeout=60", 3600),
        ("Defaults timestamp_timeout=-1", NEVER_EXPIRES),
        ("Defaults !timestamp_timeout", 0),
    ],
)
def test_how_long_a_password_counts(tmp_path: Path, text: str, seconds: int) -> None:
    assert defaults(tmp_path, text).timestamp_s == seconds


def test_a_path_with_a_folder_for_everybody(tmp_path: Path) -> None:
    found = defaults(tmp_path, 'Defaults secure_path="/usr/bin:.::/tmp/"\n')
    assert (found.secure_path, found.open_folders) == ("/usr/bin:.::/tmp/", (".", "", "/tmp/"))


def test_no_path_of_its_own(tmp_path: Path) -> None:
    assert defaults(tmp_path, "Defaults secure_path=/usr/bin\nDefaults !secure_path").secure_path == ""


def test_variables_that_load_code(tmp_path: Path) -> None:
    text = 'Defaults env_keep = "LANG LD_PRELOAD"\nDefaults env_keep += "PYTHONPATH EDITOR"\n'
    text += 'Defaults env_keep -= "LD_PRELOAD"'
    assert defaults(tmp_path, text).environment == ("PYTHONPATH",)


def test_exceptions_for_some(tmp_path: Path) -> None:
    found = defaults(tmp_path, "Defaults:ann !use_pty\nDefaults!/bin/x setenv\nDefaults:ben use_pty")
    assert found.exceptions == (":ann !use_pty", "!/bin/x setenv")


@pytest.mark.parametrize(
    ("text", "own_log"),
    [
        ('Defaults logfile="/var/log/sudo.log"', True),
        ("Defaults log_output", True),
        ("Defaults logfile=/x\nDefaults !logfile", False),
        ("Defaults:ann log_output", False),
    ],
)
def test_a_log_of_its_own(tmp_path: Path, text: str, own_log: bool) -> None:
    assert defaults(tmp_path, text).own_log == own_log


PTY_ONLY = "#= /etc/sudoers\n Defaults use_pty\n"


def unknown() -> Sequence[Package]:
    raise GapFound(GapReason.NO_TOOL, "no package manager")


@pytest.mark.parametrize(("source", "seconds"), [("rpm", 300), ("apk", 300), ("dpkg", 900)])
def test_how_long_a_password_counts_where_nothing_is_set(source: str, seconds: int) -> None:
    packages = (Package("sudo", "1.9.14-1", "x86_64", source), Package("bash", "5", "x86_64", source))
    assert parse_sudo_defaults(PTY_ONLY, lambda: packages).timestamp_s == seconds


def test_the_longest_counts_where_nobody_tells_who_built_sudo() -> None:
    assert parse_sudo_defaults(PTY_ONLY, lambda: ()).timestamp_s == 900
    assert parse_sudo_defaults(PTY_ONLY, unknown).timestamp_s == 900


def test_no_sudo_at_all() -> None:
    assert parse_sudo_defaults("#absent\n", lambda: ()) == ABSENT


@given(
    st.text(max_size=60),
    st.sampled_from(["", "#= /etc/sudoers\n Defaults ", "#= /x\n Defaults timestamp_timeout="]),
)
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    try:
        parse_sudo_defaults(prefix + text, lambda: release(text))
    except GapFound:
        return
