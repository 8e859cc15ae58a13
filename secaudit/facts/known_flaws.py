"""Flaws that everybody exploits, by the package release of each distribution that mends them: profiles/flaws."""

from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.os import OperatingSystem
from secaudit.facts.packages import Package
from secaudit.facts.versions import is_newer
from secaudit.model.content import Mended
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class KnownFlaw:
    """A package that the table knows a flaw of; ``open``: its installed release is older than the mended one."""

    flaw: str
    package: str
    installed: str
    mended: str
    open: bool


def known_flaws(
    table: Iterable[Mended], os: OperatingSystem, packages: tuple[Package, ...]
) -> tuple[KnownFlaw, ...]:
    """The installed packages that the table speaks of, a row a flaw; raises GapFound for a version that is none."""
    systems = {f"{os.id} {os.version}", f"{os.id} {os.version.partition('.')[0]}"}
    rows = [row for row in table if row.system in systems]
    return tuple(
        KnownFlaw(row.flaw, row.package, p.version, row.release, is_newer(row.release, p.version, p.source))
        for row in rows
        for p in packages
        if p.name == row.package
    )


def build_known_flaws(evidence: Evidence) -> tuple[KnownFlaw, ...]:
    """The flaws of the asset's packages that the table knows."""
    return known_flaws(evidence.references.mended, evidence.fact("os"), evidence.fact("packages"))


KNOWN_FLAWS = Fact(
    "known_flaws",
    Text("常被利用的漏洞", "Flaws that everybody exploits"),
    tuple[KnownFlaw, ...],
    build_known_flaws,
    uses=("os", "packages"),
)
