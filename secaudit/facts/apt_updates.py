"""Pending updates by apt's lists: apt(8), the Release files of https://wiki.debian.org/DebianRepository/Format."""

import re
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from secaudit.facts.fact import GapFound
from secaudit.facts.update import Metadata, Update
from secaudit.facts.versions import is_newer, newest
from secaudit.model.evidence import GapReason

_LINE = re.compile(r"([^/\s]+)/(\S+)\s+(\S+)\s+(\S+)(?:\s+\[(.*)\])?")

Rows = list[tuple[str, bool, bool]]


def parse_apt(parts: dict[str, list[str]]) -> tuple[tuple[Update, ...], Metadata]:
    """``apt/oldstable-security 2.6.2 amd64 [upgradable from: 2.6.1]`` → Update; raises GapFound.

    Lists without a security source know of no security update: that is absent metadata, never "none pending".
    """
    metadata = _security_metadata(parts["apt release"])
    total = "".join(parts.get("apt total", []))
    if not total.isdigit() or int(total[:9]) == 0:
        raise GapFound(GapReason.FAILED, "apt listed no installed package")
    held = {line.strip().partition(":")[0] for line in parts.get("held", [])}
    packages: dict[tuple[str, str], Rows] = defaultdict(list)
    for line in parts.get("apt packages", []):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise GapFound(GapReason.UNPARSABLE, f"apt: {line[:80]!r}")
        suites = match[2].split(",")
        installed = "now" in suites or (match[5] or "").startswith("installed")
        packages[match[1], match[4]].append(
            (match[3], installed, any(s.endswith("-security") for s in suites))
        )
    found = (_update(name, rows, name in held) for (name, _), rows in packages.items())
    return tuple(sorted({u for u in found if u}, key=lambda u: (u.name, u.candidate))), metadata


def _update(name: str, rows: Rows, held: bool) -> Update | None:
    """The newest version on offer; security when any offered version above the installed one comes from a security source."""
    here = [version for version, installed, _ in rows if installed]
    if not here:
        raise GapFound(GapReason.UNPARSABLE, f"apt: no installed version of {name[:60]}")
    current = newest(tuple(here), "dpkg")
    above = [(v, s) for v, installed, s in rows if not installed and is_newer(v, current, "dpkg")]
    if not above:
        return None
    candidate = newest(tuple(v for v, _ in above), "dpkg")
    return Update(name, current, candidate, any(s for _, s in above), held)


def _security_metadata(lines: list[str]) -> Metadata:
    """``oldstable-security TAB bookworm-security TAB Sat, 21 Nov 2026 …``: the oldest date among the security sources.

    apt keeps the mirror's time on its files, so the date in the Release file counts; security suites are signed anew
    within days as long as they are kept up.
    """
    if not lines:
        raise GapFound(GapReason.METADATA_ABSENT, "no package lists on the asset")
    fields = [(line.split("\t") + ["", "", ""])[:3] for line in lines]
    dates = [
        d for suite, codename, d in fields if suite.endswith("-security") or codename.endswith("-security")
    ]
    if not dates:
        raise GapFound(GapReason.METADATA_ABSENT, "no security source among the package lists")
    return Metadata(min(_date(d) for d in dates))


def _date(text: str) -> datetime:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError) as error:
        raise GapFound(GapReason.UNPARSABLE, f"apt: not a date: {text[:40]!r}") from error
    try:
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
    except OverflowError as error:
        raise GapFound(GapReason.UNPARSABLE, f"apt: not a date: {text[:40]!r}") from error
