"""With which umask a login session ends up: pam_umask(8), login.defs(5), and the start files of the shells in order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from secaudit.facts.accounts import PASSWD, Identity
from secaudit.facts.busybox_accounts import LOGIN_DEFS
from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.pam import PAM_FILES, PamConfiguration, read_pam
from secaudit.facts.pam_stack import modules, stack_of
from secaudit.facts.session_idle import LOGIN_FILES
from secaudit.facts.start_files import CLOSED_START_FILES, commands_run, read_by
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# "?" marks a command that runs under a condition, "source:" where a file takes others in. An if with an else, of which
# every branch sets the umask, leaves one of its values for certain: ``002|022``. That umask is 0 before (RHEL 9) is no
# condition of a login.
_COMMANDS = r"""
function branch() { if (!here[depth]) every[depth] = 0; here[depth] = 0 }
function open(word) {
  depth++; alternative[depth] = (word == "if"); choice[depth] = (word == "case")
  every[depth] = 1; here[depth] = other[depth] = 0; ways[depth] = ""
}
function close_block(  certain) {
  branch(); certain = alternative[depth] && every[depth] && other[depth]; depth--
  if (depth) { ways[depth] = ways[depth] ways[depth + 1]; if (certain) here[depth] = 1 }
  else if (certain) print " " substr(ways[1], 2)
}
function put(value, chained) {
  print " " (depth || chained ? "? " : "") value
  if (depth) { ways[depth] = ways[depth] "|" value; if (!chained) here[depth] = 1 }
}
function command(text, chained,  n, word, i) {
  n = split(text, word, /[ \t]+/); i = (word[1] == "") ? 2 : 1
  for (; word[i] ~ /^(then|else|do|!|builtin|command)$/; i++)
    if (word[i] == "else" && depth) { branch(); other[depth] = 1 }
  if (depth && choice[depth] && word[i] ~ /[)]$/) i++
  if (word[i] == "elif" && depth) branch()
  if (word[i] ~ /^(if|case|for|while|until|select|foreach|switch)$/) open(word[i])
  if (word[i] ~ /^(fi|esac|done|endif|end|endsw|[}])$/ && depth > 0) close_block()
  if (word[i] == "umask" && word[i + 1] != "" && word[i + 1] !~ /^(-S|-p|[>])/) put(word[i + 1], chained)
  if (text ~ /[{][ \t]*$/) open("")
}
FNR == 1 { depth = 0 }
{ sub(/^[ \t]*#.*/, ""); sub(/[ \t]#.*/, "") }
/umask.*-eq[ \t]+0/ && /&&/ { next }
/profile\.d|\/etc\/bash\.bashrc|\/etc\/bashrc/ {
  if (/profile\.d/) print " source:/etc/profile.d"
  if (/\/etc\/bash\.bashrc/) print " source:/etc/bash.bashrc"
  if (/\/etc\/bashrc/) print " source:/etc/bashrc"
}
{ rest = $0; chained = 0
  while (match(rest, /[;&|]+/)) {
    mark = substr(rest, RSTART, RLENGTH); part = substr(rest, 1, RSTART - 1); rest = substr(rest, RSTART + RLENGTH)
    command(part, chained); chained = (mark == "&&" || mark == "||")
  }
  command(rest, chained) }"""

UMASKS = Probe(
    "session.umask",
    CLOSED_START_FILES
    + "\n"
    + print_files(
        "/etc/profile /etc/profile.d/*.sh /etc/profile.local /etc/bash.bashrc /etc/bashrc /etc/bash.bashrc.local"
        " /etc/zshenv /etc/zprofile /etc/zshrc /etc/zsh/zshenv /etc/zsh/zprofile /etc/zsh/zshrc"
        " /etc/csh.cshrc /etc/csh.login /etc/profile.d/*.csh",
        _COMMANDS,
    ),
    reduces="of each file only the arguments of umask and which files it takes in",
)
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
    files: Sequence[ConfigFile], start: Sequence[tuple[str, str]], people: Sequence[Identity]
) -> tuple[LoginUmask, ...]:
    """One row for each kind of shell in use; ``start``: (value, where from) that PAM hands to the shell."""
    by_path = {file.path: file for file in files}
    users: dict[str, list[str]] = {}
    for who in people:
        if who.can_log_in:
            users.setdefault(_family(who.shell), []).append(who.name)
    return tuple(_row(shell, tuple(names), by_path, start) for shell, names in sorted(users.items()))


def _family(shell: str) -> str:
    name = shell.rsplit("/", 1)[-1]
    families = {"rbash": "bash", "tcsh": "csh", "rzsh": "zsh", "zsh": "zsh", "csh": "csh", "bash": "bash"}
    return families.get(name, "sh")


def _row(
    shell: str, accounts: tuple[str, ...], files: dict[str, ConfigFile], start: Sequence[tuple[str, str]]
) -> LoginUmask:
    values = {value for value, _ in start}
    set_in = start[-1][1]
    for path, line in commands_run(
        shell, LOGIN_FILES.get(shell, ("/etc/profile",)), read_by(accounts, files)
    ):
        found = {octal(value) for value in line.removeprefix("? ").split("|")}
        values = values | found if line.startswith("? ") else found
        set_in = path
    return LoginUmask(shell, tuple(sorted(values)), set_in, accounts)


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
    return login_umasks(config_files(evidence.text(UMASKS.id)), _start(evidence), evidence.fact("identities"))


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
    (UMASKS, LOGIN_DEFS, PAM_FILES, PASSWD),
    uses=("identities",),
)
