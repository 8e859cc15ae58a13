"""Programs without which facts are gaps, and the packages that bring them."""

from dataclasses import dataclass
from typing import Final

from secaudit.facts.os import OperatingSystem

DEBIAN: Final = "debian"
RED_HAT: Final = "red hat"
SUSE: Final = "suse"
ALPINE: Final = "alpine"

INSTALL: Final = {
    DEBIAN: "apt-get install",
    RED_HAT: "dnf install",
    SUSE: "zypper install",
    ALPINE: "apk add",
}

# Distributions of rpm that do not name their relatives in ID_LIKE.
_RPM: Final = frozenset(
    {"rhel", "fedora", "centos", "openeuler", "anolis", "kylin", "openanolis", "uel", "bclinux"}
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """Programs of which one has to be there, or these ``facts`` are gaps (none named: all whose probes name it).

    ``package`` brings it, by one name on every distribution. ``family``: needed only there.
    """

    programs: tuple[str, ...]
    package: str
    facts: tuple[str, ...] = ()
    family: str = ""


def _basic(package: str, *programs: str) -> tuple[Requirement, ...]:
    return tuple(Requirement((program,), package) for program in programs)


REQUIREMENTS: Final = (
    *_basic("coreutils", "cat", "cut", "head", "ls", "nice", "readlink", "sort", "stat", "tail", "tr"),
    *_basic("gawk", "awk"),
    *_basic("findutils", "find"),
    *_basic("grep", "grep"),
    *_basic("sed", "sed"),
    Requirement(("nft", "iptables-save"), "nftables", facts=("firewall", "high_risk_ports")),
    Requirement(("apt-cache",), "apt", facts=("pending_updates",), family=DEBIAN),
    Requirement(
        ("apt-config",),
        "apt",
        facts=("package_sources", "pending_updates", "update_settings"),
        family=DEBIAN,
    ),
    Requirement(("dpkg-query",), "dpkg", facts=("packages", "pending_updates"), family=DEBIAN),
    Requirement(("rpm",), "rpm", facts=("packages", "pending_updates"), family=RED_HAT),
    Requirement(("rpm",), "rpm", facts=("packages", "pending_updates"), family=SUSE),
    Requirement(("apk",), "apk-tools", facts=("pending_updates",), family=ALPINE),
)

# Those that keep the clock are looked for to say how it is set.
CLOCK_PROGRAMS: Final = ("chronyc", "ntpq", "timedatectl")
LOOKED_FOR: Final = tuple(
    dict.fromkeys([program for need in REQUIREMENTS for program in need.programs] + [*CLOCK_PROGRAMS])
)


def family_of(os: OperatingSystem) -> str:
    """How software is installed there: a key of INSTALL, or "" where it is not known."""
    names = {os.id, *os.like}
    if names & {"debian", "ubuntu"}:
        return DEBIAN
    if any("suse" in name for name in names):
        return SUSE
    if "alpine" in names:
        return ALPINE
    return RED_HAT if names & _RPM else ""


def lacking(programs: frozenset[str], family: str) -> tuple[Requirement, ...]:
    """The requirements that a host of that family does not meet."""
    return tuple(
        need
        for need in REQUIREMENTS
        if need.family in ("", family) and not programs.intersection(need.programs)
    )


def install_command(package: str, family: str) -> str:
    """``apt-get install nftables``; "" where the family is not known."""
    return f"{INSTALL[family]} {package}" if family in INSTALL else ""
