"""What runs by itself: cron(8), crontab(5), systemd.timer(5)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.job_script import (
    REDUCES,
    USER_JOBS_AS_ROOT,
    system_jobs_as_root,
    system_jobs_script,
    user_jobs_script,
)
from secaudit.facts.processes import Processes
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# As root too: hardened hosts close /etc/cron.d, and what cannot be listed would look like nothing there.
SYSTEM_JOBS = Probe(
    "jobs.system",
    system_jobs_script(),
    root=True,
    timeout_s=15,
    reduces=REDUCES,
    as_root=system_jobs_as_root(),
)
USER_JOBS = Probe(
    "jobs.users", user_jobs_script(), root=True, timeout_s=15, reduces=REDUCES, as_root=USER_JOBS_AS_ROOT
)

_KINDS = ("cron", "periodic", "unit", "runs", "enabled", "script")
_CRON = frozenset({"cron", "crond", "fcron", "dcron"})


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job; ``kind`` is ``cron``, ``periodic`` (cron.daily …) or ``timer``.

    ``command`` is masked on the target. ``enabled``: the scheduler would run it: an executable script, an enabled
    timer, a file name that cron reads.
    """

    kind: str
    where: str
    user: str
    schedule: str
    command: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the target prints it; ``hits`` are numbers of the texts that were looked for, from 1."""

    kind: str
    where: str
    user: str
    schedule: str
    enabled: str
    command: str
    hits: frozenset[int]


def is_active(job: Job, processes: Processes) -> bool:
    """Whether it is enabled and what starts it runs: cron, as root, for crontabs; systemd as process 1 for timers."""
    if job.kind == "timer":
        return job.enabled and processes.init == "systemd"
    return job.enabled and not _CRON.isdisjoint(processes.of_root)


def parse_lines(text: str) -> tuple[Line, ...]:
    """The rows of the script; raises GapFound when it is cut off or a row is none."""
    lines = text.removesuffix("\n").split("\n")
    if lines[-1] != "end":
        raise GapFound(GapReason.UNPARSABLE, "the list of jobs is cut off")
    return tuple(_line(line) for line in lines[:-1])


def _line(text: str) -> Line:
    fields = text.split("\t")
    if len(fields) != 7 or fields[0] not in _KINDS or not re.fullmatch(r"-|\d{1,4}(,\d{1,4})*", fields[6]):
        raise GapFound(GapReason.UNPARSABLE, f"not a job: {text[:80]!r}")
    hits = frozenset() if fields[6] == "-" else frozenset(map(int, fields[6].split(",")))
    return Line(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5], hits)


def jobs_of(lines: tuple[Line, ...], like_debian: bool) -> tuple[tuple[Job, frozenset[int]], ...]:
    """Jobs, each with the texts found in it; a timer is joined with the service it starts and with its state."""
    scripts: dict[str, frozenset[int]] = {}
    for line in lines:
        if line.kind == "script":
            scripts[line.where] = scripts.get(line.where, frozenset()) | line.hits
    found = [
        (_job(line, like_debian), line.hits | scripts.get(line.where, frozenset()))
        for line in lines
        if line.kind in ("cron", "periodic")
    ]
    return tuple(
        sorted((*found, *_timers(lines)), key=lambda item: (item[0].where, item[0].schedule, item[0].command))
    )


def _job(line: Line, like_debian: bool) -> Job:
    name = line.where.rpartition("/")[2]
    # Debian's cron and run-parts read only such names: cron(8), run-parts(8); so does run-parts of busybox. Others skip
    # what an editor leaves behind.
    listed = line.where.startswith("/etc/periodic/") or (line.where.startswith("/etc/cron.") and like_debian)
    read = (
        re.fullmatch(r"[\w-]+", name, re.ASCII)
        if listed
        else not name.endswith(("~", ".rpmsave", ".rpmnew", ".swp"))
    )
    return Job(
        line.kind, line.where, line.user, line.schedule, line.command, bool(read) and line.enabled == "yes"
    )


def _timers(lines: tuple[Line, ...]) -> list[tuple[Job, frozenset[int]]]:
    enabled = {line.where for line in lines if line.kind == "enabled"}
    runs = {line.where: line.user for line in lines if line.kind == "runs"}
    units = {line.where: line for line in lines if line.kind == "unit"}
    found = []
    for name, timer in units.items():
        if not name.endswith(".timer"):
            continue
        service = units.get(
            runs.get(name, name.removesuffix(".timer") + ".service"), replace(timer, command="")
        )
        job = Job("timer", name, service.user, timer.schedule, service.command, name in enabled)
        found.append((job, timer.hits | service.hits))
    return found


def is_like_debian(evidence: Evidence) -> bool:
    """Whether cron reads file names by Debian's rule."""
    system = evidence.fact("os")
    return "debian" in (system.id, *system.like) or (system.id == "uos" and "uel" not in system.like)


def _builder(probe: Probe) -> Callable[[Evidence], tuple[Job, ...]]:
    def build(evidence: Evidence) -> tuple[Job, ...]:
        lines = parse_lines(evidence.text(probe.id))
        return tuple(job for job, _ in jobs_of(lines, is_like_debian(evidence)))

    return build


def build_all(evidence: Evidence) -> tuple[Job, ...]:
    """Jobs of the system and of users; raises GapFound when either is not known."""
    return (*evidence.fact("system_jobs"), *evidence.fact("user_jobs"))


SYSTEM_JOBS_FACT = Fact(
    "system_jobs",
    Text("系统计划任务", "Jobs of the system"),
    tuple[Job, ...],
    _builder(SYSTEM_JOBS),
    (SYSTEM_JOBS,),
    ("os",),
)
USER_JOBS_FACT = Fact(
    "user_jobs",
    Text("用户计划任务", "Jobs of users"),
    tuple[Job, ...],
    _builder(USER_JOBS),
    (USER_JOBS,),
    ("os",),
)
SCHEDULED_JOBS = Fact(
    "scheduled_jobs",
    Text("计划任务", "Scheduled jobs"),
    tuple[Job, ...],
    build_all,
    uses=("system_jobs", "user_jobs"),
)
