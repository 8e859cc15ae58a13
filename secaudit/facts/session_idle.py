"""What ends an idle session: TMOUT and autologout of the shells, StopIdleSessionSec of systemd-logind.

bash(1) and zsh(1) end an interactive shell after TMOUT seconds, ksh too, the ash of busybox where it was built so
(Alpine); csh and tcsh after ``autologout`` minutes; dash and fish have nothing of the kind. ClientAliveInterval of
sshd finds dead peers, not idle people.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from secaudit.facts.accounts import PASSWD, Identity
from secaudit.facts.config_files import ConfigFile, config_files, number, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.start_files import commands_run
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Of a command that names a setting, the setting and the words of the shell around it; any other word may be a secret.
_KEPT = r"""
function kept(command,  n, i, word, out) {
  n = split(command, word, /[ \t]+/)
  for (i = 1; i <= n; i++) {
    if (word[i] ~ /^["'({$!\[]*(TMOUT|autologout|StopIdleSessionSec)/ || word[i] ~ SHELL) out = out " " word[i]
    else if (word[i] != "") out = out " *"
  }
  return out
}
BEGIN {
  SHELL = "^(if|then|else|fi|case|test|export|readonly|typeset|declare|set|unset|setenv|!|[][]+|=|-[A-Za-z][A-Za-z]?|"
  SHELL = SHELL "[=(]*[0-9]+[a-z]*[)]*)$"
}
""".replace("'", r"'\''")

# "source:" marks where a file takes others in, "? " a command that runs under a condition: between if and fi, in a
# case, a loop or a function, behind && and ||.
_SETTINGS = (
    _KEPT
    + r"""function command(text, chained,  n, word, i) {
  n = split(text, word, /[ \t]+/); i = (word[1] == "") ? 2 : 1
  while (word[i] ~ /^(then|else|do|!)$/) i++
  if (word[i] ~ /^(if|case|for|while|until|select|foreach|switch)$/) depth++
  if (word[i] ~ /^(fi|esac|done|endif|end|endsw|[}])$/ && depth > 0) depth--
  if (text ~ /TMOUT|autologout|StopIdleSessionSec/) print " " (depth || chained ? "? " : "") substr(kept(text), 2)
  if (text ~ /[{][ \t]*$/) depth++
}
FNR == 1 { depth = 0 }
FILENAME ~ /logind/ && /^[ \t]*;/ { next }
{ sub(/^[ \t]*#.*/, ""); sub(/[ \t]#.*/, "") }
/profile\.d|\/etc\/bash\.bashrc|\/etc\/bashrc/ && !/TMOUT/ {
  if (/profile\.d/) print " source:/etc/profile.d"
  if (/\/etc\/bash\.bashrc/) print " source:/etc/bash.bashrc"
  if (/\/etc\/bashrc/) print " source:/etc/bashrc"
}
{
  rest = $0; chained = 0
  while (match(rest, /[;&|]+/)) {
    mark = substr(rest, RSTART, RLENGTH); part = substr(rest, 1, RSTART - 1); rest = substr(rest, RSTART + RLENGTH)
    command(part, chained)
    chained = (mark == "&&" || mark == "||")
  }
  command(rest, chained)
}"""
)

# StopIdleSessionSec came with systemd 252 and to some older ones (RHEL 8) later: the program itself tells.
IDLE = Probe(
    "session.idle",
    r"""echo '#= /bin/sh'; echo " $(readlink -f /bin/sh)"
if grep -qs TMOUT /bin/busybox; then echo '#= busybox'; echo ' TMOUT'; fi
echo '#= systemd-logind'
if grep -qs StopIdleSessionSec /usr/lib/systemd/systemd-logind /lib/systemd/systemd-logind; then echo ' knows'; fi
echo " $(systemctl is-active systemd-logind 2>/dev/null)"
"""
    + print_files(
        "/etc/environment /etc/profile /etc/profile.d/*.sh /etc/profile.local /etc/bash.bashrc /etc/bashrc"
        " /etc/bash.bashrc.local /etc/zshenv /etc/zprofile /etc/zshrc /etc/zsh/zshenv /etc/zsh/zprofile /etc/zsh/zshrc"
        " /etc/csh.cshrc /etc/csh.login /etc/profile.d/*.csh"
        " /usr/lib/systemd/logind.conf /etc/systemd/logind.conf"
        " /usr/lib/systemd/logind.conf.d/*.conf /etc/systemd/logind.conf.d/*.conf",
        _SETTINGS,
    ),
    reduces="of each file only TMOUT, autologout and StopIdleSessionSec, other words of their commands as *",
)

IDLE_USERS = Probe(
    "session.idle_users",
    "set --\n"
    "while IFS=: read -r name x uid gid gecos home shell; do\n"
    '  case "$shell" in */nologin|*/false|*/sync) continue ;; esac\n'
    "  for f in .bash_profile .bash_login .profile .bashrc .zshrc .zprofile .cshrc .tcshrc .login; do\n"
    '    [ ! -f "$home/$f" ] || set -- "$@" "$home/$f"\n'
    "  done\n"
    "done < /etc/passwd\n"
    "[ $# -eq 0 ] || awk '"
    + _KEPT
    + """{ sub(/^[ \\t]*#.*/, "") }
/TMOUT|autologout/ { n = split($0, part, /[;&|]+/)
  for (i = 1; i <= n; i++) if (part[i] ~ /TMOUT|autologout/) print FILENAME ":" kept(part[i]) }' "$@\"""",
    root=True,
    reduces="of each file only TMOUT and autologout, other words of their commands as *",
)

LOGIN_FILES = {
    # RHEL 7 takes /etc/bashrc in by the ~/.bashrc that every new account gets.
    "bash": ("/etc/environment", "/etc/profile", "/etc/profile.local", "/etc/bashrc"),
    "ksh": ("/etc/environment", "/etc/profile"),
    "ash": ("/etc/profile",),
    "zsh": (
        *("/etc/environment", "/etc/zshenv", "/etc/zsh/zshenv", "/etc/zprofile", "/etc/zsh/zprofile"),
        *("/etc/zshrc", "/etc/zsh/zshrc"),
    ),
    "csh": ("/etc/csh.cshrc", "/etc/csh.login"),
}
_VALUE = re.compile(r"TMOUT:?[=]\s*[\"']?(?:\$\{TMOUT:?[-=])?([^\s\"'}]*)")
_AUTOLOGOUT = re.compile(r"autologout\s*=\s*\(?\s*([^\s)]*)")
_READONLY = re.compile(r"\b(?:readonly|(?:typeset|declare)\s+-\w*r\w*)\b.*\bTMOUT")


@dataclass(frozen=True, slots=True)
class IdleRule:
    """What ends an idle login session of one kind of shell that accounts here use.

    ``timeout_s`` is 0 when nothing does. ``read_only``: the user cannot change it. ``set_in`` is the file that decides,
    or "nothing". ``accounts`` use the shell.
    """

    shell: str
    timeout_s: int
    read_only: bool
    set_in: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdleOverride:
    """A start file of a user that sets the idle time itself; 0 switches it off."""

    path: str
    timeout_s: int


@dataclass(frozen=True, slots=True)
class Setting:
    """A command that sets, unsets or protects the idle time. ``seconds`` is None for ``readonly TMOUT`` alone.

    ``conditional``: it runs for some sessions only, and which ones is not told.
    """

    seconds: int | None
    read_only: bool
    path: str
    conditional: bool = False


def parse_setting(command: str, path: str) -> Setting | None:
    """``readonly TMOUT=600`` → 600 s, read-only; ``set autologout=10`` → 600 s; None for a mere mention.

    ``? TMOUT=600`` is the same under a condition.
    """
    if command.startswith("? "):
        setting = parse_setting(command[2:], path)
        return replace(setting, conditional=True) if setting else None
    if "autologout" in command:
        minutes = _AUTOLOGOUT.search(command)
        if minutes:
            return Setting(60 * _seconds(minutes[1], path), False, path)
        return Setting(0, False, path) if "unset" in command else None
    if re.search(r"\bunset\b.*\bTMOUT", command):
        return Setting(0, False, path)
    read_only = bool(_READONLY.search(command))
    value = _VALUE.search(command)
    if value:
        return Setting(_seconds(value[1], path), read_only, path)
    return Setting(None, True, path) if read_only else None


def _seconds(text: str, path: str) -> int:
    """Nothing counts as 0; a variable cannot be told from here."""
    return number(text, f"idle time in {path}") if text else 0


def effective(settings: Iterable[Setting]) -> Setting:
    """What is left after all commands: the last one before the variable became read-only.

    Raises GapFound for one that runs under a condition.
    """
    now = Setting(0, False, "nothing")
    for setting in settings:
        if now.read_only:
            break
        if setting.conditional:
            raise GapFound(GapReason.NOT_SUPPORTED, f"{setting.path} sets the idle time under a condition")
        now = setting if setting.seconds is not None else Setting(now.seconds, True, now.path)
    return now


def idle_rules(files: Sequence[ConfigFile], people: Sequence[Identity]) -> tuple[IdleRule, ...]:
    """One row for each kind of shell in use; raises GapFound for a value that is not a plain number."""
    by_path = {file.path: file for file in files}
    session_s = _logind(files)
    users: dict[str, list[str]] = {}
    for who in people:
        if who.can_log_in:
            users.setdefault(_family(who.shell, by_path), []).append(who.name)
    return tuple(_rule(shell, tuple(names), by_path, session_s) for shell, names in sorted(users.items()))


def _family(shell: str, files: dict[str, ConfigFile]) -> str:
    """``/usr/bin/bash`` → bash. /bin/sh is what the link says; ``busybox`` is an ash that knows no TMOUT."""
    name = shell.rsplit("/", 1)[-1]
    if name == "sh" and files.get("/bin/sh") and files["/bin/sh"].lines:
        name = files["/bin/sh"].lines[0].rsplit("/", 1)[-1]
    if name in ("ash", "busybox"):
        return "ash" if "busybox" in files else "busybox"
    families = {"rbash": "bash", "ksh93": "ksh", "mksh": "ksh", "tcsh": "csh", "rksh": "ksh", "rzsh": "zsh"}
    return families.get(name, name)


def _rule(shell: str, accounts: tuple[str, ...], files: dict[str, ConfigFile], session_s: int) -> IdleRule:
    found = effective(_settings(shell, files))
    seconds = found.seconds or 0
    if session_s and (not seconds or session_s < seconds):
        return IdleRule(shell, session_s, True, "systemd-logind", accounts)
    return IdleRule(shell, seconds, found.read_only, found.path, accounts)


def _settings(shell: str, files: dict[str, ConfigFile]) -> list[Setting]:
    """The commands in the order a login shell reads them; ``profile.d`` where /etc/profile takes it in."""
    read = commands_run(shell, LOGIN_FILES.get(shell, ()), files)
    settings = (parse_setting(line, path) for path, line in read)
    return [setting for setting in settings if setting]


def _logind(files: Sequence[ConfigFile]) -> int:
    """logind.conf(5) StopIdleSessionSec in seconds; 0 for ``infinity``, the default, and where no logind heeds it."""
    heeded = {"knows", "active"} <= {
        line for file in files if file.path == "systemd-logind" for line in file.lines
    }
    seconds = 0
    for file in files if heeded else ():
        for line in file.lines:
            key, _, value = line.partition("=")
            if key.strip() == "StopIdleSessionSec" and "logind" in file.path:
                seconds = _time_span(value.strip())
    return seconds


_UNITS = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "hr": 3600, "d": 86_400}


def _time_span(text: str) -> int:
    """``15min`` → 900 (systemd.time(7)); raises GapFound."""
    if text in ("", "infinity"):
        return 0
    parts = re.findall(r"(\d+)\s*([a-z]*)", text)
    if not parts or any(unit not in _UNITS for _, unit in parts):
        raise GapFound(GapReason.UNPARSABLE, f"StopIdleSessionSec={text[:40]}")
    return sum(int(amount) * _UNITS[unit] for amount, unit in parts)


def parse_overrides(text: str) -> tuple[IdleOverride, ...]:
    """``/root/.bashrc:export TMOUT=0`` → IdleOverride; usually there is none."""
    found = []
    for line in text.split("\n"):
        path, colon, command = line.partition(":")
        if not line:
            continue
        if not colon:
            raise GapFound(GapReason.UNPARSABLE, line[:60])
        setting = parse_setting(command, path)
        if setting is not None and setting.seconds is not None:
            found.append(IdleOverride(path, setting.seconds))
    return tuple(found)


def build_session_idle(evidence: Evidence) -> tuple[IdleRule, ...]:
    """One row for each kind of shell that accounts use. An absent file sets nothing."""
    return idle_rules(config_files(evidence.text(IDLE.id)), evidence.fact("identities"))


def build_overrides(evidence: Evidence) -> tuple[IdleOverride, ...]:
    """The users' own settings."""
    return parse_overrides(evidence.text(IDLE_USERS.id))


SESSION_IDLE = Fact(
    "session_idle",
    Text("登录连接超时自动退出", "Time-out of idle sessions"),
    tuple[IdleRule, ...],
    build_session_idle,
    (IDLE, PASSWD),
    uses=("identities",),
)
SESSION_IDLE_OVERRIDES = Fact(
    "session_idle_overrides",
    Text("用户自设的超时自动退出", "Idle time-outs users set themselves"),
    tuple[IdleOverride, ...],
    build_overrides,
    (IDLE_USERS,),
)
