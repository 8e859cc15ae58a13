"""Tools that notice changed files: AIDE, Tripwire, Samhain, the agents of OSSEC and Wazuh: aide(1), aide.conf(5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.scheduled_jobs import Job
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Debian: /etc/aide/aide.conf; all others /etc/aide.conf. Its folder of databases is closed.
DATABASES = Probe(
    "integrity.databases",
    r"""set --
for f in /var/lib/aide/aide.db /var/lib/aide/aide.db.gz /var/lib/tripwire/*.twd /var/lib/samhain/samhain_file; do
  [ ! -s "$f" ] || set -- "$@" "$f"
done
echo '@@ databases'
[ $# -eq 0 ] || stat -c '%Y %n' "$@" || exit 1
echo '@@ settings'
for f in /etc/aide.conf /etc/aide/aide.conf; do
  [ ! -f "$f" ] || awk '{ gsub(/[ \t\r]/, "") } /^database(_in)?=/' "$f" || exit 1
done
echo '@@ end'""",
    root=True,
    reduces="times and names of databases, and where AIDE's configuration looks for its own",
)

_TOOLS = {"aide": "aide", "tripwire": "tripwire", "samhain": "samhain"}
_CHECKERS = frozenset({"aide", "aide.wrapper", "dailyaidecheck", "tripwire", "samhain"})
_WATCHERS = frozenset({"samhain", "wazuh-syscheckd", "ossec-syscheckd"})
_DEBIANS_SCRIPT = "/etc/cron.daily/aide"


@dataclass(frozen=True, slots=True)
class IntegrityMonitor:
    """``tools`` are installed or run; ``watching``: one of them runs all the time. ``scheduled``: a job compares.

    ``database``: the day, ISO, on which the newest database was written, ``none`` where there is none.
    """

    tools: tuple[str, ...]
    watching: bool
    scheduled: bool
    database: str


@dataclass(frozen=True, slots=True)
class Databases:
    """``written`` in seconds since 1970, 0 for none."""

    written: int


def parse_databases(text: str) -> Databases:
    """``1796000000 /var/lib/aide/aide.db`` → Databases; raises GapFound, also where AIDE keeps its own elsewhere."""
    parts = sections(text)
    if "end" not in parts or "databases" not in parts:
        raise GapFound(GapReason.TRUNCATED, "the look at databases is cut off")
    for line in parts.get("settings", []):
        place = line.partition("=")[2].removeprefix("file:").replace("@@{DBDIR}", "/var/lib/aide")
        if place.rpartition("/")[0] != "/var/lib/aide":
            raise GapFound(GapReason.NOT_SUPPORTED, f"AIDE keeps its database elsewhere: {place[:60]}")
    times = [line.partition(" ")[0] for line in parts["databases"]]
    if not all(time.isascii() and time.isdigit() and len(time) <= 12 for time in times):
        raise GapFound(GapReason.UNPARSABLE, "a database without a time")
    return Databases(max(map(int, times), default=0))


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
        scheduled=any(_compares(job, init) for job in jobs),
        database=datetime.fromtimestamp(written, UTC).date().isoformat() if written else "none",
    )


def _compares(job: Job, init: str) -> bool:
    """Debian's script for cron leaves at once where systemd runs: there its timer counts."""
    if not job.enabled or (job.where == _DEBIANS_SCRIPT and init == "systemd"):
        return False
    words = f"{job.where} {job.command}".split()
    named = {word.rpartition("/")[2].removesuffix(".timer").removesuffix("-check") for word in words}
    return bool(_CHECKERS & named) and not ("--init" in words or "-i" in words)


def build_integrity_monitor(evidence: Evidence) -> IntegrityMonitor:
    """The monitor of the asset."""
    processes = evidence.fact("processes")
    return monitor_of(
        evidence.fact("package_names"),
        processes.names,
        processes.init,
        evidence.fact("scheduled_jobs"),
        parse_databases(evidence.text(DATABASES.id)),
    )


INTEGRITY_MONITOR = Fact(
    "integrity_monitor",
    Text("文件完整性监测", "Monitor of the integrity of files"),
    IntegrityMonitor,
    build_integrity_monitor,
    (DATABASES,),
    uses=("package_names", "processes", "scheduled_jobs"),
)
