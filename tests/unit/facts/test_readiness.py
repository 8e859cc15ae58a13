"""What a host says of itself before a scan, and which programs it lacks."""

import subprocess
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.os import parse_os_release
from secaudit.facts.programs import (
    ALPINE,
    DEBIAN,
    LOOKED_FOR,
    RED_HAT,
    SUSE,
    family_of,
    install_command,
    lacking,
)
from secaudit.facts.readiness import LINK, Readiness, is_whole, parse_readiness

ALL = "".join(f"program {name}\n" for name in LOOKED_FOR)


def test_a_host_that_has_everything() -> None:
    found = parse_readiness(f"{ALL}proc here\nproc all\nend\n")
    assert found == Readiness(frozenset(LOOKED_FOR), True, True, ())
    assert lacking(found.programs, DEBIAN) == lacking(found.programs, RED_HAT) == ()


def test_pipes_and_devices_are_named() -> None:
    found = parse_readiness("odd /etc/cron.d/a hang\nodd /etc/cron.d/zero\nend\n")
    assert found.odd_files == ("/etc/cron.d/a hang", "/etc/cron.d/zero")
    assert not found.proc


def test_what_was_not_asked_for_is_not_believed() -> None:
    assert parse_readiness("program rootkit\nend\n").programs == frozenset()


def test_an_answer_that_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_readiness(ALL)


@given(st.text())
def test_any_text_is_a_value_or_a_gap(text: str) -> None:
    with suppress(GapFound):
        assert isinstance(parse_readiness(text), Readiness)


def test_one_of_several_programs_is_enough() -> None:
    without = frozenset(LOOKED_FOR) - {"nft"}
    assert lacking(without, DEBIAN) == ()
    (need,) = lacking(without - {"iptables-save"}, DEBIAN)
    assert need.package == "nftables"


@pytest.mark.parametrize(
    ("release", "family", "command"),
    [
        ("ID=debian", DEBIAN, "apt-get install sed"),
        ('ID=kylin\nID_LIKE="debian"', DEBIAN, "apt-get install sed"),
        ("ID=kylin", RED_HAT, "dnf install sed"),
        ('ID="openEuler"', RED_HAT, "dnf install sed"),
        ('ID=rocky\nID_LIKE="rhel centos fedora"', RED_HAT, "dnf install sed"),
        ('ID="opensuse-leap"\nID_LIKE="suse opensuse"', SUSE, "zypper install sed"),
        ("ID=alpine", ALPINE, "apk add sed"),
        ("ID=plan9", "", ""),
    ],
)
def test_how_software_is_installed_depends_on_the_distribution(
    release: str, family: str, command: str
) -> None:
    assert family_of(parse_os_release(release)) == family
    assert install_command("sed", family) == command


def test_programs_of_another_family_are_not_missed() -> None:
    debian = frozenset(LOOKED_FOR) - {"rpm", "apk"}
    assert lacking(debian, DEBIAN) == ()
    assert [need.programs for need in lacking(debian, RED_HAT)] == [("rpm",)]


def test_the_long_answer_is_what_its_command_prints() -> None:
    done = subprocess.run(["/bin/sh", "-c", LINK.command], capture_output=True, text=True, check=True)
    assert is_whole(done.stdout)
    assert len(done.stdout) == LINK.limit_bytes
    assert not is_whole(done.stdout[:-2])
