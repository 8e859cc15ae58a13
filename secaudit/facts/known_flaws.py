"""Flaws that everybody exploits, by the package release of each distribution that mends them."""

from dataclasses import dataclass
from typing import Final

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.os import OperatingSystem
from secaudit.facts.packages import Package
from secaudit.facts.versions import is_newer
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class Mended:
    """From which release of a package on a flaw is mended, on one release of a distribution (``debian 12``)."""

    flaw: str
    system: str
    package: str
    release: str


# The notices of Debian (DSA), Ubuntu (USN) and Red Hat (RHSA). Rebuilds of Red Hat's number some releases otherwise.
MENDED: Final = (
    Mended("CVE-2024-6387 (OpenSSH)", "debian 12", "openssh-server", "1:9.2p1-2+deb12u3"),
    Mended("CVE-2024-6387 (OpenSSH)", "ubuntu 22.04", "openssh-server", "1:8.9p1-3ubuntu0.10"),
    Mended("CVE-2024-6387 (OpenSSH)", "ubuntu 24.04", "openssh-server", "1:9.6p1-3ubuntu13.3"),
    Mended("CVE-2024-6387 (OpenSSH)", "rhel 9", "openssh-server", "8.7p1-38.el9_4.1"),
    Mended("CVE-2023-4911 (glibc)", "debian 11", "libc6", "2.31-13+deb11u7"),
    Mended("CVE-2023-4911 (glibc)", "debian 12", "libc6", "2.36-9+deb12u3"),
    Mended("CVE-2023-4911 (glibc)", "ubuntu 22.04", "libc6", "2.35-0ubuntu3.4"),
    Mended("CVE-2023-4911 (glibc)", "rhel 8", "glibc", "2.28-225.el8_8.6"),
    Mended("CVE-2023-4911 (glibc)", "rhel 9", "glibc", "2.34-60.el9_2.7"),
    Mended("CVE-2021-4034 (polkit)", "debian 10", "policykit-1", "0.105-25+deb10u1"),
    Mended("CVE-2021-4034 (polkit)", "debian 11", "policykit-1", "0.105-31+deb11u1"),
    Mended("CVE-2021-4034 (polkit)", "ubuntu 18.04", "policykit-1", "0.105-20ubuntu0.18.04.6"),
    Mended("CVE-2021-4034 (polkit)", "ubuntu 20.04", "policykit-1", "0.105-26ubuntu1.2"),
    Mended("CVE-2021-4034 (polkit)", "centos 7", "polkit", "0.112-26.el7_9.1"),
    Mended("CVE-2021-4034 (polkit)", "rhel 7", "polkit", "0.112-26.el7_9.1"),
    Mended("CVE-2021-4034 (polkit)", "rhel 8", "polkit", "0.115-13.el8_5.1"),
    Mended("CVE-2021-3156 (sudo)", "debian 10", "sudo", "1.8.27-1+deb10u3"),
    Mended("CVE-2021-3156 (sudo)", "ubuntu 18.04", "sudo", "1.8.21p2-3ubuntu1.4"),
    Mended("CVE-2021-3156 (sudo)", "ubuntu 20.04", "sudo", "1.8.31-1ubuntu1.2"),
    Mended("CVE-2021-3156 (sudo)", "centos 7", "sudo", "1.8.23-10.el7_9.1"),
    Mended("CVE-2021-3156 (sudo)", "rhel 7", "sudo", "1.8.23-10.el7_9.1"),
    Mended("CVE-2021-3156 (sudo)", "rhel 8", "sudo", "1.8.29-6.el8_3.1"),
)


@dataclass(frozen=True, slots=True)
class KnownFlaw:
    """A package that the table knows a flaw of; ``open``: its installed release is older than the mended one."""

    flaw: str
    package: str
    installed: str
    mended: str
    open: bool


def known_flaws(os: OperatingSystem, packages: tuple[Package, ...]) -> tuple[KnownFlaw, ...]:
    """The installed packages that the table speaks of, a row a flaw; raises GapFound for a version that is none."""
    systems = {f"{os.id} {os.version}", f"{os.id} {os.version.partition('.')[0]}"}
    rows = [row for row in MENDED if row.system in systems]
    return tuple(
        KnownFlaw(row.flaw, row.package, p.version, row.release, is_newer(row.release, p.version, p.source))
        for row in rows
        for p in packages
        if p.name == row.package
    )


def build_known_flaws(evidence: Evidence) -> tuple[KnownFlaw, ...]:
    """The flaws of the asset's packages that the table knows."""
    return known_flaws(evidence.fact("os"), evidence.fact("packages"))


KNOWN_FLAWS = Fact(
    "known_flaws",
    Text("常被利用的漏洞", "Flaws that everybody exploits"),
    tuple[KnownFlaw, ...],
    build_known_flaws,
    uses=("os", "packages"),
)
