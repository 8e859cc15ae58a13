"""Which important files a tool compares with their record: rules of AIDE, directories of Wazuh's and OSSEC's agents."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from secaudit.facts.aide_rules import selections, watched
from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.integrity_monitor import IntegrityMonitor
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Authentication data, important settings and what records them: three of the kinds of data the item names.
PATHS = (
    "/etc/passwd",
    "/etc/shadow",
    "/etc/group",
    "/etc/sudoers",
    "/etc/pam.d/login",
    "/etc/ssh/sshd_config",
    "/etc/rsyslog.conf",
    "/usr/sbin/sshd",
)

# What may be executed is run, not read. Debian's aide-common brings scripts that define names and select files of
# services; another could leave anything out.
RULES = Probe(
    "integrity.rules",
    r"""echo '@@ run'
for f in /etc/aide/aide.conf.d/* /etc/aide.conf.d/*; do [ ! -f "$f" ] || [ ! -x "$f" ] || echo "$f"; done
echo '@@ aide'
"""
    + print_files(
        "/etc/aide.conf /etc/aide/aide.conf /etc/aide.conf.d/* /etc/aide/aide.conf.d/*",
        r"""{ sub(/^[ \t]+/, ""); sub(/[ \t\r]+$/, "") }
/^[=!]?\/([eu]|[^a-zA-Z0-9]|$)/ || /^[=!]?@@[{]/ || /^@@(define|if|else|endif|include|x_include)/ { print " " $0 }
/^[A-Za-z][A-Za-z0-9_]*[ \t]*=[ \t]*[A-Za-z0-9_]+([+-][A-Za-z0-9_]+)*$/ { print " " $0 }""",
        skip_folders=True,
    )
    + r"""
echo '@@ agent'
[ ! -f /var/ossec/etc/ossec.conf ] || awk '
function bare(s,  i, rest, j) {
  while ((i = index(s, "<!--")) > 0) {
    rest = substr(s, i + 4); j = index(rest, "-->")
    s = substr(s, 1, i - 1) (j ? substr(rest, j + 3) : "")
  }
  return s
}
{ text = text " " $0 }
END {
  n = split(bare(text), tag, "<")
  for (i = 1; i <= n; i++) {
    if (tag[i] ~ /^\/?syscheck[ >]/) inside = (tag[i] !~ /^\//)
    p = index(tag[i], ">")
    if (inside && p && tag[i] ~ /^(directories|ignore|disabled)[ >]/)
      print substr(tag[i], 1, p - 1) " : " substr(tag[i], p + 1)
  }
}' /var/ossec/etc/ossec.conf || exit 1
echo '@@ end'""",
    root=True,
    reduces=Text("只取可能涉及 /etc 和 /usr 的选择行", "selection lines that could concern /etc and /usr"),
)
_AGENTS = frozenset({"wazuh-syscheckd", "ossec-syscheckd"})
_DEBIANS = re.compile(r"/(10_aide_|20_aide_|21_aide_|30_aide_|30_inn2_vars$|31_aide_)[^/]*$")
# As the agents bring it.
_HARMLESS = frozenset({".log$|.swp$"})
_FOLDERS = ("/etc/aide.conf.d", "/etc/aide/aide.conf.d")
_INCLUDES = ("@@include /", "@@x_include /")
_TAG = re.compile(r"(directories|ignore|disabled)([^:]{0,300}) : (.{0,2000})")


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """An important file; ``watched`` by a tool that works: ``yes``, ``no``, ``maybe`` where its rules do not tell."""

    path: str
    watched: str


def watched_files(text: str, monitor: IntegrityMonitor) -> tuple[WatchedFile, ...]:
    """A row for each of PATHS; none where no tool compares. Raises GapFound."""
    parts = whole_sections(text, "the look at what is watched is cut off")
    told = list(_tools(parts, monitor))
    return tuple(WatchedFile(path, _best([ways[path] for ways in told])) for path in PATHS if told)


def _tools(parts: dict[str, list[str]], monitor: IntegrityMonitor) -> Iterator[dict[str, str]]:
    """Path → ``yes``, ``no`` or ``maybe``, once for each tool that works."""
    compares = monitor.scheduled and monitor.database != "none" and not monitor.open
    if "aide" in monitor.tools and compares:
        yield _aide(config_files("\n".join(parts.get("aide", []))), parts.get("run", []))
    if _AGENTS & set(monitor.tools):
        yield _agent(parts.get("agent", []))
    if (monitor.watching or compares) and {"tripwire", "samhain"} & set(monitor.tools):
        yield dict.fromkeys(PATHS, "maybe")


def _aide(files: Sequence[ConfigFile], run: Sequence[str]) -> dict[str, str]:
    """Rules taken in from elsewhere may say something else."""
    read = [file for file in files if file.path not in run]
    included = [line.split()[1] for file in read for line in file.lines if line.startswith(_INCLUDES)]
    taken = [f for f in read if not f.path.startswith(_FOLDERS) or f.path.rpartition("/")[0] in included]
    if not all(map(_DEBIANS.search, run)) or not set(_FOLDERS).issuperset(included):
        return dict.fromkeys(PATHS, "maybe")
    rules = selections(taken)
    return {path: watched(path, rules) for path in PATHS}


def _agent(lines: Sequence[str]) -> dict[str, str]:
    """``directories check_all="yes" : /etc,/usr/bin`` → path → way; an ignored expression is not run."""
    tags = [(found[1], found[2], found[3].strip()) for line in lines if (found := _TAG.match(line))]
    if ("disabled", "yes") in {(tag, value) for tag, _, value in tags}:
        return dict.fromkeys(PATHS, "no")
    told = [value for tag, how, value in tags if tag == "directories" and 'check_all="no"' not in how]
    taken = [one.strip() for value in told for one in value.split(",")]
    left = [value for tag, how, value in tags if tag == "ignore" and "sregex" not in how]
    unread = {value for tag, how, value in tags if tag == "ignore" and "sregex" in how} - _HARMLESS
    return {
        path: "no" if not _below(path, taken) or _below(path, left) else "maybe" if unread else "yes"
        for path in PATHS
    }


def _below(path: str, folders: Sequence[str]) -> bool:
    return any(path == folder or path.startswith(folder.rstrip("/") + "/") for folder in folders if folder)


def _best(ways: Sequence[str]) -> str:
    return next(way for way in ("yes", "maybe", "no") if way in ways)


def build_watched_files(evidence: Evidence) -> tuple[WatchedFile, ...]:
    """What the tools of the asset watch."""
    return watched_files(evidence.text(RULES.id), evidence.fact("integrity_monitor"))


WATCHED_FILES = Fact(
    "watched_files",
    Text("完整性工具监测的重要文件", "Important files under watch"),
    tuple[WatchedFile, ...],
    build_watched_files,
    (RULES,),
    uses=("integrity_monitor",),
)
