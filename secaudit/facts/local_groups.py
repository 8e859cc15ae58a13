"""What is odd about the lists of accounts and groups: passwd(5), group(5), gshadow(5). No hash leaves the target."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.accounts_probe import KIND, PASSWD
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.groups import GROUP, Group
from secaudit.facts.passwd_file import Identity
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Not every distribution has gshadow (SUSE, busybox): the password then stands in /etc/group.
GROUP_PASSWORDS_PROBE = Probe(
    "accounts.group_passwords",
    f"""{{ {{ [ ! -e /etc/gshadow ] || root cat /etc/gshadow; }} && echo '@end'; }} | awk -F: '{KIND}
$0 == "@end" {{ whole = 1; next }}
{{ print (FILENAME == "/etc/group" ? FILENAME : "/etc/gshadow") ":" $1 ":" kind($2) }}
END {{ exit !whole }}' - /etc/group""",
    root=True,
    as_root=("/usr/bin/cat /etc/gshadow",),
    reduces=Text(
        "口令字段只输出种类与算法，不含组成员",
        "the password field is printed as its kind and algorithm, members not at all",
    ),
)


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """A name or a group id that several lines of group(5) bear. ``kind`` is ``name`` or ``gid``."""

    kind: str
    value: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupPassword:
    """A group whose password lets others in; ``path`` is the file that holds it."""

    group: str
    path: str


@dataclass(frozen=True, slots=True)
class AccountFault:
    """What is odd about a line of passwd(5).

    ``kind``: ``no_group`` (its group id is in no group), ``hash_in_passwd`` (a password that everybody can read),
    ``taken_in`` (+NAME or -NAME of NIS). ``seen``: the group id, the algorithm, the line's name.
    """

    kind: str
    account: str
    seen: str


def duplicate_groups(groups: Sequence[Group]) -> tuple[DuplicateGroup, ...]:
    """Names and group ids that occur more than once; usually none."""
    by_value: dict[tuple[str, str], list[str]] = {}
    for group in groups:
        by_value.setdefault(("name", group.name), []).append(group.name)
        by_value.setdefault(("gid", str(group.gid)), []).append(group.name)
    return tuple(
        DuplicateGroup(kind, value, tuple(names))
        for (kind, value), names in by_value.items()
        if len(names) > 1
    )


def parse_group_passwords(text: str) -> tuple[GroupPassword, ...]:
    """``/etc/gshadow:sudo:hash:sha512`` → GroupPassword; an empty field and ``!`` open nothing; raises GapFound."""
    found = []
    for line in text.split("\n"):
        row = line.split(":")
        if not line or (row[1:2] and row[1].startswith(("+", "-"))):
            continue
        if len(row) < 3:
            raise GapFound(GapReason.UNPARSABLE, f"group passwords: {line[:60]}")
        if row[2] == "hash":
            found.append(GroupPassword(row[1], row[0]))
    return tuple(found)


def account_faults(
    text: str, identities: Sequence[Identity], groups: Sequence[Group]
) -> tuple[AccountFault, ...]:
    """The faults, from the probe's lines of passwd(5) and what was made of them."""
    rows = [row for line in text.split("\n") if len(row := line.split(":")) > 3 and row[0] == "p"]
    taken = [AccountFault("taken_in", row[1], row[1]) for row in rows if row[1].startswith(("+", "-"))]
    hashes = [
        AccountFault("hash_in_passwd", row[1], row[3])
        for row in rows
        if row[2] == "hash" and not row[1].startswith(("+", "-"))
    ]
    known = {group.gid for group in groups}
    strays = [AccountFault("no_group", who.name, str(who.gid)) for who in identities if who.gid not in known]
    return (*taken, *hashes, *strays)


def build_duplicate_groups(evidence: Evidence) -> tuple[DuplicateGroup, ...]:
    """What is there more than once."""
    return duplicate_groups(evidence.fact("groups"))


def build_group_passwords(evidence: Evidence) -> tuple[GroupPassword, ...]:
    """The groups with a password; usually none."""
    return parse_group_passwords(evidence.text(GROUP_PASSWORDS_PROBE.id))


def build_account_faults(evidence: Evidence) -> tuple[AccountFault, ...]:
    """The faults; usually none."""
    return account_faults(evidence.text(PASSWD.id), evidence.fact("identities"), evidence.fact("groups"))


DUPLICATE_GROUPS = Fact(
    "duplicate_groups",
    Text("重复的用户组", "Duplicate groups"),
    tuple[DuplicateGroup, ...],
    build_duplicate_groups,
    (GROUP, PASSWD),
    uses=("groups",),
)
GROUP_PASSWORDS = Fact(
    "group_passwords",
    Text("设有口令的用户组", "Groups with a password"),
    tuple[GroupPassword, ...],
    build_group_passwords,
    (GROUP_PASSWORDS_PROBE,),
)
ACCOUNT_FAULTS = Fact(
    "account_faults",
    Text("用户清单的缺陷", "Faults in the list of accounts"),
    tuple[AccountFault, ...],
    build_account_faults,
    (PASSWD, GROUP),
    uses=("identities", "groups"),
)
