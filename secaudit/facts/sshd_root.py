"""Whether root is let in by ssh, how, and from where: sshd_config(5)."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from itertools import pairwise

from secaudit.facts.sshd_answers import Settings


def root_login(seen: Settings, passwords: bool, root_groups: set[str]) -> str:
    permit = seen.one("permitrootlogin")
    if permit == "no" or not _root_is_admitted(seen, root_groups):
        return "no"
    return "password" if permit == "yes" and passwords else "key"


def _root_is_admitted(seen: Settings, root_groups: set[str]) -> bool:
    """DenyUsers, AllowUsers, DenyGroups, AllowGroups in the order of sshd_config(5)."""
    denied, allowed = seen.words("denyusers"), seen.words("allowusers")
    if any(_means_root(pattern) and "@" not in pattern for pattern in denied):
        return False
    if allowed and not any(_means_root(pattern) for pattern in allowed):
        return False
    if _any_group(seen.words("denygroups"), root_groups):
        return False
    groups = seen.words("allowgroups")
    return not groups or _any_group(groups, root_groups)


def _means_root(pattern: str) -> bool:
    return fnmatchcase("root", pattern.partition("@")[0])


def _any_group(patterns: Sequence[str], groups: set[str]) -> bool:
    return any(fnmatchcase(group, pattern) for pattern in patterns for group in groups)


def root_only_from_addresses(seen: Settings) -> bool:
    """AllowUsers lets root in, and only as ``root@somewhere``."""
    meant = [pattern for pattern in seen.words("allowusers") if _means_root(pattern)]
    return bool(meant) and all(
        "@" in pattern and not _is_anywhere(pattern.partition("@")[2]) for pattern in meant
    )


def names_addresses(line: str) -> bool:
    """``Match User root Address 10.0.0.5`` → True; ``Address *,!10.0.0.5`` means nearly everywhere → False."""
    words = line.replace('"', "").split()
    return any(
        not _has_anywhere(patterns)
        for criterion, patterns in pairwise(words)
        if criterion.lower() in ("address", "host")
    )


def _has_anywhere(patterns: str) -> bool:
    return any(_is_anywhere(pattern) for pattern in patterns.split(",") if not pattern.startswith("!"))


def _is_anywhere(pattern: str) -> bool:
    """``*``, ``0.0.0.0/0``, ``::/0`` and ``*.*.*.*`` name no address in particular."""
    return not pattern.partition("/")[0].strip("*?.:0")
