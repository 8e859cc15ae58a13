"""What becomes of files in /tmp and /var/tmp: tmpfs, tmpfiles.d(5) with its timer, tmpwatch(8), tmpreaper(8)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.scheduled_jobs import Job
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# A timer that is masked is a link to /dev/null. OpenRC empties /tmp at the start unless it is told not to.
TEMPORARY = Probe(
    "files.temporary",
    r"""echo '@@ mounted'
awk '$2 == "/tmp" || $2 == "/var/tmp" { print $2 "\t" $3 }' /proc/self/mounts || exit 1
echo '@@ rules'
"""
    + print_files(
        "/etc/tmpfiles.d/*.conf /run/tmpfiles.d/*.conf /usr/local/lib/tmpfiles.d/*.conf /usr/lib/tmpfiles.d/*.conf"
        " /lib/tmpfiles.d/*.conf",
        r"""/^[ \t]*#/ { next }
$1 ~ /^[dDqQev][-+!=~^$]*$/ && $2 ~ /^\/(var\/)?tmp\/?$/ {
  print " " substr($1, 1, 1) " " $2 " " (5 < NF ? $6 : "-") }""",
    )
    + r"""
echo '@@ timer'
t=/etc/systemd/system/systemd-tmpfiles-clean.timer
if [ "$(cat /proc/1/comm)" = systemd ] && [ ! $t -ef /dev/null ]; then echo runs; fi
echo '@@ openrc'
if [ -d /etc/runlevels ] && [ -e /etc/init.d/bootmisc ]; then
  echo start
  grep -sE '^[ \t]*wipe_tmp=' /etc/conf.d/bootmisc
fi
echo '@@ end'""",
    reduces=Text("规则中只取 /tmp 和 /var/tmp 的", "of the rules only those for /tmp and /var/tmp"),
)
FOLDERS = tuple(f"/{name}" for name in ("tmp", "var/tmp"))
_AGE = re.compile(r"~?(?:[abcmABCM]{1,8}:)?((?:\d{1,6}(?:us|ms|min|s|m|h|d|w))+|\d{1,6})")
_PART = re.compile(r"(\d{1,6})(us|ms|s|min|m|h|d|w)?")
_DAYS = {"w": 7.0, "d": 1.0, "h": 1 / 24, "m": 1 / 1440, "min": 1 / 1440}
_CLEANERS = ("tmpwatch", "tmpreaper")


@dataclass(frozen=True, slots=True)
class TemporaryFolder:
    """``how`` it empties: ``memory`` (tmpfs), ``age`` (after ``days``, else -1), ``job``, ``start`` or ``never``."""

    path: str
    how: str
    days: int


def temporary_folders(text: str, jobs: Iterable[Job]) -> tuple[TemporaryFolder, ...]:
    """Both folders; raises GapFound."""
    parts = whole_sections(text, "the look at temporary folders is cut off")
    in_memory = {line.partition("\t")[0] for line in parts.get("mounted", []) if line.endswith("\ttmpfs")}
    rules = _rules(config_files("\n".join(parts.get("rules", []))))
    cleaned = any(_cleans(job) for job in jobs)
    wiped = "start" in parts.get("openrc", []) and not any(
        line.strip().lower().rstrip("\"'").endswith(("no", "false", "0")) for line in parts["openrc"][1:]
    )
    timer = "runs" in parts.get("timer", [])
    return tuple(_folder(path, path in in_memory, rules, timer, cleaned, wiped) for path in FOLDERS)


def _rules(files: Sequence[ConfigFile]) -> dict[str, tuple[str, str]]:
    """Folder → kind and age of the rule in force: by file name the first; a name in /etc replaces that in /usr."""
    named: dict[str, ConfigFile] = {}
    for file in files:
        named.setdefault(file.path.rpartition("/")[2], file)
    found: dict[str, tuple[str, str]] = {}
    for name in sorted(named):
        for line in named[name].lines:
            kind, path, age = (line.split() + ["", "", ""])[:3]
            found.setdefault(path.rstrip("/"), (kind, age))
    return found


def _folder(
    path: str, in_memory: bool, rules: dict[str, tuple[str, str]], timer: bool, cleaned: bool, wiped: bool
) -> TemporaryFolder:
    kind, age = rules.get(path, ("", "-"))
    days = _days(age) if timer else -1
    if in_memory:
        return TemporaryFolder(path, "memory", -1)
    if days >= 0:
        return TemporaryFolder(path, "age", days)
    if cleaned:
        return TemporaryFolder(path, "job", -1)
    starts = (timer and kind == "D") or (wiped and path == FOLDERS[0])
    return TemporaryFolder(path, "start" if starts else "never", -1)


def _days(age: str) -> int:
    """``10d``, ``1w``, ``bcm:36h`` → whole days, rounded up; -1 for none."""
    told = _AGE.fullmatch(age)
    if told is None:
        return -1
    days = sum(int(number) * _DAYS.get(unit, 0.0) for number, unit in _PART.findall(told[1]))
    return int(-(-days // 1))


def _cleans(job: Job) -> bool:
    words = f"{job.where} {job.command}".split()
    return job.enabled and any(word.rpartition("/")[2] in _CLEANERS for word in words)


def build_temporary_folders(evidence: Evidence) -> tuple[TemporaryFolder, ...]:
    """The temporary folders of the asset."""
    return temporary_folders(evidence.text(TEMPORARY.id), evidence.fact("scheduled_jobs"))


TEMPORARY_FOLDERS = Fact(
    "temporary_folders",
    Text("临时目录的清理", "Cleaning of temporary folders"),
    tuple[TemporaryFolder, ...],
    build_temporary_folders,
    (TEMPORARY,),
    ("scheduled_jobs",),
)
