"""Whether bash keeps the commands of its users, and when they were typed: bash(1), HISTFILE and its relatives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# A value is printed where it is a number or /dev/null. "unset HISTFILE" and "set +o history" keep nothing.
_SETTINGS = r"""
{
  sub(/^[ \t]*#.*/, ""); s = $0
  while (match(s, /(^|[ \t;&])HIST(SIZE|FILE|FILESIZE|TIMEFORMAT)=[^ \t;&]*/)) {
    w = substr(s, RSTART, RLENGTH); s = substr(s, RSTART + RLENGTH); sub(/^[^H]*/, "", w)
    name = w; sub(/=.*/, "", name); sub(/^[^=]*=/, "", w); gsub(/["\047]/, "", w)
    if (name == "HISTTIMEFORMAT") w = (w == "") ? "" : "set"
    else if (w !~ /^-?[0-9]+$/ && w != "/dev/null" && w != "") w = "other"
    print " " name "=" w
  }
  if ($0 ~ /(^|[ \t;&])unset[ \t]+([A-Za-z_]+[ \t]+)*HISTFILE([ \t;&]|$)/) print " HISTFILE="
  if ($0 ~ /(^|[ \t;&])set[ \t]+[+]o[ \t]+history([ \t;&]|$)/) print " HISTSIZE=0"
}"""

HISTORY = Probe(
    "shell.history",
    print_files(
        "/etc/profile /etc/profile.d/*.sh /etc/profile.local /etc/bash.bashrc /etc/bashrc /etc/bash.bashrc.local"
        " /root/.bash_profile /root/.bash_login /root/.profile /root/.bashrc",
        _SETTINGS,
    ),
    root=True,
    reduces=Text(
        "每个文件只取 bash 命令历史的设置，取值仅在为数字或 /dev/null 时输出",
        "of each file only the settings of the history of bash, values only where they are numbers or /dev/null",
    ),
)


@dataclass(frozen=True, slots=True)
class ShellHistory:
    """The history of bash as the files for everybody, and then those of root, leave it.

    ``off_by`` are the files after which nothing is kept: an empty or discarded HISTFILE, a size of 0. ``timed``:
    HISTTIMEFORMAT is set for everybody.
    """

    off_by: tuple[str, ...]
    timed: bool


def history_of(files: Sequence[ConfigFile]) -> ShellHistory:
    """``HISTFILE=/dev/null`` in /etc/profile.d/x.sh → that file; a later file may take it back."""
    everybody = [file for file in files if not file.path.startswith("/root/")]
    shared = _settings(everybody)
    root = {**shared, **_settings([file for file in files if file.path.startswith("/root/")])}
    off = dict.fromkeys((*_off(shared), *_off(root)))
    return ShellHistory(tuple(off), bool(shared.get("HISTTIMEFORMAT", ("", ""))[0]))


def _settings(files: Iterable[ConfigFile]) -> dict[str, tuple[str, str]]:
    """Name → the value that was set last, and the file that did."""
    return {
        name: (value, file.path)
        for file in files
        for line in file.lines
        for name, _, value in (line.partition("="),)
    }


def _off(settings: dict[str, tuple[str, str]]) -> list[str]:
    nothing = {"HISTFILE": ("", "/dev/null"), "HISTSIZE": ("0",), "HISTFILESIZE": ("0",)}
    return [path for name, (value, path) in settings.items() if value in nothing.get(name, ())]


def build_shell_history(evidence: Evidence) -> ShellHistory:
    """The history of bash."""
    return history_of(config_files(evidence.text(HISTORY.id)))


SHELL_HISTORY = Fact(
    "shell_history",
    Text("命令历史设置", "Settings of the command history"),
    ShellHistory,
    build_shell_history,
    (HISTORY,),
)
