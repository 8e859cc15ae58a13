"""With which umask a login session ends up: pam_umask(8), login.defs(5), and the start files of the shells in order."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.busybox_accounts import LOGIN_DEFS
from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.groups import GROUP
from secaudit.facts.pam import PAM_FILES, PamConfiguration, read_pam
from secaudit.facts.pam_stack import Module, modules, stack_of
from secaudit.facts.passwd_file import Identity
from secaudit.facts.session_idle import LOGIN_FILES
from secaudit.facts.start_files import (
    ALSO_READ,
    CLOSED_START_FILES,
    HERE_DOCUMENTS,
    TAKEN_IN,
    WAYS,
    commands_run,
    read_by,
)
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# "?" marks a command that runs under a condition, "source:" where a file takes others in. An if with an else, of which
# every branch sets the umask, leaves one of its values for certain: ``002|022``. That umask is 0 before (RHEL 9) is no
# condition of a login.
_COMMANDS = (
    WAYS
    + TAKEN_IN
    + HERE_DOCUMENTS
    + r"""
function branch() { if (!here[depth]) every[depth] = 0; here[depth] = 0 }
function open(word, some) {
  asks[++depth] = some; alternative[depth] = (word == "if"); choice[depth] = (word == "case")
  every[depth] = 1; here[depth] = other[depth] = 0; ways[depth] = ""
}
function close_block(  certain) {
  branch(); certain = alternative[depth] && every[depth] && other[depth]; depth--
  if (depth) { ways[depth] = ways[depth] ways[depth + 1]; if (certain) here[depth] = 1 }
  else if (certain) print " " substr(ways[1], 2)
}
function put(value, chained) {
  if (over) return
  print " " (within(1) || chained || leaves ? "? " : "") value
  if (depth) { ways[depth] = ways[depth] "|" value; if (!chained) here[depth] = 1 }
}
function command(text, chained,  n, word, i) {
  n = split(text, word, /[ \t]+/); i = (word[1] == "") ? 2 : 1
  for (; word[i] ~ /^(then|else|do|!|builtin|command|[A-Za-z_][A-Za-z0-9_]*=[^\047"]*)$/; i++)
    if (word[i] == "else" && depth) { branch(); other[depth] = asks[depth] = 1 }
  if (depth && choice[depth] && word[i] ~ /[)]$/) i++
  if (word[i] == "elif" && depth) { branch(); asks[depth] = 1 }
  if (word[i] ~ /^(if|case|for|while|until|select|foreach|switch)$/) open(word[i], !interactive(text))
  if (word[i] ~ /^(fi|esac|done|endif|end|endsw|[}])$/ && depth > 0) close_block()
  leaving("" word[i], chained)
  if (text ~ FUNCTION) { open("", "function"); while (i <= n && word[i] !~ /[{]$/) i++; i++ }
  if (word[i] == "umask") {
    if (word[i + 1] ~ /^-[Sp]+$/) i++
    if (word[i + 1] != "" && word[i + 1] !~ /^([>]|-)/) put(word[i + 1], chained)
  }
  if (text !~ FUNCTION && text ~ /[{][ \t]*$/) open("", "function")
  if (brackets(text) > 0) open("", "subshell")
  if (brackets(text) < 0 && asks[depth] == "subshell") close_block()
}
BEGIN { FUNCTION = "^[ \t]*(function[ \t]+[A-Za-z_]|[A-Za-z_][A-Za-z0-9_]*[ \t]*[(][)])[^{]*[{]" }
FNR == 1 { depth = over = leaves = 0 }
{ sub(/^[ \t]*#.*/, ""); sub(/[ \t]#.*/, "") }
/umask.*-eq[ \t]+0/ && /&&/ { next }
/profile\.d|\/etc\/bash\.bashrc|\/etc\/bashrc/ {
  if (/profile\.d/) print " source:/etc/profile.d"
  if (/\/etc\/bash\.bashrc/) print " source:/etc/bash.bashrc"
  if (/\/etc\/bashrc/) print " source:/etc/bashrc"
}
BEGIN { BEFORE = " " }
{ also_read($0) }
{ rest = $0; chained = 0
  while (match(rest, /[;&|]+/)) {
    mark = substr(rest, RSTART, RLENGTH); part = substr(rest, 1, RSTART - 1); rest = substr(rest, RSTART + RLENGTH)
    command(part, chained); chained = (mark == "&&" || mark == "||")
  }
  command(rest, chained) }"""
)

UMASKS = Probe(
    "session.umask",
    CLOSED_START_FILES
    + r"""
echo '#= gecos'
awk -F: '{ told = tolower($5) } told ~ /(^|,)umask=/ {
  sub(/.*umask=[ \t]*/, "", told); sub(/[^0-7].*/, "", told); print " " $1 " " told + 0 }' /etc/passwd
echo '#= pam_umask'
dpkg-query -W -f=' libpam-modules ${Version}\n' libpam-modules 2>/dev/null
for f in /usr/lib/*/security/pam_umask.so /lib/*/security/pam_umask.so; do
  if grep -qs USERGROUPS_ENAB "$f"; then echo ' login.defs'; break; fi
done
"""
    + ALSO_READ
    + print_files(
        "$also /etc/profile /etc/profile.d/*.sh /etc/profile.local /etc/bash.bashrc /etc/bashrc /etc/bash.bashrc.local"
        " /etc/zshenv /etc/zprofile /etc/zshrc /etc/zsh/zshenv /etc/zsh/zprofile /etc/zsh/zshrc"
        " /etc/csh.cshrc /etc/csh.login /etc/profile.d/*.csh",
        _COMMANDS,
    ),
    reduces=Text(
        "各文件只取 umask 的参数和引入的文件",
        "of each file only the arguments of umask and which files it takes in",
    ),
)
# Debian builds pam_umask with usergroups since 1.5.3 (its NEWS); Ubuntu's heeds USERGROUPS_ENAB of login.defs.
_BY_ITSELF = re.compile(r"libpam-modules (?:\d+:)?(\d+)\.(\d+)(?:\.(\d+))?")
KERNEL_UMASK: Final = "022"  # what init and sshd hand on where nothing sets it
_ENTRANCES = ("sshd", "login")
_SYMBOLS = re.compile(r"([ugoa]*)=([rwx]*)")


@dataclass(frozen=True, slots=True)
class LoginUmask:
    """The umask of login sessions of one kind of shell that accounts here use.

    ``values`` are all that can come out (octal text of three digits): more than one where a start file decides by a
    condition. ``set_in`` is the file that decides last, ``pam_umask`` or ``nothing``. ``accounts`` use the shell.
    """

    shell: str
    values: tuple[str, ...]
    set_in: str
    accounts: tuple[str, ...]


def octal(text: str) -> str:
    """``0027``, ``27`` and ``u=rwx,g=rx,o=`` → 027; raises GapFound."""
    bare = text.strip("\"'")
    if re.fullmatch(r"0*[0-7]{1,3}", bare):
        return f"{int(bare, 8):03o}"
    bits = 0o777
    for clause in bare.split(","):
        found = _SYMBOLS.fullmatch(clause)
        if not found:
            raise GapFound(GapReason.NOT_SUPPORTED, f"umask {text[:40]!r}")
        allowed = sum({"r": 4, "w": 2, "x": 1}[letter] for letter in set(found[2]))
        for shift, who in ((6, "u"), (3, "g"), (0, "o")):
            if found[1] in ("", "a") or who in found[1]:
                bits = bits & ~(7 << shift) | ((7 & ~allowed) << shift)
    return f"{bits:03o}"


def login_umasks(
    files: Sequence[ConfigFile],
    start: Sequence[tuple[str, str]],
    people: Sequence[Identity],
    shared: Collection[str] = (),
    own: Mapping[str, str] = MappingProxyType({}),
) -> tuple[LoginUmask, ...]:
    """One row for each kind of shell in use; ``start``: (value, where from) that PAM hands to the shell.

    ``shared`` are the people whose group gets what they have: pam_umask does so to who has a group of the own name.
    ``own``: account → the value of its GECOS field, which pam_umask takes in the end.
    """
    by_path = {file.path: file for file in files}
    users: dict[str, list[str]] = {}
    for who in people:
        if who.can_log_in:
            users.setdefault(_family(who.shell), []).append(who.name)
    return tuple(
        _row(shell, tuple(names), by_path, start, shared, own) for shell, names in sorted(users.items())
    )


def _family(shell: str) -> str:
    name = shell.rsplit("/", 1)[-1]
    families = {"rbash": "bash", "tcsh": "csh", "rzsh": "zsh", "zsh": "zsh", "csh": "csh", "bash": "bash"}
    return families.get(name, "sh")


def _row(
    shell: str,
    accounts: tuple[str, ...],
    files: dict[str, ConfigFile],
    start: Sequence[tuple[str, str]],
    shared: Collection[str],
    own: Mapping[str, str],
) -> LoginUmask:
    values = {
        own.get(name, _widened(value) if name in shared else value) for value, _ in start for name in accounts
    }
    set_in = start[-1][1]
    for path, line in commands_run(
        shell, LOGIN_FILES.get(shell, ("/etc/profile",)), read_by(accounts, files)
    ):
        found = {octal(value) for value in line.removeprefix("? ").split("|")}
        values = values | found if line.startswith("? ") else found
        set_in = path
    return LoginUmask(shell, tuple(sorted(values)), set_in, accounts)


def _widened(value: str) -> str:
    """``027`` → 007: the group may what the owner may."""
    bits = int(value, 8)
    return f"{bits & ~0o070 | bits >> 3 & 0o070:03o}"


def shares_groups(
    configuration: PamConfiguration, files: Sequence[ConfigFile], login_defs: Sequence[ConfigFile]
) -> bool:
    """Whether pam_umask of some entrance is told to, or built to, give the group what the owner has."""
    told = [line for file in files if file.path == "pam_umask" for line in file.lines]
    versions = [found.groups("0") for line in told if (found := _BY_ITSELF.match(line))]
    by_login_defs = "login.defs" in told
    usual = not by_login_defs and any(tuple(map(int, version)) >= (1, 5, 3) for version in versions)
    enabled = [words[1:2] == ["yes"] for words in _words(login_defs) if words[0] == "USERGROUPS_ENAB"][
        -1:
    ] == [True]
    for module in _pam_umask_lines(configuration):
        set_here = module.argument("umask") is not None
        if module.argument("nousergroups") is None and (
            module.argument("usergroups") is not None or usual or (by_login_defs and enabled and not set_here)
        ):
            return True
    return False


def _words(files: Sequence[ConfigFile]) -> list[list[str]]:
    return [line.split() for file in files for line in file.lines if line.split()]


def _pam_umask_lines(configuration: PamConfiguration) -> list[Module]:
    services = [name for name in _ENTRANCES if name in configuration.services]
    stacks = [stack_of(configuration.services, name, "session") for name in services]
    return [module for stack in stacks for module in modules(stack) if module.name == "pam_umask"]


def pam_umasks(
    configuration: PamConfiguration, login_defs: Sequence[ConfigFile]
) -> tuple[tuple[str, str], ...]:
    """(value, where from) for each entrance; pam_umask takes its argument before UMASK of login.defs."""
    settings = [line.split() for file in login_defs for line in file.lines]
    default = [words[1] for words in settings if len(words) > 1 and words[0] == "UMASK"][-1:]
    found = []
    for service in _ENTRANCES:
        if service not in configuration.services:
            continue
        there = [
            m for m in modules(stack_of(configuration.services, service, "session")) if m.name == "pam_umask"
        ]
        given = [value for module in there if (value := module.argument("umask"))] or (
            default if there else []
        )
        found.append((octal(given[-1]), "pam_umask") if given else (KERNEL_UMASK, "nothing"))
    return tuple(dict.fromkeys(found)) or ((KERNEL_UMASK, "nothing"),)


def build_login_umasks(evidence: Evidence) -> tuple[LoginUmask, ...]:
    """What sessions end up with."""
    files = config_files(evidence.text(UMASKS.id))
    return login_umasks(
        files,
        _start(evidence),
        evidence.fact("identities"),
        _shared(evidence, files),
        _of_gecos(evidence, files),
    )


def _of_gecos(evidence: Evidence, files: Sequence[ConfigFile]) -> dict[str, str]:
    """``umask=077`` in the GECOS field of an account, where an entrance has pam_umask(8), which reads it."""
    try:
        if not _pam_umask_lines(read_pam(evidence)):
            return {}
    except GapFound:
        return {}
    told = [line.split() for file in files if file.path == "gecos" for line in file.lines]
    return {words[0]: octal(words[1]) for words in told if len(words) == 2}


def _shared(evidence: Evidence, files: Sequence[ConfigFile]) -> frozenset[str]:
    """Who has a group of the own name, where pam_umask heeds that; never root."""
    try:
        heeded = shares_groups(read_pam(evidence), files, config_files(evidence.text(LOGIN_DEFS.id)))
    except GapFound:
        heeded = False
    names = {group.gid: group.name for group in evidence.fact("groups")} if heeded else {}
    return frozenset(
        who.name for who in evidence.fact("identities") if who.uid and names.get(who.gid) == who.name
    )


def _start(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    """What PAM hands to the shell; a system without PAM (Alpine) hands on the kernel's."""
    try:
        configuration = read_pam(evidence)
    except GapFound as found:
        if found.gap.reason is GapReason.NOT_SUPPORTED:
            return ((KERNEL_UMASK, "nothing"),)
        raise
    return pam_umasks(configuration, config_files(evidence.text(LOGIN_DEFS.id)))


LOGIN_UMASKS = Fact(
    "login_umasks",
    Text("登录会话的umask", "The umask of login sessions"),
    tuple[LoginUmask, ...],
    build_login_umasks,
    (UMASKS, LOGIN_DEFS, PAM_FILES, PASSWD, GROUP),
    uses=("identities", "groups"),
)
