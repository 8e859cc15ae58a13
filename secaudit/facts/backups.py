"""The declared data sets of an asset joined with what lies there: artefacts, jobs, copies elsewhere."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from secaudit.facts.backup_script import address_of, artefacts_probe, job_texts, jobs_probes
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.processes import PROCESSES_FACT, Processes
from secaudit.facts.scheduled_jobs import Job, is_like_debian, jobs_of, parse_lines
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.register import Asset, DataSet, System
from secaudit.model.text import Text

_ARTEFACT = re.compile(r"(\d{1,12}) (\d{1,19}) (/.*)")
_CRON = frozenset({"cron", "crond", "fcron", "dcron"})
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Artefacts:
    """What matches the declared patterns; ``sizes_bytes`` newest first; all zero or empty when nothing does."""

    count: int
    newest_epoch_s: int
    newest_path: str
    sizes_bytes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DataSetBackup:
    """A declared data set and its backups.

    ``object`` is its id. Without an artefact ``count`` is 0, ``newest_date`` is ``none``, ``age_h`` counts from 1970.
    ``previous_size_bytes`` is the size of the second newest, that of the newest when there is only one. ``age_h`` is
    negative for a time in the target's future. ``job_present``: a job that holds the declared text is on the asset;
    ``job_active``: one is enabled and its scheduler runs. ``copies_elsewhere`` counts the declared targets off the
    asset whose address an active job names, ``copies_off_site`` those of them that are declared off site; that a copy
    arrives there is not seen from here.
    """

    object: str
    name: str
    kind: str
    artefacts_declared: bool
    count: int
    newest_path: str
    newest_epoch_s: int
    newest_date: str
    newest_size_bytes: int
    previous_size_bytes: int
    age_h: int
    rpo_h: int
    job_declared: bool
    job: str
    job_present: bool
    job_active: bool
    job_where: str
    targets_elsewhere: int
    targets_off_site: int
    copies_elsewhere: int
    copies_off_site: int


def parse_artefacts(text: str) -> Artefacts:
    """``1795415307 1024 /backup/db-1.gz`` … ``total 1`` → Artefacts; raises GapFound when it is cut off."""
    # Not splitlines: it breaks at characters that a name may hold.
    lines = text.removesuffix("\n").split("\n")
    total = lines[-1].split() if lines else []
    if len(total) != 2 or total[0] != "total" or not re.fullmatch(r"\d{1,9}", total[1], re.ASCII):
        raise GapFound(GapReason.UNPARSABLE, "the list of backups is cut off")
    rows = [_ARTEFACT.fullmatch(line) for line in lines[:-1]]
    matched = [row for row in rows if row is not None]
    if len(matched) != len(rows):
        raise GapFound(GapReason.UNPARSABLE, "a backup that cannot be read, or with a name of several lines")
    ordered = sorted(((int(r[1]), int(r[2]), r[3]) for r in matched), reverse=True)
    newest = ordered[0] if ordered else (0, 0, "")
    return Artefacts(int(total[1]), newest[0], newest[2], tuple(size for _, size, _ in ordered))


# Jobs, each with the declared texts found in it.
FoundJobs = tuple[tuple[Job, frozenset[str]], ...]


def is_active(job: Job, processes: Processes) -> bool:
    """Whether it is enabled and what starts it runs: cron, as root, for crontabs; systemd as process 1 for timers."""
    if job.kind == "timer":
        return job.enabled and processes.init == "systemd"
    return job.enabled and not _CRON.isdisjoint(processes.of_root)


def join_backup(
    data_set: DataSet,
    asset: Asset,
    system: System,
    artefacts: Artefacts,
    jobs: FoundJobs,
    processes: Processes,
    now: datetime,
) -> DataSetBackup:
    """One row: the declaration beside what was found."""
    mine = [job for job, hits in jobs if data_set.job in hits]
    active_texts = {text for job, hits in jobs if is_active(job, processes) for text in hits}
    targets = [
        target
        for target in data_set.targets
        if target.asset != asset.id and address_of(target, system) not in (*_LOCAL, asset.address)
    ]
    copies = [target for target in targets if address_of(target, system) in active_texts]
    sizes = artefacts.sizes_bytes or (0,)
    return DataSetBackup(
        object=data_set.id,
        name=data_set.name,
        kind=data_set.kind,
        artefacts_declared=bool(data_set.artefacts),
        count=artefacts.count,
        newest_path=artefacts.newest_path,
        newest_epoch_s=artefacts.newest_epoch_s,
        newest_date=_date(artefacts),
        newest_size_bytes=sizes[0],
        previous_size_bytes=sizes[1] if len(sizes) > 1 else sizes[0],
        age_h=(int(now.timestamp()) - artefacts.newest_epoch_s) // 3600,
        rpo_h=data_set.rpo_h,
        job_declared=bool(data_set.job),
        job=data_set.job,
        job_present=bool(mine),
        job_active=any(is_active(job, processes) for job in mine),
        job_where=", ".join(sorted({job.where for job in mine})),
        targets_elsewhere=len(targets),
        targets_off_site=sum(target.off_site for target in targets),
        copies_elsewhere=len(copies),
        copies_off_site=sum(target.off_site for target in copies),
    )


def _date(artefacts: Artefacts) -> str:
    if not artefacts.count:
        return "none"
    try:
        return datetime.fromtimestamp(artefacts.newest_epoch_s, UTC).strftime("%Y-%m-%dT%H:%MZ")
    except (ValueError, OverflowError, OSError) as error:
        raise GapFound(GapReason.UNPARSABLE, f"not a time: {artefacts.newest_epoch_s}") from error


def build_backups(evidence: Evidence) -> tuple[DataSetBackup, ...]:
    """A row for each data set declared for the asset, in the order of the register; none declared, none returned."""
    data_sets = evidence.system.data_sets_of(evidence.asset.id)
    jobs = _jobs(evidence, data_sets)
    return tuple(
        join_backup(
            data_set,
            evidence.asset,
            evidence.system,
            parse_artefacts(evidence.text(artefacts_probe(data_set).id)),
            jobs,
            evidence.fact(PROCESSES_FACT.name),
            evidence.now,
        )
        for data_set in data_sets
    )


def _jobs(evidence: Evidence, data_sets: tuple[DataSet, ...]) -> FoundJobs:
    """The jobs of system and users with the texts found in them; both must have answered, else the fact is a gap."""
    texts = job_texts(data_sets, evidence.system)
    found: list[tuple[Job, frozenset[str]]] = []
    for probe in jobs_probes(data_sets, evidence.system):
        for job, numbers in jobs_of(parse_lines(evidence.text(probe.id)), is_like_debian(evidence)):
            if not all(1 <= n <= len(texts) for n in numbers):
                raise GapFound(GapReason.UNPARSABLE, f"{probe.id}: a text that was not looked for")
            found.append((job, frozenset(texts[n - 1] for n in numbers)))
    return tuple(found)


def backup_probes(asset: Asset, system: System) -> tuple[Probe, ...]:
    """The probes for every data set declared for the asset."""
    data_sets = system.data_sets_of(asset.id)
    return (*(artefacts_probe(data_set) for data_set in data_sets), *jobs_probes(data_sets, system))


DATA_SET_BACKUPS = Fact(
    "data_set_backups",
    Text("数据备份", "Backups of declared data sets"),
    tuple[DataSetBackup, ...],
    build_backups,
    uses=(PROCESSES_FACT.name, "os"),
    probes_for=backup_probes,
)
