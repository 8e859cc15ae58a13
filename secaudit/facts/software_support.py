"""Software of its makers' own repositories, and until when they mend it: profiles/lifecycles joined with the packages.

What a distribution packages is mended by the distribution as long as the release is supported: it is not looked at.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase, translate
from functools import lru_cache

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.packages import Package
from secaudit.model.content import Lifecycle, MakersPackage
from secaudit.model.text import Text

_DAY_ZERO = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class SoftwareSupport:
    """A package of the maker, and the last day on which its release line is mended.

    ``until`` as ISO and as days since 1970-01-01: ``over`` (0) on a day that nobody published, ``open`` (-1) where no
    end is set, ``unlisted`` (-1) for a line that the table does not know. ``extended_day``: the end of longer support
    that is paid for or made by others, that of the maker where there is none.
    """

    package: str
    version: str
    line: str
    until: str
    until_day: int
    extended_day: int


def software_support(
    packages: Iterable[Package], makers: Iterable[MakersPackage], lifecycles: Iterable[Lifecycle]
) -> tuple[SoftwareSupport, ...]:
    """The packages that come from their maker, each once."""
    lines = {(row.product, row.cycle): row for row in lifecycles}
    wanted = tuple(makers)
    named = _any_of(tuple(made.package for made in wanted))
    found = {
        _support(package, made, lines)
        for package in packages
        if named.match(package.name)
        for made in _of_maker(package, wanted)
    }
    return tuple(sorted(found, key=lambda s: (s.package, s.version)))


@lru_cache(maxsize=4)
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(translate, patterns)) or "(?!)")


def _of_maker(package: Package, makers: tuple[MakersPackage, ...]) -> Iterator[MakersPackage]:
    for made in makers:
        if fnmatchcase(package.name, made.package) and fnmatchcase(package.version, made.version):
            yield made
            return


def _support(
    package: Package, made: MakersPackage, lines: dict[tuple[str, str], Lifecycle]
) -> SoftwareSupport:
    """``5:24.0.7-1~debian.12`` → the line 24.0."""
    numbers = package.version.rpartition(":")[2].partition("-")[0].partition("~")[0].split(".")
    cycles = (".".join(numbers[:count]) for count in (3, 2, 1))
    row = next((lines[made.product, cycle] for cycle in cycles if (made.product, cycle) in lines), None)
    if row is None:
        return SoftwareSupport(package.name, package.version, made.product, "unlisted", -1, -1)
    line = f"{row.product} {row.cycle}"
    if row.end_of_life is None:
        return SoftwareSupport(package.name, package.version, line, "open", -1, -1)
    if row.end_of_life == date.min:
        return SoftwareSupport(package.name, package.version, line, "over", 0, 0)
    extended = row.end_of_extended_support
    later = extended if extended and extended > row.end_of_life else row.end_of_life
    until_day, extended_day = (row.end_of_life - _DAY_ZERO).days, (later - _DAY_ZERO).days
    return SoftwareSupport(
        package.name, package.version, line, row.end_of_life.isoformat(), until_day, extended_day
    )


def build_software_support(evidence: Evidence) -> tuple[SoftwareSupport, ...]:
    """The support of the asset's software that comes from its makers; none is a value."""
    references = evidence.references
    return software_support(evidence.fact("packages"), references.makers_packages, references.lifecycles)


SOFTWARE_SUPPORT = Fact(
    "software_support",
    Text("厂商软件支持期限", "Support of software from its makers"),
    tuple[SoftwareSupport, ...],
    build_software_support,
    uses=("packages",),
)
