"""Tools that notice changed files: AIDE, Tripwire, Samhain, the agents of OSSEC and Wazuh: aide(1), aide.conf(5)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.groups import GROUP
from secaudit.facts.scheduled_jobs import Job, is_active
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Debian: /etc/aide/aide.conf; all others /etc/aide.conf. Its folder of databases is closed.
DATABASES = Probe(
    "integrity.databases",
    r"""set --
for f in /var/lib/aide/aide.db /var/lib/aide/aide.db.gz /var/lib/tripwire/*.twd /var/lib/samhain/samhain_file; do
  [ ! -s "$f" ] || set -- "$@" "$f" "${f%/*}"
done
echo '@@ databases'
[ $# -eq 0 ] || stat -L -c '%Y %a %u %g %n' "$@" || exit 1
echo '@@ settings'
for f in /etc/aide.conf /etc/aide/aide.conf; do
  [ ! -f "$f" ] || awk '{ gsub(/[ \t\r]/, "") } /^(database(_in)?=|@@defineDBDIR)/' "$f" || exit 1
done
echo '@@ configured'
for f in /etc/aide.conf /etc/aide/aide.conf; do [ ! -f "$f" ] || stat -L -c '%Y' "$f" || exit 1; done
echo '@@ debian'
for f in /etc/cron.daily/aide /etc/cron.daily/dailyaidecheck; do
  if grep -qs '^[^#]*/run/systemd/system' "$f"; then echo "yields $f"; fi
