"""Until when the release of the operating system is supported: the register of releases joined with os."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.os import OperatingSystem
from secaudit.model.content import Lifecycle
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

# os-release ID → product of the reference table.
_PRODUCTS = {
    "debian": "debian",
    "ubuntu": "ubuntu",
    "rhel": "rhel",
    "centos": "centos",
    "rocky": "rocky-linux",
    "almalinux": "almalinux",
    "ol": "oracle-linux",
    "sles": "sles",
    "sles_sap": "sles",
    "opensuse-leap": "opensuse",
    "opensuse": "opensuse",
    "fedora": "fedora",
    "amzn": "amazon-linux",
    "openeuler": "openeuler",
    "anolis": "anolis-os",
    "alpine": "alpine-linux",
}
# openEuler tells its service pack in the name only: "openEuler 22.03 LTS", "openEuler 24.03 (LTS-SP2)".
_SERVICE_PACK = re.compile(r"\bLTS(?:[ -](SP\d+))?\b")
_DAY_ZERO = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Support:
    """Support of one release; last supported days, ISO (``over``: unpublished) and as days since 1970-01-01.

    Without extended support (``has_extended`` false) ``extended_until`` is ``none``, its day that of the end of life.
    """

    product: str
    cycle: str
    end_of_life: str
    end_of_life_day: int
    has_extended: bool
    extended_until: str
    extended_until_day: int


def support_of(system: OperatingSystem, lifecycles: Iterable[Lifecycle]) -> Support:
    """Debian 12 → end of life 2026-07-11, extended until 2028-06-30; raises GapFound for what is not listed."""
    product = _PRODUCTS.get(system.id, "")
    if product == "centos" and "stream" in system.name.lower():
        product = "centos-stream"
    cycles = _service_pack(system) if product == "openeuler" else _cycles(system.version)
    rows = {row.cycle: row for row in lifecycles if row.product == product}
    row = next((rows[cycle] for cycle in cycles if cycle in rows), None)
    if row is None or row.end_of_life is None:
        raise GapFound(GapReason.NOT_SUPPORTED, f"no support dates for {system.id} {system.version}"[:120])
    extended = row.end_of_extended_support
    return Support(
        product=product,
        cycle=row.cycle,
        end_of_life=_shown(row.end_of_life),
        end_of_life_day=(row.end_of_life - _DAY_ZERO).days,
        has_extended=extended is not None,
        extended_until=_shown(extended) if extended else "none",
        extended_until_day=((extended or row.end_of_life) - _DAY_ZERO).days,
    )


def _shown(day: date) -> str:
    """ISO; ``over`` for an end whose day nobody published."""
    return "over" if day == date.min else day.isoformat()


def _cycles(version: str) -> tuple[str, ...]:
    """``8.10`` → ("8.10", "8"); the table lists Alpine by two numbers, others by the first; SUSE writes 15 for 15.0."""
    parts = version.split(".")
    return version, ".".join(parts[:2]), parts[0], f"{version}.0"


def _service_pack(system: OperatingSystem) -> tuple[str, ...]:
    """``openEuler 24.03 (LTS-SP2)`` → ("24.03-lts-sp2",): each service pack ends on a day of its own."""
    found = _SERVICE_PACK.search(system.name)
    parts = (system.version, "lts", found[1]) if found else (system.version,)
    return ("-".join(filter(None, parts)).lower(),)


def build_support(evidence: Evidence) -> Support:
    """The support of the asset's release."""
    return support_of(evidence.fact("os"), evidence.references.lifecycles)


SUPPORT = Fact(
    "support",
    Text("操作系统支持期限", "Support of the operating system"),
    Support,
    build_support,
    uses=("os",),
)
