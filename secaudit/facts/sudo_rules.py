"""Who may do what as somebody else: sudoers(5), aliases expanded, groups resolved to people."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import ip_network

from secaudit.facts.accounts import PASSWD, Identity
from secaudit.facts.config_files import config_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.groups import GROUP, Group
from secaudit.facts.sudo_probe import HOST_NAME, SUDOERS
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

# Programs that give a shell whatever their arguments are: shells, interpreters, editors and pagers (GTFOBins).
_INTERACTIVE = """
sh bash dash ash ksh zsh csh tcsh fish rbash su sudo runuser pkexec doas busybox toybox nsenter unshare chroot
script screen tmux expect python perl ruby lua php node tclsh irb guile gdb vi vim view vimdiff rvim nvim ex ed
nano pico emacs joe jed mcedit mc less more most man pg info journalctl ftp sftp telnet mysql psql sqlite3
visudo vipw vigr crontab
""".split()
# Programs that run others, or write any file, when their arguments are free.
_FREE_ARGUMENTS = """
env sudoedit setpriv capsh java jjs make cmake gcc cc g++ strace ltrace find xargs awk gawk mawk nawk sed tee cp mv
install ln dd rsync tar cpio zip unzip 7z ar split sort systemctl service systemd-run machinectl init telinit
docker podman ctr crictl kubectl lxc lxd runc nerdctl virsh apt apt-get aptitude dpkg yum dnf rpm zypper apk pip
npm gem snap flatpak ssh scp nc ncat netcat socat curl wget git svn at batch watch time timeout nice ionice
nohup stdbuf taskset flock setarch start-stop-daemon parallel entr logrotate tcpdump nmap tshark redis-cli
useradd usermod userdel passwd chpasswd chown chmod chattr setfacl mount umount insmod modprobe ldconfig ip
openssl sysctl update-alternatives debugfs openvpn
""".split()
# python3.11, gcc-12, php8.2: the number of a version is no other program.
_VERSION = re.compile(r"-?[0-9][0-9.]*$")
TAG = re.compile(r"([A-Z_]+):\s*")
OPTION = re.compile(
    r"(?:ROLE|TYPE|PRIVS|LIMITPRIVS|CWD|CHROOT|TIMEOUT|NOTBEFORE|NOTAFTER|APPARMOR_PROFILE)=\S+\s*"
)
# ``ALL = /bin/a : web, mail = /bin/b``: the same people, on other hosts.
_OTHER_HOSTS = re.compile(r"\s:([^/():=\\]+)=")
ALIAS_DEPTH = 10


@dataclass(frozen=True, slots=True)
class SudoRule:
    """One user, group or id of one rule.

    ``kind`` is ``user``, ``group``, ``everyone`` or ``other`` (ids, netgroups, groups of a directory). ``people`` are
    the accounts here that it means. ``commands`` are paths (``...`` where arguments are fixed, ``*`` where they hold a
    wildcard), ``ALL`` or
    ``sudoedit``; negated ones keep their ``!``, yet ALL minus some commands is still ``all``. ``shell``: one of them
    gives a shell. ``root_password``: sudo asks for root's own password (``Defaults targetpw``), so the rule gives
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
    nopasswd: bool
    root_password: bool
    file: str


@dataclass(slots=True)
class _Sudoers:
    """What the files say, before aliases are expanded."""

    aliases: dict[str, list[str]] = field(default_factory=dict)
    defaults: list[tuple[str, str]] = field(default_factory=list)
    specs: list[tuple[str, str, str]] = field(default_factory=list)

    def expand(self, name: str, depth: int = 0) -> list[str]:
        """An alias as what it stands for; anything else as it is. Raises GapFound when it names itself."""
        if depth > ALIAS_DEPTH:
            raise GapFound(GapReason.UNPARSABLE, f"sudoers: alias {name[:40]} names itself")
        bare = name.lstrip("!")
        if bare not in self.aliases:
            return [name]
        sign = "!" if name.startswith("!") else ""
        return [sign + word for item in self.aliases[bare] for word in self.expand(item, depth + 1)]


def parse_sudoers(
    text: str, groups: Sequence[Group], people: Sequence[Identity], host: str = ""
) -> tuple[SudoRule, ...]:
    """``%sudo ALL=(ALL:ALL) ALL`` → SudoRule; empty where there is no /etc/sudoers; raises GapFound.

    Rules for other hosts are left out; with no name of this ``host`` none is.
    """
    if text.strip() == "#absent":
        return ()
    found = _Sudoers()
    for file in config_files(text):
        for line in file.lines:
            _take(found, line, file.path.replace("/./", "/"))
    here = [spec for spec in found.specs if not host or _is_for(found, spec[0], host)]
    return tuple(rule for spec in here for rule in _rules(found, spec, groups, people))


def _take(found: _Sudoers, line: str, path: str) -> None:
    word = line.split(None, 1)[0] if line.split() else ""
    if word.startswith("Defaults"):
        found.defaults.append((word.removeprefix("Defaults"), line.removeprefix(word).strip()))
    elif word in ("User_Alias", "Runas_Alias", "Host_Alias", "Cmnd_Alias", "Cmd_Alias"):
        for definition in re.split(r"\s:\s", line.removeprefix(word)):
            name, _, value = definition.partition("=")
            found.aliases.setdefault(name.strip(), []).extend(_list(value))
    elif word:
        head, equals, commands = line.partition("=")
        if not equals:
            raise GapFound(GapReason.UNPARSABLE, f"sudoers: {line[:60]}")
        first, *others = _OTHER_HOSTS.split(commands)
        found.specs.append((head, first, path))
        users = _words(head)[0]
        found.specs += [
            (f"{users} {hosts}", part, path) for hosts, part in zip(others[::2], others[1::2], strict=True)
        ]


