"""Whether sudo asks for a password, and for whose, besides the tag NOPASSWD: the Defaults of sudoers(5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.groups import Group
from secaudit.facts.shell_programs import gives_shell
from secaudit.facts.sudoers import Sudoers, items, names_host

_SAYS = {"!authenticate": True, "authenticate": False}
_ROOT = ("root", "#0")


def means_root(runas: Sequence[str]) -> bool:
    """``(ALL, !root)`` → False: the last that fits counts."""
    found = False
    for name in runas:
        bare = name.lstrip("!")
        if bare in _ROOT or bare == "ALL":
            found = not name.startswith("!")
    return found


def asks_root_password(found: Sudoers) -> bool:
    """``Defaults targetpw`` or ``rootpw`` for everyone."""
    asked = {"targetpw": False, "rootpw": False}
    for scope, option in found.defaults:
        if scope == "" and option.lstrip("!") in asked:
            asked[option.lstrip("!")] = not option.startswith("!")
    return any(asked.values())


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom ``authenticate`` and ``exempt_group`` spare, here."""

    found: Sudoers
    groups: Sequence[Group]
    host: str

    def nobody_is_asked(
        self, who: str, people: Sequence[str], runas: Sequence[str], commands: Sequence[str]
    ) -> bool:
        """Whether somebody whom a rule means may run one of its commands without a password."""
        return any(self._free(name, who, runas, commands) for name in people or (who,))

    def _free(self, name: str, who: str, runas: Sequence[str], commands: Sequence[str]) -> bool:
        free = False
        for scope, option in self.found.defaults:
            if scope == "" and option.startswith("exempt_group"):
                free = free or name in self._members(option.partition("=")[2].strip().strip('"'))
            elif option in _SAYS and self._binds(scope, name, who, runas, commands):
                free = _SAYS[option]
        return free

    def _binds(self, scope: str, name: str, who: str, runas: Sequence[str], commands: Sequence[str]) -> bool:
        """``:ann``, ``:%ops``, ``@web``, ``>root``, ``!/usr/bin/less``; "" binds everybody."""
        kind, named = scope[:1], self._expanded(scope[1:])
        if f"!{name}" in named:
            return False
        if kind == ":":
            return bool({name, who, "ALL"} & set(named)) or any(
                name in self._members(user[1:]) for user in named if user.startswith("%")
            )
        if kind == "@":
            return not self.host or names_host(self.found, scope[1:], self.host)
        if kind == ">":
            return bool({"ALL", *runas} & set(named)) or (means_root(runas) and means_root(named))
        if kind == "!":
            given = {command.partition(" ")[0] for command in commands}
            return bool({"ALL", *given} & set(named)) or ("ALL" in given and any(map(gives_shell, named)))
        return True

    def _expanded(self, text: str) -> list[str]:
        return [name for item in items(text) for name in self.found.expand(item)]

    def _members(self, group: str) -> frozenset[str]:
        return frozenset(name for one in self.groups if one.name == group for name in one.members)
