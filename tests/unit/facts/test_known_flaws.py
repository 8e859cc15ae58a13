"""Flaws of packages and of the processor."""

import pytest

from secaudit.content.folder import content_dir
from secaudit.content.load import MENDED
from secaudit.content.reference_tables import load_mended
from secaudit.facts.cpu_flaws import CpuFlaw, parse_flaws
from secaudit.facts.fact import GapFound
from secaudit.facts.known_flaws import known_flaws
from secaudit.facts.os import OperatingSystem
from secaudit.facts.packages import Package
from secaudit.facts.versions import is_newer
from secaudit.model.content import Mended

TABLE = load_mended(content_dir("profiles") / MENDED)


def system(name: str, version: str) -> OperatingSystem:
    return OperatingSystem(id=name, like=(), version=version, codename="", name=name)


@pytest.mark.parametrize(
    ("installed", "still_open"),
    [
        ("1:9.2p1-2", True),
        ("1:9.2p1-2+deb12u2", True),
        ("1:9.2p1-2+deb12u3", False),
        ("1:9.2p1-2+deb12u7", False),
    ],
)
def test_the_release_of_the_distribution_counts(installed: str, still_open: bool) -> None:
    packages = (Package("openssh-server", installed, "amd64", "dpkg"),)
    assert [f.open for f in known_flaws(TABLE, system("debian", "12"), packages)] == [still_open]


def test_red_hat_by_its_first_number() -> None:
    packages = (Package("openssh-server", "8.7p1-38.el9", "x86_64", "rpm"),)
    assert [f.open for f in known_flaws(TABLE, system("rhel", "9.4"), packages)] == [True]


@pytest.mark.parametrize(
    ("installed", "still_open", "other_stream"),
    [
        ("8.7p1-38.el9_4.1", False, False),
        ("8.7p1-30.el9_2.7", True, True),
        ("8.7p1-34.el9_3.3", True, False),
        ("8.7p1-38.el9", True, False),
        ("8.7p1-8.el8_2", True, False),
    ],
)
def test_streams_that_red_hat_mends_apart_are_for_a_person(
    installed: str, still_open: bool, other_stream: bool
) -> None:
    packages = (Package("openssh-server", installed, "x86_64", "rpm"),)
    (found,) = known_flaws(TABLE, system("rhel", "9.4"), packages)
    assert (found.open, found.other_stream) == (still_open, other_stream)


def test_a_system_that_the_table_does_not_know_and_a_package_that_is_absent() -> None:
    packages = (Package("openssh-server", "9.9", "amd64", "dpkg"),)
    assert known_flaws(TABLE, system("debian", "99"), packages) == ()
    assert known_flaws(TABLE, system("debian", "12"), (Package("bash", "5", "amd64", "dpkg"),)) == ()


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.flaw} {row.system}")
def test_every_release_of_the_table_is_a_version(row: Mended) -> None:
    release = row.release
    source = "rpm" if ".el" in release else "dpkg"
    assert not is_newer(release, release, source)


def test_flaws_of_the_processor() -> None:
    folder = "/sys/devices/system/cpu/vulnerabilities"
    states = ("mds:Vulnerable: no microcode", "l1tf:Mitigation: PTE Inversion", "srbds:Not affected")
    found = parse_flaws("".join(f"{folder}/{state}\n" for state in states) + "end\n")
    assert [(f.name, f.open) for f in found] == [("l1tf", False), ("mds", True), ("srbds", False)]
    assert parse_flaws("end\n") == ()
    assert isinstance(found[0], CpuFlaw)


@pytest.mark.parametrize("text", ["", "x\nend\n", "/sys/devices/system/cpu/vulnerabilities/mds:Vulnerable"])
def test_flaws_that_are_cut_off(text: str) -> None:
    with pytest.raises(GapFound):
        parse_flaws(text)
