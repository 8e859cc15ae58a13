"""Pending updates by apt's lists: apt-cache(8), https://wiki.debian.org/DebianRepository/Format."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from secaudit.facts.fact import GapFound
from secaudit.facts.update import Metadata, Update
from secaudit.facts.versions import is_newer, newest
from secaudit.model.evidence import GapReason

# Labels of the distributions' own archives; a company's mirror may call its release what it likes.
_MAKERS = ("Debian", "Ubuntu")
# Package and installed version → newer versions, each with whether a security source offers it.
Newer = dict[tuple[str, str], list[tuple[str, bool]]]


def parse_apt(parts: dict[str, list[str]]) -> tuple[tuple[Update, ...], Metadata]:
    """``apt TAB 2.6.1 TAB 2.6.2 TAB bookworm-security/main`` → Update; raises GapFound.

    Lists without a security source know of no security update: that is absent metadata, never "none pending".
    """
    if "apt suites" not in parts:
        raise GapFound(GapReason.UNPARSABLE, "apt: the sources are missing")
    metadata = _security_metadata(parts["apt release"], frozenset(parts["apt suites"]))
    total = "".join(parts.get("apt total", []))
    if not (total.isascii() and total.isdigit() and total.strip("0")):
        raise GapFound(GapReason.FAILED, "apt knows no installed package")
    held = {line.strip() for line in parts.get("held", [])}
    newer: Newer = defaultdict(list)
    for line in parts.get("apt packages", []):
        fields = line.split("\t")
        if len(fields) != 4 or not all(fields[:3]):
            raise GapFound(GapReason.UNPARSABLE, f"apt: {line[:80]!r}")
        name, installed, version, suites = fields
        if is_newer(version, installed, "dpkg"):
            newer[name, installed].append((version, any(map(is_security_suite, suites.split(",")))))
    found = [
        Update(
            name=name,
            installed=installed,
            candidate=newest(tuple(version for version, _ in versions), "dpkg"),
            # Also when a newer version from elsewhere stands above the one with the fix.
            security=any(security for _, security in versions),
            held=name in held,
        )
        for (name, installed), versions in newer.items()
    ]
    return tuple(sorted(found, key=lambda u: (u.name, u.candidate))), metadata


def is_security_suite(suite: str) -> bool:
    """``bookworm-security/main``, ``jammy-security/main``, and ``buster/updates/main`` (Debian up to 10)."""
    name = suite.rpartition("/")[0] or suite
    return name.endswith(("-security", "/updates"))


def _security_metadata(lines: list[str], named: frozenset[str]) -> Metadata:
    """``oldstable-security TAB bookworm-security TAB Debian-Security TAB Sat, 21 Nov 2026 …``: the oldest such date.

    apt keeps the mirror's time on its files, so the date in the Release file counts; security suites are signed anew
    within days as long as they are kept up. Lists stay behind when their source is taken away: only those count whose
    suite the sources name (``?``: a source could not be read), and those of the release that Debian's others are of.
    """
    if not lines:
        raise GapFound(GapReason.METADATA_ABSENT, "no package lists on the asset")
    rows = [row for row in map(_release, lines) if "?" in named or row.names & named]
    releases = {row.codename for row in rows if row.label in _MAKERS and not row.security}
    dates = [row.date for row in rows if row.security and (not releases or row.base in releases)]
    if not dates:
        raise GapFound(
            GapReason.METADATA_ABSENT, "no security source of this release among the package lists"
        )
    return Metadata(min(_date(d) for d in dates))


@dataclass(frozen=True, slots=True)
class _Release:
    """What the Release file of a list says; ``names`` are those a source may call it by, ``base`` the release."""

    suite: str
    codename: str
    label: str
    date: str

    @property
    def security(self) -> bool:
        return (
            self.label == "Debian-Security" or self.suite.endswith("-security") or self.codename != self.base
        )

    @property
    def base(self) -> str:
        return self.codename.removesuffix("-security")

    @property
    def names(self) -> set[str]:
        return {self.suite, self.codename, f"{self.suite}/updates", f"{self.codename}/updates"}


def _release(line: str) -> _Release:
    suite, codename, label, date = (line.split("\t") + [""] * 4)[:4]
    return _Release(suite, codename, label, date)


def _date(text: str) -> datetime:
    try:
        date = parsedate_to_datetime(text)
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise GapFound(GapReason.UNPARSABLE, f"apt: not a date: {text[:40]!r}") from error
