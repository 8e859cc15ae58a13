"""Who may do what as somebody else: sudoers(5), aliases expanded, groups resolved to people."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.groups import GROUP, Group
from secaudit.facts.passwd_file import Identity
from secaudit.facts.shell_programs import gives_files, gives_shell, may_give_shell
from secaudit.facts.sudo_passwords import Asking, asks_root_password, means_root
from secaudit.facts.sudo_probe import HOST_NAME, SUDOERS
from secaudit.facts.sudoers import Sudoers, head_words, is_for, items, read_sudoers
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

TAG = re.compile(r"([A-Z_]+):\s*")
OPTION = re.compile(
    r"(?:ROLE|TYPE|PRIVS|LIMITPRIVS|CWD|CHROOT|TIMEOUT|NOTBEFORE|NOTAFTER|APPARMOR_PROFILE)=\S+\s*"
)
# sudoers(5), Digest_Spec: the command counts only with this content; its program is the same.
_DIGEST = re.compile(r"(?:sha(?:224|256|384|512):\S+\s*)+")


@dataclass(frozen=True, slots=True)
class SudoRule:
    """One user, group or id of one rule, and those of its commands that run as the same and ask alike.

    ``kind`` is ``user``, ``group``, ``everyone`` or ``other`` (ids, netgroups, groups of a directory). ``people`` are
    the accounts here that it means. ``commands`` are paths (``...`` where arguments are fixed, ``*`` where they hold a
    wildcard), ``ALL`` or ``sudoedit``; negated ones keep their ``!``, yet ALL minus some commands is still ``all``.
    ``runas`` is empty where it is the caller (``(:group)``). ``shell``: one of the commands gives a shell.
    ``files``: one reads or spoils any file. ``unclear``: what one does hangs on its fixed arguments, which stay there.
    ``nopasswd``: somebody whom it means is asked for no password, nor by a later rule that takes its place.
    ``root_password``: sudo asks for root's own password (``Defaults targetpw``), so the rule gives
    nothing to whoever does not know it (SUSE as installed).
    """

    who: str
    kind: str
    people: tuple[str, ...]
    runas: tuple[str, ...]
    as_root: bool
    commands: tuple[str, ...]
    all: bool
    shell: bool
    files: bool
    unclear: bool
    nopasswd: bool
    root_password: bool
    file: str


def parse_sudoers(
    text: str, groups: Sequence[Group], people: Sequence[Identity], host: str = ""
) -> tuple[SudoRule, ...]:
    """``%sudo ALL=(ALL:ALL) ALL`` → SudoRule; empty where there is no /etc/sudoers; raises GapFound.

    Rules for other hosts are left out; with no name of this ``host`` none is.
    """
    if text.strip() == "#absent":
        return ()
    found = read_sudoers(text)
    here = [spec for spec in found.specs if not host or is_for(found, spec[0], host)]
    rules = [rule for spec in here for rule in _rules(found, spec, groups, people, host)]
    return tuple(_in_its_place(rule, rules[place + 1 :]) for place, rule in enumerate(rules))


def _in_its_place(rule: SudoRule, later: Sequence[SudoRule]) -> SudoRule:
    """Of several rules for one command the last counts (sudoers(5)): who is asked by it is asked."""
    if not rule.nopasswd or rule.kind in ("everyone", "other"):
        return rule
    asked = {
        name for other in later if other.all and other.as_root and not other.nopasswd for name in other.people
    }
    return replace(rule, nopasswd=False) if rule.people and asked >= set(rule.people) else rule


def _rules(
    found: Sudoers,
    spec: tuple[str, str, str],
    groups: Sequence[Group],
    people: Sequence[Identity],
    host: str,
) -> Iterable[SudoRule]:
    head, rest, path = spec
    asking = Asking(found, groups, host)
    for who in _users(found, head):
        kind = _kind(who)
        meant = _people(who, kind, groups, people)
        for grant in _grants(found, rest):
            yield SudoRule(
                who=who,
                kind=kind,
                people=meant,
                runas=grant.runas,
                as_root=means_root(grant.runas),
                commands=grant.commands,
                all="ALL" in grant.commands,
                shell=any(gives_shell(command) for command in grant.commands),
                files=any(gives_files(command) for command in grant.commands),
                unclear=any(may_give_shell(command) for command in grant.commands),
                nopasswd=grant.free or asking.nobody_is_asked(who, meant, grant.runas, grant.commands),
                root_password=asks_root_password(found),
                file=path,
            )


def _users(found: Sudoers, head: str) -> list[str]:
    """``ann, ben ALL`` → ann, ben. A negated user is left out: the rule then means fewer, never more."""
    users = [user for name in items(head_words(head)[0]) for user in found.expand(name.replace('"', ""))]
    return [user for user in users if not user.startswith("!")]


def _kind(who: str) -> str:
    if who == "ALL":
        return "everyone"
    if who.startswith("%") and not who.startswith(("%:", "%#")):
        return "group"
    return "other" if who.startswith(("+", "#", "%")) else "user"


def _people(who: str, kind: str, groups: Sequence[Group], people: Sequence[Identity]) -> tuple[str, ...]:
    match kind:
        case "everyone":
            return tuple(person.name for person in people)
        case "group":
            return tuple(name for group in groups if group.name == who[1:] for name in group.members)
        case "user":
            return tuple(person.name for person in people if person.name == who)
        case _ if who.startswith("#"):
            return tuple(person.name for person in people if str(person.uid) == who[1:])
        case _:
            return tuple(
                name for g in groups if who.startswith("%#") and str(g.gid) == who[2:] for name in g.members
            )


@dataclass(frozen=True, slots=True)
class Grant:
    """Commands of one rule that run as the same; ``free``: by a tag no password is asked."""

    commands: tuple[str, ...]
    runas: tuple[str, ...]
    free: bool


def _grants(found: Sudoers, text: str) -> list[Grant]:
    """``(root) NOPASSWD: /bin/a, PASSWD: /bin/b ...`` → /bin/a without password, /bin/b with one.

    A tag and an identity hold for the commands after them, too. A negated command takes from those before it.
    """
    runas: tuple[str, ...] = ("root",)
    free = False
    commands: dict[tuple[tuple[str, ...], bool], list[str]] = {}
    for piece in re.split(r",(?![^(]*\))", text):
        rest = piece.strip()
        if re.search(r"(^|\s)[:=](\s|$)", rest):
            raise GapFound(GapReason.UNPARSABLE, "sudoers: a part for other hosts")
        if rest.startswith("("):
            inside, _, rest = rest[1:].partition(")")
            runas = tuple(who for name in items(inside.partition(":")[0]) for who in found.expand(name))
            rest = rest.strip()
        rest = OPTION.sub("", rest)
        while tag := TAG.match(rest):
            free = {"NOPASSWD": True, "PASSWD": False}.get(tag[1], free)
            rest = rest[tag.end() :]
        rest = _DIGEST.sub("", rest)
        for command in found.expand(rest) if rest else []:
            if command == "!ALL":
                commands = {key: named for key, named in commands.items() if key[0] != runas}
            commands.setdefault((runas, free), []).append(_DIGEST.sub("", command))
    return [Grant(tuple(dict.fromkeys(named)), *key) for key, named in commands.items() if _gives(named)]


def _gives(commands: Sequence[str]) -> bool:
    return any(not command.startswith("!") for command in commands)


def build_sudo_rules(evidence: Evidence) -> tuple[SudoRule, ...]:
    """The rules; empty where sudo has no /etc/sudoers here."""
    host = evidence.text(HOST_NAME.id).strip()
    return parse_sudoers(
        evidence.text(SUDOERS.id), evidence.fact("groups"), evidence.fact("identities"), host
    )


SUDO_RULES = Fact(
    "sudo_rules",
    Text("sudo规则", "sudo rules"),
    tuple[SudoRule, ...],
    build_sudo_rules,
    (SUDOERS, PASSWD, GROUP, HOST_NAME),
    uses=("groups", "identities"),
)
