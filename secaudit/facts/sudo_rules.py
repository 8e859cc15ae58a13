"""Who may do what as somebody else: sudoers(5), aliases expanded, groups resolved to people."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

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
_TIME = re.compile(r"(NOTBEFORE|NOTAFTER)=(\S{1,40})")
# Who is in one of these has the files of everybody, or what makes him root; which files, a person tells.
_POWERFUL = frozenset(
    {"ALL", "disk", "docker", "incus-admin", "kmem", "libvirt", "lxd", "root", "shadow", "sudo", "wheel"}
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
    text: str,
    groups: Sequence[Group],
    people: Sequence[Identity],
    host: str = "",
    now: datetime | None = None,
) -> tuple[SudoRule, ...]:
    """``%sudo ALL=(ALL:ALL) ALL`` → SudoRule; empty where there is no /etc/sudoers; raises GapFound.

    Rules for other hosts are left out; with no name of this ``host`` none is. So are those of other times than ``now``.
    """
    if text.strip() == "#absent":
        return ()
    found = read_sudoers(text)
    here = [spec for spec in found.specs if not host or is_for(found, spec[0], host)]
    rules = [rule for spec in here for rule in _rules(found, spec, groups, people, host, now)]
    return tuple(
        _in_its_place(rule, rules[place + 1 :])
        for place, rule in enumerate(rules)
        if _gives(rule.commands) and not any(_takes_back(rule, later) for later in rules[place + 1 :])
    )


def _takes_back(rule: SudoRule, later: SudoRule) -> bool:
    """``ann ALL=(root) !ALL``: of several rules for one command the last counts."""
    covers = later.who == rule.who or (
        rule.kind in ("user", "group") and set(later.people) >= set(rule.people) > set()
    )
    return "!ALL" in later.commands and covers and (later.runas == rule.runas or "ALL" in later.runas)


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
    now: datetime | None,
) -> Iterable[SudoRule]:
    head, rest, path = spec
    asking = Asking(found, groups, host)
    for who in _users(found, head):
        kind = _kind(who)
        meant = _people(who, kind, groups, people)
        for grant in _grants(found, rest, now):
            power = not grant.runas and not _POWERFUL.isdisjoint(grant.groups)
            yield SudoRule(
                who=who,
                kind=kind,
                people=meant,
                runas=grant.runas,
                as_root=power or means_root(_named(grant.runas, groups)),
                commands=grant.commands,
                all=not power and "ALL" in grant.commands,
                shell=not power and any(gives_shell(command) for command in grant.commands),
                files=not power and any(gives_files(command) for command in grant.commands),
                unclear=power or any(may_give_shell(command) for command in grant.commands),
                nopasswd=grant.free or asking.nobody_is_asked(who, meant, grant.runas, grant.commands),
                root_password=asks_root_password(found),
                file=path,
            )


def _named(runas: Sequence[str], groups: Sequence[Group]) -> tuple[str, ...]:
    """``%root`` as the people in it."""
    members = {name: group.members for group in groups for name in (f"%{group.name}", f"%#{group.gid}")}
    return tuple(who for name in runas for who in members.get(name, (name,)))


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
    """Commands that run as the same, in ``groups`` (``(:disk)``); ``free``: by a tag no password is asked."""

    commands: tuple[str, ...]
    runas: tuple[str, ...]
    groups: tuple[str, ...]
    free: bool


def _grants(found: Sudoers, text: str, now: datetime | None) -> list[Grant]:
    """``(root) NOPASSWD: /bin/a, PASSWD: /bin/b ...`` → /bin/a without password, /bin/b with one.

    A tag and an identity hold for the commands after them, too. A negated command takes from those before it.
    """
    runas: tuple[str, ...] = ("root",)
    in_group: tuple[str, ...] = ()
    free = False
    times: dict[str, str] = {}
    commands: dict[tuple[tuple[str, ...], tuple[str, ...], bool], list[str]] = {}
    for piece in re.split(r",(?![^(]*\))", text):
        rest = piece.strip()
        if re.search(r"(^|\s)[:=](\s|$)", rest):
            raise GapFound(GapReason.UNPARSABLE, "sudoers: a part for other hosts")
        if rest.startswith("("):
            inside, _, rest = rest[1:].partition(")")
            runas, in_group = (
                tuple(who for name in items(part) for who in found.expand(name))
                for part in (inside.partition(":")[0], inside.partition(":")[2])
            )
            rest = rest.strip()
        times |= dict(_TIME.findall(rest))
        rest = OPTION.sub("", rest)
        while tag := TAG.match(rest):
            free = {"NOPASSWD": True, "PASSWD": False}.get(tag[1], free)
            rest = rest[tag.end() :]
        rest = _DIGEST.sub("", rest)
        for command in found.expand(rest) if rest and _is_time(times, now) else []:
            if command == "!ALL":
                commands = {key: named for key, named in commands.items() if key[0] != runas}
            commands.setdefault((runas, in_group, free), []).append(_DIGEST.sub("", command))
    return [Grant(tuple(dict.fromkeys(named)), *key) for key, named in commands.items()]


def _is_time(times: Mapping[str, str], now: datetime | None) -> bool:
    """Whether ``NOTBEFORE`` and ``NOTAFTER`` let a command be; a time of no zone, the host's own, does not end it."""
    moments = {name: _moment(told) for name, told in times.items()}
    first, last = moments.get("NOTBEFORE"), moments.get("NOTAFTER")
    return now is None or not ((first and now < first) or (last and now > last))


def _moment(told: str) -> datetime | None:
    """``20261231235959Z`` → that moment; the minutes and seconds may be left out."""
    digits = told.removesuffix("Z")
    if digits == told or len(digits) not in (10, 12, 14):
        return None
    try:
        return datetime.strptime(f"{digits:0<14}+0000", "%Y%m%d%H%M%S%z")
    except ValueError:
        return None


def _gives(commands: Sequence[str]) -> bool:
    return any(not command.startswith("!") for command in commands)


def build_sudo_rules(evidence: Evidence) -> tuple[SudoRule, ...]:
    """The rules; empty where sudo has no /etc/sudoers here."""
    host = evidence.text(HOST_NAME.id).strip()
    return parse_sudoers(
        evidence.text(SUDOERS.id),
        evidence.fact("groups"),
        evidence.fact("identities"),
        host,
        evidence.now,
    )


SUDO_RULES = Fact(
    "sudo_rules",
    Text("sudo规则", "sudo rules"),
    tuple[SudoRule, ...],
    build_sudo_rules,
    (SUDOERS, PASSWD, GROUP, HOST_NAME),
    uses=("groups", "identities"),
)
