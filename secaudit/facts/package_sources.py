"""Where packages come from and whether they are verified: sources.list(5), apt-secure(8), dnf.conf(5), zypper(8)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.package_sources_probe import SOURCES
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class PackageSource:
    """An enabled source. ``name``: its file, or the id of its repository. ``host`` is ``-`` for files of the asset.

    ``verified``: what it supplies must be signed by a key that the asset knows; ``why`` is the setting that decides.
    """

    name: str
    host: str
    encrypted: bool
    verified: bool
    why: str


YES = re.compile(r"(1|yes|true|on)$", re.IGNORECASE)
_APT_LOOSE = re.compile(r"(Acquire::Allow\S*|APT::Get::AllowUnauthenticated)", re.IGNORECASE)
Parts = dict[str, list[str]]


def parse_sources(text: str) -> tuple[PackageSource, ...]:
    """The enabled sources of apt, apk or rpm, sorted; raises GapFound."""
    parts = whole(text)
    if "apt sources" in parts:
        found = _apt_sources(parts)
    elif "apk sources" in parts:
        found = _apk_sources(parts)
    else:
        found = _rpm_sources(parts)
    return tuple(sorted(set(found), key=lambda s: (s.name, s.host, s.why)))


def whole(text: str) -> Parts:
    parts = sections(text)
    if "end" not in parts or not parts.keys() & {"apt sources", "apk sources", "rpm settings"}:
        raise GapFound(GapReason.UNPARSABLE, "the package sources are cut off")
    return parts


def fields_of(line: str, count: int) -> list[str]:
    fields = line.split("\t")
    if len(fields) != count:
        raise GapFound(GapReason.UNPARSABLE, f"package sources: {line[:80]!r}")
    return fields


def apt_settings(parts: Parts) -> dict[str, str]:
    """``APT::Periodic::Unattended-Upgrade "1";`` → {"apt::periodic::unattended-upgrade": "1"}."""
    pairs = (line.partition(" ") for line in parts.get("apt settings", []))
    return {name.lower(): value.strip(' ";') for name, _, value in pairs}


def _apt_sources(parts: Parts) -> Iterable[PackageSource]:
    settings = apt_settings(parts)
    everywhere = next((n for n, v in settings.items() if _APT_LOOSE.fullmatch(n) and YES.match(v)), "")
    for line in parts["apt sources"]:
        name, scheme, host, loose = fields_of(line, 4)
        why = loose if loose != "-" else everywhere
        yield PackageSource(name, host, _encrypted(scheme), not why, why or "signed")


def _encrypted(scheme: str) -> bool:
    return scheme in (
        "https",
        "file",
        "cdrom",
        "copy",
        "tor+https",
        "mirror+https",
        "ssh",
    ) or scheme.startswith("/")


def _apk_sources(parts: Parts) -> Iterable[PackageSource]:
    for line in parts["apk sources"]:
        scheme, host = fields_of(line, 2)
        local = scheme.startswith("/")
        yield PackageSource(
            scheme if local else host, "-" if local else host, _encrypted(scheme), True, "signed"
        )


def rpm_settings(parts: Parts) -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in parts.get("rpm settings", []):
        file, section, key, value = fields_of(line, 4)
        found.setdefault((file, section), {})[key] = value
    return found


def _rpm_sources(parts: Parts) -> Iterable[PackageSource]:
    settings = rpm_settings(parts)
    dnf = settings.get(("/etc/dnf/dnf.conf", "main"), settings.get(("/etc/yum.conf", "main"), {}))
    zypp = settings.get(("/etc/zypp/zypp.conf", "main"), {})
    for (file, section), values in settings.items():
        if not file.endswith(".repo") or section == "main" or not YES.match(values.get("enabled", "1")):
            continue
        scheme, _, host = values.get("address", "").partition(" ")
        # dnf.conf(5): nothing is checked where nothing says so; zypper(8): everything is.
        default = zypp.get("gpgcheck", "on") if "/zypp/" in file else dnf.get("gpgcheck", "0")
        value = values.get("gpgcheck", default)
        if "/zypp/" in file and YES.match(values.get("pkg_gpgcheck", "no")):
            value = "on"
        yield PackageSource(
            section, host or "-", _encrypted(scheme), bool(YES.match(value)), f"gpgcheck={value}"
        )


def build_sources(evidence: Evidence) -> tuple[PackageSource, ...]:
    """The package sources of the asset."""
    return parse_sources(evidence.text(SOURCES.id))


PACKAGE_SOURCES = Fact(
    "package_sources",
    Text("软件源", "Package sources"),
    tuple[PackageSource, ...],
    build_sources,
    (SOURCES,),
)
