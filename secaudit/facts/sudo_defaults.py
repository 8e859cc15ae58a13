"""How sudo is set: the Defaults of sudoers(5), and what its release does where nothing is set."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import config_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.packages import PACKAGES, Package
from secaudit.facts.root_environment import is_open
from secaudit.facts.sudo_probe import SUDOERS
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

# sudo 1.9.14: "The use_pty option is now enabled by default."
_PTY_BY_DEFAULT = (1, 9, 14)
# What a program loads or runs by such a variable runs as root.
_LOADED = re.compile(
    r"LD_\w+|\*|BASH_ENV|ENV|SHELLOPTS|PYTHON\w*|PERL\w*|RUBY\w*|NODE_\w+|JAVA_TOOL_OPTIONS|GCONV_PATH|PATH|IFS|TERMINFO"
)
NEVER_EXPIRES = -1
# sudoers(5): 5 minutes; Debian and what comes of it compile in 15, which counts where the package is not known.
DEFAULT_TIMEOUT_S = 300
DEBIAN_TIMEOUT_S = 900
_PACKAGES = ("sudo", "sudo-ldap")


@dataclass(frozen=True, slots=True)
class SudoDefaults:
    """The Defaults that bind everybody; False and "" throughout where there is no sudo.

    ``timestamp_s`` is how long a password counts, -1 for ever. ``secure_path`` is "" where the path of the caller is
    searched; ``open_folders`` are those of it that are relative or that everybody may write. ``environment`` are
    variables that are kept and that programs load code by. ``exceptions`` are Defaults for some users, hosts or
    commands that take a protection back: ``:ann !use_pty``.
    """

    installed: bool
    use_pty: bool
    own_log: bool
    timestamp_s: int
    secure_path: str
    open_folders: tuple[str, ...]
    env_reset: bool
    environment: tuple[str, ...]
    exceptions: tuple[str, ...]


ABSENT = SudoDefaults(False, False, False, 0, "", (), False, (), ())


def parse_sudo_defaults(text: str, packages: Callable[[], Sequence[Package]]) -> SudoDefaults:
    """``Defaults use_pty``, ``Defaults secure_path="/usr/bin"`` → SudoDefaults; raises GapFound.

    ``packages`` are asked for where the files do not tell.
    """
    if text.strip() == "#absent":
        return ABSENT
    options = [
        (word.removeprefix("Defaults"), option.strip())
        for file in config_files(text)
        for word, _, option in (line.strip().partition(" ") for line in file.lines)
        if word.startswith("Defaults")
    ]
    everybody = [option for scope, option in options if scope == ""]
    flags = {option.lstrip("!"): not option.startswith("!") for option in everybody if "=" not in option}
    values = [option for option in everybody if "=" in option]
    secure_path = _last(values, "secure_path") if flags.get("secure_path", True) else ""
    return SudoDefaults(
        installed=True,
        use_pty=flags["use_pty"] if "use_pty" in flags else _pty_by_default(packages()),
        own_log=any(flags.get(name, False) for name in ("logfile", "log_output")),
        timestamp_s=_timestamp_s(_last(values, "timestamp_timeout"), flags, packages),
        secure_path=secure_path,
        open_folders=tuple(folder for folder in secure_path.split(":") if secure_path and is_open(folder)),
        env_reset=flags.get("env_reset", True),
        environment=_environment(values),
        exceptions=tuple(f"{scope} {option}" for scope, option in options if scope and _takes_back(option)),
    )


def _pty_by_default(packages: Sequence[Package]) -> bool:
    """Whether this release has use_pty on by itself; a sudo that no package brought has a release nobody can tell."""
    for package in packages:
        version = re.match(r"(?:\d+:)?(\d+)\.(\d+)\.(\d+)", package.version)
        if package.name in _PACKAGES and version:
            return tuple(int(part) for part in version.groups()) >= _PTY_BY_DEFAULT
    raise GapFound(GapReason.NOT_SUPPORTED, "use_pty is not set, and the release of sudo is not known")


def _last(values: Sequence[str], name: str) -> str:
    """The value of the last ``name = "value"``, "" where there is none."""
    found = ""
    for option in values:
        key, _, value = option.partition("=")
        if key.strip() == name:
            found = value.strip().strip('"')
    return found


def _timestamp_s(value: str, flags: dict[str, bool], packages: Callable[[], Sequence[Package]]) -> int:
    """sudoers(5): minutes, a fraction too; less than 0 is for ever, !timestamp_timeout is 0."""
    if not flags.get("timestamp_timeout", True):
        return 0
    if not value:
        return _timeout_by_default(packages)
    try:
        minutes = float(value)
        return NEVER_EXPIRES if minutes < 0 else round(minutes * 60)
    except (ValueError, OverflowError):
        raise GapFound(GapReason.UNPARSABLE, f"timestamp_timeout={value[:20]}") from None


def _timeout_by_default(packages: Callable[[], Sequence[Package]]) -> int:
    """What the package was built with; the longest where nobody can tell."""
    try:
        sources = {package.source for package in packages() if package.name in _PACKAGES}
    except GapFound:
        return DEBIAN_TIMEOUT_S
    return DEFAULT_TIMEOUT_S if sources and "dpkg" not in sources else DEBIAN_TIMEOUT_S


def _environment(values: Sequence[str]) -> tuple[str, ...]:
    """Names that env_keep lets through; ``-=`` takes names out again."""
    kept: dict[str, None] = {}
    for option in values:
        key, _, value = option.partition("=")
        name, operator = key.strip().rstrip("+-").strip(), key.strip()[-1:]
        if name != "env_keep":
            continue
        if operator not in "+-":
            kept.clear()
        for variable in value.strip().strip('"').split():
            bare = variable.partition("=")[0]
            if operator == "-":
                kept.pop(bare, None)
            elif _LOADED.fullmatch(bare):
                kept[bare] = None
    return tuple(kept)


def _takes_back(option: str) -> bool:
    return option in ("!use_pty", "!env_reset", "!secure_path", "setenv")


def build_sudo_defaults(evidence: Evidence) -> SudoDefaults:
    """How sudo is set."""
    return parse_sudo_defaults(evidence.text(SUDOERS.id), lambda: evidence.fact("packages"))


SUDO_DEFAULTS = Fact(
    "sudo_defaults",
    Text("sudo全局设置", "Settings of sudo"),
    SudoDefaults,
    build_sudo_defaults,
    (SUDOERS, PACKAGES),
    uses=("packages",),
)
