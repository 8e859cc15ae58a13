"""Pending updates of Alpine by its cached index: apk-version(8)."""

import re

from secaudit.facts.fact import GapFound
from secaudit.facts.update import Metadata, Update, oldest
from secaudit.facts.versions import parsed_version
from secaudit.model.evidence import GapReason

# A tagged repository stands behind the version: ``< 1.5-r0 @testing``.
_LINE = re.compile(r"(\S{1,200})-(\d\S{0,80}-r\d{1,9})\s{1,99}<\s{1,99}(\d\S{0,80})(?:\s{1,99}@\S{1,99})?")


def parse_apk(parts: dict[str, list[str]]) -> tuple[tuple[Update, ...], Metadata]:
    """``musl-1.2.3-r4 < 1.2.3-r5`` → Update; raises GapFound.

    Alpine marks no update as security; its stable branches take fixes only, so every pending one counts as such.
    """
    metadata = oldest([line.strip() for line in parts["apk index"]])
    found = []
    for line in parts.get("apk packages", []):
        if line.startswith(("Installed:", "fetch ", "WARNING:")):
            continue
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise GapFound(GapReason.UNPARSABLE, f"apk: {line[:80]!r}")
        parsed_version(match[3], "apk")
        found.append(Update(match[1], match[2], match[3], security=True, held=False))
    return tuple(sorted(found, key=lambda u: u.name)), metadata
