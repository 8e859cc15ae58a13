"""Which software is installed, as the package manager of the system knows it."""

from dataclasses import dataclass
from functools import lru_cache

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Which manager rules is told by its database, not by its program: dpkg can be a tool on rpm systems, rpm on Debian.
PACKAGES = Probe(
    "packages.installed",
    r"""if [ -s /var/lib/dpkg/status ]; then
  echo '@@ dpkg'
  dpkg-query -W -f='${db:Status-Abbrev}\t${Package}\t${Version}\t${Architecture}\n'
elif [ -s /lib/apk/db/installed -o -s /usr/lib/apk/db/installed ]; then
  echo '@@ apk'
  f=/lib/apk/db/installed
  [ -s $f ] || f=/usr/lib/apk/db/installed
  awk -F: '/^P:/ { p = $2 } /^V:/ { v = $2 } /^A:/ { print p "\t" v "\t" $2 }' $f
elif command -v rpm >/dev/null 2>&1; then
  echo '@@ rpm'
  rpm -qa --qf '%{NAME}\t%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\t%{ARCH}\n'
else
  exit 127
fi""",
    timeout_s=20,
    limit_bytes=1_048_576,
)


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package; ``source`` is ``dpkg``, ``rpm`` or ``apk``. A name may stand more than once (kernels)."""

    name: str
    version: str
    arch: str
    source: str


def parse_packages(text: str) -> tuple[Package, ...]:
    r"""``ii \tbash\t5.2.15-2\tamd64`` → Package, sorted; not installed ones left out. None at all is a gap."""
    found = [
        package
        for source, lines in sections(text).items()
        for line in lines
        if (package := _package(line, source)) is not None
    ]
    if not found:
        raise GapFound(GapReason.UNPARSABLE, "no package was listed")
    return tuple(sorted(found, key=lambda p: (p.name, p.arch, p.version)))


@lru_cache(maxsize=8192)
def _package(line: str, source: str) -> Package | None:
    fields = line.split("\t")
    if source == "dpkg":
        # dpkg-query(1) Status-Abbrev: the second letter is the state, "i" installed.
        if fields[0][1:2] != "i":
            return None
        fields = fields[1:]
    if source == "rpm" and fields[0] == "gpg-pubkey":
        return None
    if len(fields) != 3 or not all(fields[:2]):
        raise GapFound(GapReason.UNPARSABLE, f"not a package: {line[:80]!r}")
    return Package(fields[0], fields[1], fields[2], source)


def build_packages(evidence: Evidence) -> tuple[Package, ...]:
    """The installed packages of the asset."""
    return parse_packages(evidence.text(PACKAGES.id))


def build_package_names(evidence: Evidence) -> tuple[str, ...]:
    """What is installed, each name once: most questions need no more of a thousand packages."""
    return tuple(dict.fromkeys(package.name for package in evidence.fact("packages")))


PACKAGES_FACT = Fact(
    "packages", Text("已安装软件包", "Installed packages"), tuple[Package, ...], build_packages, (PACKAGES,)
)
PACKAGE_NAMES = Fact(
    "package_names",
    Text("已安装软件包的名称", "Names of installed packages"),
    tuple[str, ...],
    build_package_names,
    uses=("packages",),
)