done
[ ! -f /etc/default/aide ] || awk '/^[ \t]*(export[ \t]+)?CRON_DAILY_RUN=/ {
  sub(/^[^=]*=/, ""); sub(/[ \t]+#.*/, ""); gsub(/["\047\r \t]/, ""); v = $0 }
END { if (v != "" && v != "yes") print "stopped" }' /etc/default/aide || exit 1
echo '@@ end'""",
    root=True,
    reduces=Text(
        "只取数据库的时间、权限和名称，AIDE 配置的修改时间和所用数据库的位置，以及 Debian 的任务是否停用",
        "times, modes and names of databases, when AIDE's configuration changed, where it looks for its own and whether"
        " Debian's job is off",
    ),
)

_AIDES = "/var/lib/aide"
_OF_AIDE = frozenset({f"{_AIDES}/aide.db", f"{_AIDES}/aide.db.gz"})
_FOLDERS = (_AIDES, "/var/lib/tripwire", "/var/lib/samhain")
_DEFINE = "@@defineDBDIR"
_NUMBER = re.compile(r"\d{1,12}", re.ASCII)
_MODE = re.compile(r"[0-7]{1,4}")
# login.defs(5), UID_MIN: below are root and system accounts, such as Debian's _aide.
_FIRST_PERSON = 1000
_DAY_S = 86_400
_TOOLS = {"aide": "aide", "tripwire": "tripwire", "samhain": "samhain"}
_CHECKERS = frozenset({"aide", "aide.wrapper", "dailyaidecheck", "tripwire", "samhain"})
_WATCHERS = frozenset({"samhain", "wazuh-syscheckd", "ossec-syscheckd"})
# of aide(1) and tripwire(8): what makes a database, looks at the configuration or tells the version compares nothing
_OTHER_TASKS = frozenset(
    {"--init", "-i", "--dry-init", "-n", "--config-check", "-D", "--version", "-v", "--help", "-h"}
)
_DEBIANS_SCRIPTS = frozenset({"/etc/cron.daily/aide", "/etc/cron.daily/dailyaidecheck"})


@dataclass(frozen=True, slots=True)
class IntegrityMonitor:
    """``tools`` are installed or run; ``watching``: one of them runs all the time.

    ``scheduled``: a job compares, and what starts it runs. ``database``: the day, ISO, on which the newest database was
    written, ``none`` where there is none. ``open``: others than root and system accounts may write or replace one.
    ``behind_days``: by how much AIDE's configuration is younger than the database, 0 where it is not.
    """

    tools: tuple[str, ...]
    watching: bool
    scheduled: bool
    database: str
    open: bool
    behind_days: int


@dataclass(frozen=True, slots=True)
class Databases:
    """``written`` in seconds since 1970, 0 for none; ``configured`` likewise, the configuration of AIDE.

    ``yields``: scripts of Debian's for cron that leave where systemd runs; ``stopped``: /etc/default/aide switches
    what Debian's package starts off, by cron or a timer.
    """

    written: int
    open: bool
    configured: int
    yields: frozenset[str] = frozenset()
    stopped: bool = False


def parse_databases(text: str, peopled: Callable[[int], bool] = bool) -> Databases:
    """``1796000000 600 0 0 /var/lib/aide/aide.db`` → Databases; raises GapFound, also where AIDE has its own elsewhere.

    ``peopled``: whether the group of a number has people in it. Of AIDE's files those count that its configuration
    reads; a row without a known name is a folder.
    """
    parts = sections(text)
    if "end" not in parts or "databases" not in parts:
        raise GapFound(GapReason.TRUNCATED, "the look at databases is cut off")
    read = _read_by_aide(parts.get("settings", []))
    rows = [_row(line, peopled) for line in parts["databases"]]
    # Others who may write a folder may put a database of their own there, unless it is sticky.
    used = [row for row in rows if not read or row.name not in _OF_AIDE or row.name in read]
    times = [row.written for row in used if row.is_file]
    configured = [int(line) for line in parts.get("configured", []) if _NUMBER.fullmatch(line)]
    debian = parts.get("debian", [])
    return Databases(
        written=max(times, default=0),
        open=bool(times) and any(row.open for row in used),
        configured=max(configured, default=0),
        yields=frozenset(line.removeprefix("yields ") for line in debian if line.startswith("yields ")),
        stopped="stopped" in debian,
    )


def _read_by_aide(settings: Iterable[str]) -> frozenset[str]:
    """``database_in=file:@@{DBDIR}/aide.db`` → paths; of several lines the last counts, as in aide.conf(5)."""
    folder, place = _AIDES, ""
    for line in settings:
        if line.startswith(_DEFINE):
            folder = line.removeprefix(_DEFINE)
        else:
            place = line.partition("=")[2].removeprefix("file:").replace("@@{DBDIR}", folder)
            if place not in _OF_AIDE:
                raise GapFound(GapReason.NOT_SUPPORTED, f"AIDE keeps its database elsewhere: {place[:60]}")
    return frozenset({place} - {""})


@dataclass(frozen=True, slots=True)
class _Row:
    written: int
    open: bool
    name: str

    @property
    def is_file(self) -> bool:
        return self.name.rpartition("/")[0] in _FOLDERS


def _row(line: str, peopled: Callable[[int], bool]) -> _Row:
    time, mode, owner, group, name = (line.split(" ", 4) + [""] * 5)[:5]
    if not all(map(_NUMBER.fullmatch, (time, mode, owner, group))) or not _MODE.fullmatch(mode):
        raise GapFound(GapReason.UNPARSABLE, "a database without a time or a mode")
    bits = int(mode, 8)
    of_group = bits & 0o1020 == 0o020 and peopled(int(group))
    return _Row(int(time), bits & 0o1002 == 0o002 or of_group or int(owner) >= _FIRST_PERSON, name)


def monitor_of(
    packages: Iterable[str], processes: Iterable[str], init: str, jobs: Iterable[Job], databases: Databases
) -> IntegrityMonitor:
    """What the tools, the jobs and the databases come to."""
    watchers = _WATCHERS & set(processes)
    tools = sorted({_TOOLS[name] for name in packages if name in _TOOLS} | watchers)
    written = databases.written
    return IntegrityMonitor(
        tools=tuple(tools),
        watching=bool(watchers),
        scheduled=any(_compares(job, init, databases) for job in jobs),
        database=datetime.fromtimestamp(written, UTC).date().isoformat() if written else "none",
        open=databases.open,
        behind_days=max(databases.configured - written, 0) // _DAY_S if written else 0,
    )


def _compares(job: Job, init: str, databases: Databases) -> bool:
    """Debian's script for cron may leave at once where systemd runs: there its timer counts."""
    if not job.enabled or (job.where in databases.yields and init == "systemd"):
        return False
    words = f"{job.where} {job.command}".split()
    named = {word.rpartition("/")[2].removesuffix(".timer").removesuffix("-check") for word in words}
    if databases.stopped and (job.where in _DEBIANS_SCRIPTS or "dailyaidecheck" in named):
        return False
    return bool(_CHECKERS & named) and _OTHER_TASKS.isdisjoint(words)


def build_integrity_monitor(evidence: Evidence) -> IntegrityMonitor:
    """The monitor of the asset."""
    processes = evidence.fact("processes")
    return monitor_of(
        evidence.fact("package_names"),
        processes.names,
        processes.init,
        [job for job in evidence.fact("scheduled_jobs") if is_active(job, processes)],
        parse_databases(evidence.text(DATABASES.id), _groups_of_people(evidence)),
    )


def _groups_of_people(evidence: Evidence) -> Callable[[int], bool]:
    """Who is in a group counts, not which it is; where that is not known, people are in every one but root's."""
    try:
        people = {who.name for who in evidence.fact("identities") if who.uid and not who.is_system}
        groups = {group.gid for group in evidence.fact("groups") if people.intersection(group.members)}
    except GapFound:
        return bool
    return groups.__contains__


INTEGRITY_MONITOR = Fact(
    "integrity_monitor",
    Text("文件完整性监测", "Monitor of the integrity of files"),
    IntegrityMonitor,
    build_integrity_monitor,
    (DATABASES, PASSWD, GROUP),
    uses=("groups", "identities", "package_names", "processes", "scheduled_jobs"),
)
