"""The groups of this host and who is in them: group(5), and the primary groups of passwd(5)."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.passwd_file import Identity
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

GROUP = Probe(
    "accounts.group",
    """awk -F: '{ print $1 ":" $3 ":" $4 }' /etc/group""",
    reduces=Text("不输出组口令", "group passwords are not printed"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """A group; ``members`` are those listed and those whose primary group it is."""

    name: str
    gid: int
    members: tuple[str, ...]


def parse_groups(text: str, identities: Sequence[Identity]) -> tuple[Group, ...]:
    """``sudo:27:ann,ben`` → Group; raises GapFound."""
    groups = []
    for line in text.split("\n"):
        if not line or line.startswith(("+", "-")):
            continue
        row = line.split(":")
        if len(row) != 3:
            raise GapFound(GapReason.UNPARSABLE, f"group: {line[:60]}")
        gid = number(row[1], f"gid of {row[0]}")
        listed = [name.strip() for name in row[2].split(",") if name.strip()]
        primary = [who.name for who in identities if who.gid == gid]
        groups.append(Group(row[0], gid, tuple(dict.fromkeys((*listed, *primary)))))
    if not groups:
        raise GapFound(GapReason.UNPARSABLE, "no group in /etc/group")
    return tuple(groups)


def build_groups(evidence: Evidence) -> tuple[Group, ...]:
    """The groups of /etc/group."""
    return parse_groups(evidence.text(GROUP.id), evidence.fact("identities"))


GROUPS = Fact(
    "groups", Text("用户组", "Groups"), tuple[Group, ...], build_groups, (GROUP, PASSWD), uses=("identities",)
)
