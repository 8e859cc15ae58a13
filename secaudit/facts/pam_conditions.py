"""Conditions in PAM stacks (pam_succeed_if(8)), tried on the people who can log in here."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from secaudit.facts.groups import Group
from secaudit.facts.pam_stack import AUTH_ERR, SUCCESS
from secaudit.facts.passwd_file import Identity

BOTH = (SUCCESS, AUTH_ERR)
_NUMBERS: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "lt": operator.lt,
    "<=": operator.le,
    "le": operator.le,
    ">": operator.gt,
    "gt": operator.gt,
    ">=": operator.ge,
    "ge": operator.ge,
    "=": operator.eq,
    "eq": operator.eq,
    "!=": operator.ne,
    "ne": operator.ne,
}


@dataclass(frozen=True, slots=True)
class People:
    """Who can log in, and group → its members. A host on which nobody can is asked about an ordinary person."""

    who: Sequence[Identity]
    groups: Mapping[str, frozenset[str]]


def people(identities: Sequence[Identity], groups: Sequence[Group]) -> People:
    """The accounts with a shell to work in."""
    who = [one for one in identities if one.can_log_in]
    somebody = Identity("somebody", 1000, 1000, "/home/somebody", "/bin/sh", True, False)
    return People(who or [somebody], {group.name: frozenset(group.members) for group in groups})


def condition(arguments: Sequence[str], known: People) -> tuple[str, ...] | None:
    """The answers that people here get; None when that hangs on something else (the terminal, the far host).

    ``user ingroup nopasswdlogin`` → refused for all while the group is empty or absent.
    """
    words = [word for word in arguments if not word.startswith(("quiet", "audit", "debug"))]
    if len(words) % 3 or not words:
        return None
    answers = set()
    for who in known.who:
        met = [_meets(who, known, *words[place : place + 3]) for place in range(0, len(words), 3)]
        if None in met:
            return None
        answers.add(SUCCESS if all(met) else AUTH_ERR)
    return tuple(sorted(answers))


def _meets(who: Identity, known: People, field: str, test: str, value: str) -> bool | None:
    """One comparison, for one person; None for what cannot be told."""
    texts = {"user": who.name, "uid": str(who.uid), "gid": str(who.gid), "shell": who.shell, "home": who.home}
    if field not in texts:
        return None
    text = texts[field]
    if test in ("ingroup", "notingroup"):
        inside = any(who.name in known.groups.get(group, ()) for group in value.split(":"))
        return inside is (test == "ingroup")
    if test in ("in", "notin"):
        return (text in value.split(":")) is (test == "in")
    if test in ("=~", "!~"):
        return fnmatchcase(text, value) is (test == "=~")
    if test in ("=", "!=") and not value.isdigit():
        return (text == value) is (test == "=")
    if test in _NUMBERS and text.isdigit() and value.isdigit():
        return _NUMBERS[test](int(text), int(value))
    return None
