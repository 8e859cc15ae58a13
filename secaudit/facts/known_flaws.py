"""Flaws that everybody exploits, by the package release of each distribution that mends them: profiles/flaws."""

import re
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
    """A package that the table knows a flaw of; ``open``: its installed release is older than the mended one.

    ``other_stream``: it is of a minor release that Red Hat mends apart for years (``el9_2`` where the table says
    ``el9_4``), in a lower number that the table does not hold: a person reads the notice of that stream.
    """

    flaw: str
    package: str
    installed: str
    mended: str
    open: bool
    other_stream: bool


_STREAM = re.compile(r"\.el(\d+)_(\d+)")
# Minor releases with extended update support (EUS, AUS, E4S); of 7 all that had it are below 9.
_MENDED_APART = {"7": {2, 3, 4, 6, 7}, "8": {1, 2, 4, 6, 8}, "9": {0, 2, 4, 6, 8}}


def known_flaws(
    table: Iterable[Mended], os: OperatingSystem, packages: tuple[Package, ...]
) -> tuple[KnownFlaw, ...]:
    """The installed packages that the table speaks of, a row a flaw; raises GapFound for a version that is none."""
    systems = {f"{os.id} {os.version}", f"{os.id} {os.version.partition('.')[0]}"}
    rows = [row for row in table if row.system in systems]
    return tuple(_known_flaw(row, p) for row in rows for p in packages if p.name == row.package)


def _known_flaw(row: Mended, package: Package) -> KnownFlaw:
    still_open = is_newer(row.release, package.version, package.source)
    apart = still_open and _is_mended_apart(package.version, row.release)
    return KnownFlaw(row.flaw, row.package, package.version, row.release, still_open, apart)


def _is_mended_apart(installed: str, mended: str) -> bool:
    here, there = _STREAM.search(installed), _STREAM.search(mended)
    if here is None or there is None or here[1] != there[1]:
        return False
    return int(here[2]) < int(there[2]) and int(here[2]) in _MENDED_APART.get(here[1], set())


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