def _list(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _rules(
    found: _Sudoers, spec: tuple[str, str, str], groups: Sequence[Group], people: Sequence[Identity]
) -> Iterable[SudoRule]:
    head, rest, path = spec
    commands, runas, nopasswd = _commands(found, rest)
    for who in _users(found, head):
        kind = _kind(who)
        yield SudoRule(
            who=who,
            kind=kind,
            people=_people(who, kind, groups, people),
            runas=runas,
            as_root=any(name in ("root", "ALL", "#0") for name in runas),
            commands=commands,
            all="ALL" in commands,
            shell=any(gives_shell(command) for command in commands),
            nopasswd=nopasswd or _unauthenticated(found, who),
            root_password=_asks_root_password(found),
            file=path,
        )


def gives_shell(command: str) -> bool:
    """``/usr/bin/python3``, ``/usr/bin/tar``; not ``/usr/bin/systemctl ...``, whose arguments are fixed.

    A folder, a wildcard or a regular expression takes in what nobody looked through.
    """
    path, _, arguments = command.partition(" ")
    if path.startswith("!") or path in ("", "ALL", "list"):
        return False
    if path.endswith("/") or path.startswith("^") or set("*?[") & set(path):
        return True
    name = path.rsplit("/", 1)[-1]
    named = {name, _VERSION.sub("", name)}
    return bool(named & set(_INTERACTIVE) or (arguments != "..." and named & set(_FREE_ARGUMENTS)))


def _users(found: _Sudoers, head: str) -> list[str]:
    """``ann, ben ALL`` → ann, ben. A negated user is left out: the rule then means fewer, never more."""
    users = [user for name in _list(_words(head)[0]) for user in found.expand(name.replace('"', ""))]
    return [user for user in users if not user.startswith("!")]


def _words(head: str) -> list[str]:
    """``ann, ben web, mail`` → the list of users, the list of hosts."""
    words = re.findall(r'(?:"[^"]*"|[^\s",]|,\s*|\s+,\s*)+', head.strip())
    if len(words) < 2:
        raise GapFound(GapReason.UNPARSABLE, f"sudoers: {head[:60]}")
    return words


def _is_for(found: _Sudoers, head: str, host: str) -> bool:
    """The last word that fits decides; an address or a netgroup may be this host's, and counts."""
    fits = False
    for item in _list(_words(head)[1]):
        for word in found.expand(item.replace('"', "")):
            bare = word.lstrip("!").lower()
            if bare == "all" or _names(bare, host) or (bare.startswith("+") or _is_address(bare)):
                fits = not word.startswith("!")
    return fits


def _names(pattern: str, host: str) -> bool:
    """A pattern without a dot means the first part of the name (sudoers(5), Host_List)."""
    name = host.lower()
    return fnmatchcase(name if "." in pattern else name.partition(".")[0], pattern)


def _is_address(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


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


def _commands(found: _Sudoers, text: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """``(root) NOPASSWD: /bin/a, /bin/b ...`` → commands, the identities they run as (root), no password asked.

    A tag and an identity hold for the commands after them, too.
    """
    commands: list[str] = []
    runas: list[str] = []
    current, free, nopasswd = ["root"], False, False
    for piece in re.split(r",(?![^(]*\))", text):
        rest = piece.strip()
        if re.search(r"(^|\s)[:=](\s|$)", rest):
            raise GapFound(GapReason.UNPARSABLE, "sudoers: a part for other hosts")
        if rest.startswith("("):
            inside, _, rest = rest[1:].partition(")")
            current = [who for name in _list(inside.partition(":")[0]) for who in found.expand(name)] or [
                "root"
            ]
            rest = rest.strip()
        rest = OPTION.sub("", rest)
        while tag := TAG.match(rest):
            free = {"NOPASSWD": True, "PASSWD": False}.get(tag[1], free)
            rest = rest[tag.end() :]
        for command in found.expand(rest) if rest else []:
            commands.append(command)
            runas.extend(who for who in current if who not in runas)
            nopasswd = nopasswd or (free and not command.startswith("!"))
    return tuple(commands), tuple(runas), nopasswd


def _unauthenticated(found: _Sudoers, who: str) -> bool:
    """``Defaults !authenticate`` for everyone, or ``Defaults:who`` for this one."""
    free = False
    for scope, option in found.defaults:
        if scope == "" or (scope.startswith(":") and who in _scope(found, scope[1:])):
            free = {"!authenticate": True, "authenticate": False}.get(option, free)
    return free


def _asks_root_password(found: _Sudoers) -> bool:
    """``Defaults targetpw`` or ``rootpw`` for everyone."""
    asked = {"targetpw": False, "rootpw": False}
    for scope, option in found.defaults:
        if scope == "" and option.lstrip("!") in asked:
            asked[option.lstrip("!")] = not option.startswith("!")
    return any(asked.values())


def _scope(found: _Sudoers, text: str) -> list[str]:
    return [name for item in _list(text) for name in found.expand(item)]


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
