"""What keeps updates away from packages, and what looks for them by itself.

apt.conf(5), apt_preferences(5), dnf.conf(5), dnf-automatic(8), zypper(8), apk-world(5).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.package_sources import YES, Parts, apt_settings, fields_of, rpm_settings, whole
from secaudit.facts.package_sources_probe import SOURCES
from secaudit.facts.packages import PACKAGES
from secaudit.facts.sections import sections
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class Blocked:
    """A package, or a pattern, that updates pass by: ``how`` is ``hold``, ``pin``, ``exclude``, ``versionlock`` …"""

    name: str
    how: str


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """``automatic``: ``installs``, ``looks`` (metadata or packages are fetched, nothing is installed), or ``none``."""

    blocked: tuple[Blocked, ...]
    automatic: str


def parse_update_settings(text: str, held: Iterable[str], installed: frozenset[str]) -> UpdateSettings:
    """What keeps updates away from installed packages, and what comes by itself; raises GapFound."""
    parts = whole(text)
    blocked = {Blocked(name, "hold") for name in held}
    for line in parts.get("apt pins", []):
        names, _version, _priority = fields_of(line, 3)
        blocked |= {Blocked(n, "pin") for n in names.split() if n in installed or any(c in n for c in "*?/")}
    for line in parts.get("rpm locks", []):
        how, name = fields_of(line, 2)
        blocked.add(Blocked(name, how))
    for (_file, section), values in rpm_settings(parts).items():
        excluded = f"{values.get('exclude', '')} {values.get('excludepkgs', '')}"
        blocked |= {Blocked(n, f"exclude [{section}]") for n in re.split(r"[\s,]+", excluded) if n}
    blocked |= {Blocked(line.strip(), "apk world") for line in parts.get("apk world", [])}
    return UpdateSettings(tuple(sorted(blocked, key=lambda b: (b.name, b.how))), _automatic(parts, installed))


def held_packages(text: str) -> tuple[str, ...]:
    r"""``hi \tlibc6\t2.36-9\tamd64`` → libc6: dpkg-query(1) Status-Abbrev, the first letter is what is wanted."""
    rows = (line.split("\t") for line in sections(text).get("dpkg", []))
    return tuple(row[1] for row in rows if row[0].startswith("hi") and len(row) > 1)


def _automatic(parts: Parts, installed: frozenset[str]) -> str:
    timers = {line.strip() for line in parts.get("timers", [])}
    return (
        _apt_automatic(parts, timers, installed) if "apt sources" in parts else _rpm_automatic(parts, timers)
    )


def _apt_automatic(parts: Parts, timers: set[str], installed: frozenset[str]) -> str:
    settings = apt_settings(parts)
    on = {n for n, v in settings.items() if n.startswith("apt::periodic::") and v not in ("", "0", "false")}
    if settings.get("apt::periodic::enable", "1") == "0" or "apt::periodic::update-package-lists" not in on:
        return "none"
    if "apt-daily.timer" not in timers:
        return "none"
    upgrades = "apt::periodic::unattended-upgrade" in on and "apt-daily-upgrade.timer" in timers
    return "installs" if upgrades and "unattended-upgrades" in installed else "looks"


def _rpm_automatic(parts: Parts, timers: set[str]) -> str:
    settings = rpm_settings(parts)
    if timers & {"dnf-automatic-install.timer", "opensuse.org-online_update", "transactional-update.timer"}:
        return "installs"
    for file, unit in (
        ("/etc/dnf/automatic.conf", "dnf-automatic.timer"),
        ("/etc/dnf/automatic.conf", "dnf5-automatic.timer"),
        ("/etc/yum/yum-cron.conf", "0yum-daily.cron"),
    ):
        if unit in timers:
            apply = settings.get((file, "commands"), {}).get("apply_updates", "no")
            return "installs" if YES.match(apply) else "looks"
    looking = {"dnf-automatic-notifyonly.timer", "dnf-automatic-download.timer", "dnf-makecache.timer"}
    return "looks" if timers & looking else "none"


def build_update_settings(evidence: Evidence) -> UpdateSettings:
    """What keeps updates away, and what comes by itself."""
    held = held_packages(evidence.text(PACKAGES.id))
    return parse_update_settings(evidence.text(SOURCES.id), held, frozenset(evidence.fact("package_names")))


UPDATE_SETTINGS = Fact(
    "update_settings",
    Text("更新设置", "Update settings"),
    UpdateSettings,
    build_update_settings,
    (SOURCES, PACKAGES),
    ("package_names",),
)
