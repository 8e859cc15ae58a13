"""What runs by itself: cron(8), crontab(5), systemd.timer(5)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from secaudit.facts.cron_tables import ever_runs, is_read, is_valid, table_of
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.job_script import (
    ANACRON,
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

_KINDS = ("cron", "periodic", "unit", "runs", "enabled", "script") + (
    "table",
    "bytes",
    "bad",
    "stranger",
    "masked",
)
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
    """Jobs, each with the texts found in it; a timer is joined with the service it starts and with its state.

    Raises GapFound where only root may see whether what a wanted job calls is there.
    """
    if any(line.enabled == "closed" and line.hits for line in lines):
        raise GapFound(GapReason.NEEDS_ROOT, "what a job calls lies in a closed folder")
    scripts: dict[str, frozenset[int]] = {}
    for line in lines:
        if line.kind == "script":
            scripts[line.where] = scripts.get(line.where, frozenset()) | line.hits
    refused = _refused(lines, like_debian)
    found = [(_cron_job(line, refused, like_debian), line.hits) for line in lines if line.kind == "cron"]
    run = _folders_run([job for job, _ in found], lines, like_debian)
    found += [
        (_script(line, run, like_debian), line.hits | scripts.get(line.where, frozenset()))
        for line in lines
        if line.kind == "periodic"
    ]
    return tuple(
        sorted((*found, *_timers(lines)), key=lambda item: (item[0].where, item[0].schedule, item[0].command))
    )


def _refused(lines: tuple[Line, ...], like_debian: bool) -> frozenset[str]:
    """The tables that cron does not take in; Debian's takes none in of which it refuses a line."""
    read = {
        line.where: int(line.command) for line in lines if line.kind == "bytes" and line.command.isdigit()
    }
    told = [
        table_of(line.where, line.user, line.enabled, line.command, read.get(line.where, 0))
        for line in lines
        if line.kind == "table"
    ]
    refused = {table.path for table in told if table and not is_read(table, like_debian)}
    if like_debian:
        strangers = {line.where for line in lines if line.kind == "stranger"}
        refused |= {line.where for line in lines if line.kind == "bad"}
        refused |= {
            line.where
            for line in lines
            if line.kind == "cron" and (line.user in strangers or not is_valid(line.schedule))
        }
    return frozenset(refused)


def _cron_job(line: Line, refused: frozenset[str], like_debian: bool) -> Job:
    name = line.where.rpartition("/")[2]
    enabled = (
        line.enabled in ("yes", "closed")
        and line.where not in refused
        and _is_named_to_be_read(name, like_debian and line.where.startswith("/etc/cron.d/"))
        and ever_runs(line.schedule)
    )
    return Job(line.kind, line.where, line.user, line.schedule, line.command, enabled)


def _is_named_to_be_read(name: str, listed: bool) -> bool:
    """Debian's cron and run-parts read only such names: cron(8), run-parts(8); so does run-parts of busybox.

    Others skip what an editor leaves behind.
    """
    if listed:
        return bool(re.fullmatch(r"[\w-]+", name, re.ASCII))
    return not name.endswith(("~", ".rpmsave", ".rpmnew", ".swp"))


def _folders_run(jobs: list[Job], lines: tuple[Line, ...], like_debian: bool) -> str | None:
    """Which folders something runs, as one text; None where it is not looked for: others have more ways to.

    Debian's crontab leaves all but the hourly ones to anacron where that is.
    """
    if not like_debian:
        return None
    run = " ".join(job.command for job in jobs if job.enabled and job.user == "root")
    anacron = any(line.kind == "table" and line.where == ANACRON for line in lines)
    starts = any(job.where == "/etc/cron.d/anacron" and job.enabled for job in jobs)
    if anacron and not (
        starts or ("enabled", "anacron.timer") in {(line.kind, line.where) for line in lines}
    ):
        run = " ".join(job.command for job in jobs if job.enabled and ANACRON not in job.command)
    return run


def _script(line: Line, run: str | None, like_debian: bool) -> Job:
    folder, _, name = line.where.rpartition("/")
    listed = folder.startswith("/etc/periodic/") or (folder.startswith("/etc/cron.") and like_debian)
    started = run is None or folder.startswith("/etc/periodic/") or bool(re.search(rf"{folder}\b", run))
    enabled = line.enabled == "yes" and started and _is_named_to_be_read(name, listed)
    return Job(line.kind, line.where, line.user, line.schedule, line.command, enabled)


def _timers(lines: tuple[Line, ...]) -> list[tuple[Job, frozenset[int]]]:
    """A timer without its service, or of which one of both is masked, starts nothing."""
    masked = {line.where for line in lines if line.kind == "masked"}
    runs = {line.where: line.user for line in lines if line.kind == "runs"}
    units = [line for line in lines if line.kind == "unit"]
    enabled = {line.where for line in lines if line.kind == "enabled"}
    found = []
    for name, timer in {line.where: line for line in units if line.where.endswith(".timer")}.items():
        started = runs.get(name, name.removesuffix(".timer") + ".service")
        services = [unit for unit in units if unit.where == started] or [
            replace(timer, command="", enabled="no")
        ]
        on = not {name, started} & masked and any(one == name or _template(one) == name for one in enabled)
        for service in services:
            job = Job(
                "timer",
                name,
                service.user,
                timer.schedule,
                service.command,
                on and service.enabled != "no",
            )
            found.append((job, timer.hits | service.hits))
    return found


def _template(name: str) -> str:
    """``dump@db.timer`` → dump@.timer."""
    return re.sub(r"@[^.]+\.", "@.", name)


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
