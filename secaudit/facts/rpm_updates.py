"""Pending security updates of rpm systems by the errata that dnf, yum and zypper keep: updateinfo.xml."""

from collections import defaultdict
from dataclasses import replace

from secaudit.facts.fact import GapFound
from secaudit.facts.update import Metadata, Update, oldest
from secaudit.facts.versions import is_newer, newest
from secaudit.model.evidence import GapReason

Key = tuple[str, str]
# What is released never changes there; its errata stand in a repository of their own (docs/adr/0033).
_OPENEULER = frozenset({"OS", "everything", "debuginfo", "source", "update-source"})
_RELEASED = (("-Pool", "-Updates"), ("-os", "-updates"))


def parse_rpm(parts: dict[str, list[str]]) -> tuple[tuple[Update, ...], Metadata]:
    """``bash TAB x86_64 TAB 0:5.1-2.el9`` against errata ``… TAB 0:5.1-9.el9 TAB -`` → Update; raises GapFound.

    Repositories without errata (CentOS 7's own) tell of no security update: they are named as silent, but for those
    that stay as released beside one with their updates; when all are, it is absent metadata. Errata of a module count
    when its stream is enabled. The date is the last time the repository was confirmed (mtime of repomd.xml).
    """
    metadata = _metadata(parts)
    modules = {line.strip() for line in parts.get("modules", [])}
    installed: dict[Key, list[str]] = defaultdict(list)
    for line in parts.get("rpm installed", []):
        name, arch, version = _fields(line, 3)
        installed[name, arch].append(version)
    if not installed:
        raise GapFound(GapReason.UNPARSABLE, "rpm: no package was listed")
    offered: dict[Key, list[str]] = defaultdict(list)
    for line in parts.get("rpm errata", []):
        name, arch, version, module = _fields(line, 4)
        if module == "-" or module in modules:
            offered[name, arch].append(version)
    found = [_update(key, installed.get(key, []), versions) for key, versions in offered.items()]
    return tuple(sorted({u for u in found if u}, key=lambda u: (u.name, u.candidate))), metadata


def _metadata(parts: dict[str, list[str]]) -> Metadata:
    """``1795392000 errata baseos`` of the repositories that are enabled; all that are cached where none is written."""
    stamps = [line.split(" ", 2) for line in parts["rpm metadata"]]
    if not all(len(stamp) == 3 and stamp[1] in ("errata", "none") for stamp in stamps):
        raise GapFound(GapReason.UNPARSABLE, "rpm: the metadata of a repository")
    enabled = {line.strip() for line in parts.get("rpm enabled", [])} or {name for _, _, name in stamps}
    telling = [(time, name) for time, kind, name in stamps if kind == "errata" and name in enabled]
    metadata = oldest([time for time, _ in telling])
    told = {name for _, name in telling}
    return replace(
        metadata, silent=tuple(sorted(name for name in enabled - told if _updates_of(name) not in told))
    )


def _updates_of(name: str) -> str:
    """The repository that has every update of a repository which stays as it was released; "" for others."""
    if name in _OPENEULER:
        return "update"
    return next((name[: -len(end)] + updates for end, updates in _RELEASED if name.endswith(end)), "")


def _update(key: Key, installed: list[str], offered: list[str]) -> Update | None:
    if not installed:
        raise GapFound(GapReason.UNPARSABLE, f"rpm: {key[0][:60]} is not installed")
    current, candidate = newest(tuple(installed), "rpm"), newest(tuple(offered), "rpm")
    if not is_newer(candidate, current, "rpm"):
        return None
    return Update(key[0], current, candidate, security=True, held=False)


def _fields(line: str, count: int) -> list[str]:
    fields = line.split("\t")
    if len(fields) != count or not all(fields):
        raise GapFound(GapReason.UNPARSABLE, f"rpm: {line[:80]!r}")
    return fields
