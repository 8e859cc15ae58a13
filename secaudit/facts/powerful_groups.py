"""Groups whose members are root in all but name, or close to it: a join of groups and accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.groups import GROUP, Group
from secaudit.facts.passwd_file import Identity
from secaudit.model.text import Text

# Raw disks, memory and password hashes are read past all modes; whoever commands containers or machines mounts /.
RAW: Final = frozenset({"disk", "kmem", "mem", "shadow"})
CONTAINERS: Final = frozenset({"docker", "lxd", "incus-admin", "libvirt"})


@dataclass(frozen=True, slots=True)
class PowerfulMember:
    """An account, not of uid 0, that can log in and is in such a group. ``kind`` is ``raw`` or ``containers``."""

    group: str
    account: str
    kind: str


def powerful_members(groups: Sequence[Group], people: Sequence[Identity]) -> tuple[PowerfulMember, ...]:
    """``docker:x:998:ann`` → ann; usually none."""
    able = {who.name for who in people if who.can_log_in and who.uid != 0}
    return tuple(
        PowerfulMember(group.name, name, "raw" if group.name in RAW else "containers")
        for group in groups
        if group.name in RAW | CONTAINERS
        for name in group.members
        if name in able
    )


def build_powerful_members(evidence: Evidence) -> tuple[PowerfulMember, ...]:
    """The members."""
    return powerful_members(evidence.fact("groups"), evidence.fact("identities"))


POWERFUL_MEMBERS = Fact(
    "powerful_members",
    Text("等同root权限的用户组成员", "Members of groups that come close to root"),
    tuple[PowerfulMember, ...],
    build_powerful_members,
    (GROUP, PASSWD),
    uses=("groups", "identities"),
)
