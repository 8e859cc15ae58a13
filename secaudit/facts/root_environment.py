"""What root's shells and all programs search and load: PATH, LD_PRELOAD, LD_LIBRARY_PATH, ld.so.preload."""

import re
from dataclasses import dataclass

from secaudit.facts.config_files import config_files, print_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Of a line only the variable and its value. In /etc/ld.so.preload each word is a library.
_ASSIGNMENTS = r"""FILENAME == "/etc/ld.so.preload" {
  sub(/#.*/, ""); n = split($0, word, /[ \t:]+/); for (i = 1; i <= n; i++) if (word[i] != "") print " preload=" word[i]
  next
}
/^[ \t]*#/ { next }
FILENAME == "/etc/login.defs" { if ($1 == "ENV_SUPATH") print " " $2; next }
{ line = $0
  while (match(line, /(^|[ \t;(&|])(PATH|LD_PRELOAD|LD_LIBRARY_PATH)=/)) {
    start = substr(line, RSTART, RLENGTH); line = substr(line, RSTART + RLENGTH); gsub(/[ \t;(&|]/, "", start)
    if (match(line, /^"[^"]*"/)) value = substr(line, 2, RLENGTH - 2)
    else if (match(line, /^\047[^\047]*\047/)) value = substr(line, 2, RLENGTH - 2)
    else { value = line; sub(/[ \t;&|)].*/, "", value) }
    print " " start value
  } }"""

ENVIRONMENT = Probe(
    "access.environment",
    print_files(
        "/etc/ld.so.preload /etc/environment /etc/login.defs /etc/profile /etc/profile.d/*.sh /etc/profile.local"
        " /etc/bash.bashrc /etc/bashrc /root/.bash_profile /root/.bash_login /root/.profile /root/.bashrc",
        _ASSIGNMENTS,
    ),
    root=True,
    reduces=Text(
        "各文件只取 PATH、LD_PRELOAD、LD_LIBRARY_PATH 的值",
        "of each file only the values of PATH, LD_PRELOAD and LD_LIBRARY_PATH",
    ),
)
_FOR_EVERYBODY = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108  looked for, not used
_UNKNOWN = frozenset("\0$(~")
_INNERMOST = re.compile(r"\$\{[^{}]{0,200}\}|\$\w+|\$\([^()]{0,200}\)")


@dataclass(frozen=True, slots=True)
class LoadedByName:
    """Something that root's programs load or search and should not. ``kind`` is ``path`` or ``library``.

    ``path``: a part of PATH that is empty, relative, or a folder that everybody can write (``value``). ``library``: a
    library or folder that is loaded before those of the system.
    """

    kind: str
    file: str
    value: str


def parse_environment(text: str) -> tuple[LoadedByName, ...]:
    """``PATH=/usr/bin:.`` under its file → the dot; usually there is nothing. Raises GapFound."""
    found: dict[LoadedByName, None] = {}
    for file in config_files(text):
        for line in file.lines:
            name, _, value = line.partition("=")
            if name == "PATH":
                found.update((LoadedByName("path", file.path, part), None) for part in _open_parts(value))
            elif value.strip():
                found[LoadedByName("library", file.path, value.strip()[:200])] = None
    return tuple(found)


def _open_parts(value: str) -> list[str]:
    """What of a value is no trusted folder; a part with a variable in it is not known here and left out."""
    for _ in range(4):
        value = _INNERMOST.sub("\0", value[:4000])
    value = value.replace("`", "\0")
    return [part for part in value.split(":") if not _UNKNOWN & set(part) and is_open(part)]


def is_open(folder: str) -> bool:
    """Whether others may decide what lies in a folder of a search path: by its place, or by where one stands."""
    return not folder.startswith("/") or folder.rstrip("/") in _FOR_EVERYBODY


def build_environment(evidence: Evidence) -> tuple[LoadedByName, ...]:
    """What is loaded by name."""
    return parse_environment(evidence.text(ENVIRONMENT.id))


ROOT_ENVIRONMENT = Fact(
    "root_environment",
    Text("root的搜索路径与预加载库", "What root's programs search and load"),
    tuple[LoadedByName, ...],
    build_environment,
    (ENVIRONMENT,),
)
