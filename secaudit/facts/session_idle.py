"""What ends an idle session: TMOUT and autologout of the shells, StopIdleSessionSec of systemd-logind.

bash(1) and zsh(1) end an interactive shell after TMOUT seconds, ksh too, the ash of busybox where it was built so
(Alpine); csh and tcsh after ``autologout`` minutes; dash and fish have nothing of the kind. ClientAliveInterval of
sshd finds dead peers, not idle people.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.config_files import ConfigFile, config_files, number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.pam import PAM_FILES, PamConfiguration, read_pam
from secaudit.facts.pam_environment import at_login
from secaudit.facts.passwd_file import Identity
from secaudit.facts.session_idle_probe import IDLE, IDLE_USERS
from secaudit.facts.start_files import commands_run, read_by
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

# Shells that heed a TMOUT of their environment.
_IMPORTS = frozenset({"bash", "ksh", "zsh"})
LOGIN_FILES = {
    # RHEL 7 takes /etc/bashrc in by the ~/.bashrc that every new account gets.
    "bash": ("/etc/profile", "/etc/profile.local", "/etc/bashrc"),
    "ksh": ("/etc/profile",),
    "ash": ("/etc/profile",),
    "zsh": (
        *("/etc/zshenv", "/etc/zsh/zshenv", "/etc/zprofile", "/etc/zsh/zprofile"),
        *("/etc/zshrc", "/etc/zsh/zshrc"),
    ),
    "csh": ("/etc/csh.cshrc", "/etc/csh.login"),
}
_VALUE = re.compile(r"TMOUT:?[=]\s*[\"']?(?:\$\{TMOUT:?[-=])?([^\s\"'}]*)")
_AUTOLOGOUT = re.compile(r"autologout\s*=\s*\(?\s*([^\s)]*)")
_READONLY = re.compile(r"\b(?:readonly|(?:typeset|declare)\s+(?:-\w+\s+)*-\w*r\w*)\b.*\bTMOUT")
_LONGEST = 1000
# What a command that sets the variable begins with; in any other (echo, a function) it is an argument.
# ``: ${TMOUT:=9}`` sets it, too.
_SETS = re.compile(
    r"(?:(?:then|else|do|[{!(])\s+)*(?:\*=\s+)*(?:\*\s+\$\{TMOUT:?=|[\"'({]*"
    r"(?:TMOUT|autologout|StopIdleSessionSec|export|readonly|typeset|declare|set|setenv|unset)\b)"
)
# ``TMOUT=600 * …``: the environment of one command, no setting of the shell.
_FOR_ONE_COMMAND = re.compile(r"(?:(?:then|else|do|[{!(])\s+)*(?:\*=\s+)*TMOUT=\S*(?:\s+\*=)*\s+\*(?!=)")


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

    ``? TMOUT=600`` is the same under a condition. Raises GapFound, as for what nobody writes on one line.
    """
    if len(command) > _LONGEST:
        raise GapFound(GapReason.UNPARSABLE, f"{path}: a command of {len(command)} characters")
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
    if _FOR_ONE_COMMAND.match(command):
        return None
    read_only = bool(_READONLY.search(command))
    value = _VALUE.search(command)
    if value:
        return Setting(_seconds(value[1], path), read_only, path, not _SETS.match(command))
    return Setting(None, True, path, not _SETS.match(command)) if read_only else None


def _seconds(text: str, path: str) -> int:
    """Nothing counts as 0; a variable cannot be told from here."""
    return number(text, f"idle time in {path}") if text else 0


def effective(settings: Iterable[Setting]) -> Setting:
    """What is left after all commands: the last one before the variable became read-only.

    Raises GapFound for one that runs under a condition and is not overruled by a later one.
    """
    now = Setting(0, False, "nothing")
    doubt = ""
    for setting in settings:
        if now.read_only:
            break
        if setting.conditional:
            doubt = setting.path
            if setting.read_only:
                break
        elif setting.seconds is not None:
            now, doubt = setting, ""
        else:
            now = Setting(now.seconds, True, now.path)
    if doubt:
        raise GapFound(GapReason.NOT_SUPPORTED, f"{doubt} sets the idle time under a condition")
    return now


def idle_rules(
    files: Sequence[ConfigFile], people: Sequence[Identity], configuration: PamConfiguration
) -> tuple[IdleRule, ...]:
    """One row for each kind of shell in use; raises GapFound for a value that is not a plain number."""
    by_path = {file.path: file for file in files}
    session_s = _logind(files)
    users: dict[str, list[str]] = {}
    for who in people:
        if who.can_log_in:
            users.setdefault(_family(who.shell, by_path), []).append(who.name)
    given = at_login(configuration, by_path)
    return tuple(
        _rule(shell, tuple(names), by_path, given if shell in _IMPORTS else [], session_s)
        for shell, names in sorted(users.items())
    )


def _family(shell: str, files: dict[str, ConfigFile]) -> str:
    """``/usr/bin/bash`` → bash. /bin/sh is what the link says; ``busybox`` is an ash that knows no TMOUT."""
    name = shell.rsplit("/", 1)[-1]
    if name == "sh" and files.get("/bin/sh") and files["/bin/sh"].lines:
        name = files["/bin/sh"].lines[0].rsplit("/", 1)[-1]
    if name in ("ash", "busybox"):
        return "ash" if "busybox" in files else "busybox"
    families = {"rbash": "bash", "ksh93": "ksh", "mksh": "ksh", "tcsh": "csh", "rksh": "ksh", "rzsh": "zsh"}
    return families.get(name, name)


def _rule(
    shell: str,
    accounts: tuple[str, ...],
    files: dict[str, ConfigFile],
    given: list[tuple[str, str]],
    session_s: int,
) -> IdleRule:
    found = effective(_settings(shell, read_by(accounts, files), given))
    seconds = found.seconds or 0
    if session_s and (not seconds or session_s < seconds):
        return IdleRule(shell, session_s, True, "systemd-logind", accounts)
    return IdleRule(shell, seconds, found.read_only, found.path, accounts)


def _settings(shell: str, files: Mapping[str, ConfigFile], given: list[tuple[str, str]]) -> list[Setting]:
    """The commands in the order a login shell reads them; ``profile.d`` where /etc/profile takes it in."""
    read = commands_run(shell, LOGIN_FILES.get(shell, ()), files)
    settings = (parse_setting(line, path) for path, line in (*given, *read))
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
    files = config_files(evidence.text(IDLE.id))
    try:
        configuration = read_pam(evidence)
    except GapFound as found:
        if found.gap.reason is not GapReason.NOT_SUPPORTED:
            raise
        configuration = PamConfiguration({}, {})
    return idle_rules(files, evidence.fact("identities"), configuration)


def build_overrides(evidence: Evidence) -> tuple[IdleOverride, ...]:
    """The users' own settings."""
    return parse_overrides(evidence.text(IDLE_USERS.id))


SESSION_IDLE = Fact(
    "session_idle",
    Text("登录连接超时自动退出", "Time-out of idle sessions"),
    tuple[IdleRule, ...],
    build_session_idle,
    (IDLE, PAM_FILES, PASSWD),
    uses=("identities",),
)
SESSION_IDLE_OVERRIDES = Fact(
    "session_idle_overrides",
    Text("用户自设的超时自动退出", "Idle time-outs users set themselves"),
    tuple[IdleOverride, ...],
    build_overrides,
    (IDLE_USERS,),
)
