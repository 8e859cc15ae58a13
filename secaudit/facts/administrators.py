"""Who administers this host, and whether the rights of root are shared out: a join of accounts and sudo rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.groups import GROUP
from secaudit.facts.passwd_file import Identity
from secaudit.facts.sudo_probe import SUDOERS
from secaudit.facts.sudo_rules import SudoRule
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class Administrator:
    """An account that can act as root without limits.

    ``by`` is ``uid 0`` or the sudo rule (``sudo %wheel``); ``only_root``: the account is root itself.
    """

    name: str
    by: str
    is_root: bool
    nopasswd: bool


def administrators(people: Sequence[Identity], rules: Sequence[SudoRule]) -> tuple[Administrator, ...]:
    """Accounts that can log in and have root's power: uid 0, or a sudo rule for ALL (or a shell) as root."""
    able = {person.name for person in people if person.can_log_in}
    found: dict[str, Administrator] = {}
    for person in people:
        if person.uid == 0 and person.name in able:
            found[person.name] = Administrator(person.name, "uid 0", True, False)
    for rule in rules:
        if rule.as_root and (rule.all or rule.shell) and (rule.nopasswd or not rule.root_password):
            for name in rule.people:
                if name in able and name not in found:
                    found[name] = Administrator(name, f"sudo {rule.who}", False, rule.nopasswd)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class AdministratorRoles:
    """How the rights of root are shared out.

    ``unlimited`` are the accounts beside root that may do everything, ``limited`` who may run some commands only, as
    the sudo rules name them (``%auditors``): one for each set of commands, for two people with the same are one role.
    ``people`` are the accounts in them. Of all only those that can log in count.
    """

    unlimited: tuple[str, ...]
    limited: tuple[str, ...]
    people: tuple[str, ...]


def roles(
    all_powerful: Sequence[Administrator], rules: Sequence[SudoRule], people: Sequence[Identity]
) -> AdministratorRoles:
    """The roles; a rule that means nobody here, or only accounts that nobody logs in with, is none."""
    able = {person.name for person in people if person.can_log_in and person.uid != 0}
    limited: dict[frozenset[str], str] = {}
    holders: dict[str, None] = {}
    for rule in rules:
        mine = [name for name in rule.people if name in able]
        if mine and not rule.all and not rule.shell:
            limited.setdefault(frozenset(rule.commands), rule.who)
            holders.update(dict.fromkeys(mine))
    unlimited = [admin.name for admin in all_powerful if not admin.is_root]
    return AdministratorRoles(tuple(unlimited), tuple(limited.values()), tuple(holders))


def build_administrators(evidence: Evidence) -> tuple[Administrator, ...]:
    """The accounts with root's power."""
    return administrators(evidence.fact("identities"), evidence.fact("sudo_rules"))


def build_administrator_roles(evidence: Evidence) -> AdministratorRoles:
    """How root's power is shared out."""
    return roles(evidence.fact("administrators"), evidence.fact("sudo_rules"), evidence.fact("identities"))


_PROBES = (SUDOERS, PASSWD, GROUP)
ADMINISTRATORS = Fact(
    "administrators",
    Text("具有root权限的账户", "Accounts with root's power"),
    tuple[Administrator, ...],
    build_administrators,
    _PROBES,
    uses=("identities", "sudo_rules"),
)
ADMINISTRATOR_ROLES = Fact(
    "administrator_roles",
    Text("管理权限的划分", "How administration is shared out"),
    AdministratorRoles,
    build_administrator_roles,
    _PROBES,
    uses=("administrators", "sudo_rules", "identities"),
)
