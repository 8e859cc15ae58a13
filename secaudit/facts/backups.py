"""The declared data sets of an asset joined with their backups: artefacts, jobs, copies elsewhere."""

from dataclasses import dataclass, fields

from secaudit.facts.backup_artefacts import BACKUP_ARTEFACTS, BackupArtefacts
from secaudit.facts.backup_script import address_of, job_texts, jobs_probes
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.processes import PROCESSES_FACT, Processes
from secaudit.facts.scheduled_jobs import Job, is_active, is_like_debian, jobs_of, parse_lines
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.register import Asset, DataSet, System
from secaudit.model.text import Text

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class DataSetBackup(BackupArtefacts):
    """A declared data set with its backups, and the jobs that make and copy them.

    ``job_present``: a job that holds the declared text is on the asset; ``job_active``: one that the administrator set
    up (a system job or root's own) is enabled and its scheduler runs. ``job_of_user``: one is active, but only in the
    crontab of another account, who alone answers for it; ``job_at_start``: one is active, but runs only when the
    machine starts. ``copies_elsewhere`` counts the declared targets off the asset whose address an active job of the
    administrator names, ``copies_off_site`` those of them that are declared off site; that a copy arrives there is not
    seen from here.
    """

    job_declared: bool
    job: str
    job_present: bool
    job_active: bool
    job_of_user: bool
    job_at_start: bool
    job_where: str
    targets_elsewhere: int
    targets_off_site: int
    copies_elsewhere: int
    copies_off_site: int


# Jobs, each with the declared texts found in it.
FoundJobs = tuple[tuple[Job, frozenset[str]], ...]


def is_administrators(job: Job) -> bool:
    """Whether the administrator set it up: what stands in /etc and in units, whoever it runs as, and root's crontab."""
    return job.user == "root" or not job.where.startswith("/var/spool/")


def _once(job: Job) -> bool:
    """Whether it runs only when the machine starts: crontab(5), systemd.timer(5)."""
    times = [part.partition("=")[0].strip() for part in job.schedule.split(";")]
    return job.schedule == "@reboot" or set(times) <= {"OnBootSec", "OnStartupSec"}


def join_backup(
    data_set: DataSet,
    asset: Asset,
    system: System,
    artefacts: BackupArtefacts,
    jobs: FoundJobs,
    processes: Processes,
) -> DataSetBackup:
    """One row: the declaration beside what was found."""
    active = [(job, hits) for job, hits in jobs if is_active(job, processes)]
    set_up = [(job, hits) for job, hits in active if is_administrators(job)]
    declared = {text for job, hits in set_up if not _once(job) for text in hits}
    anybodys = {text for _, hits in active for text in hits}
    targets = [
        target
        for target in data_set.targets
        if target.asset != asset.id and address_of(target, system) not in (*_LOCAL, asset.address)
    ]
    copies = [target for target in targets if address_of(target, system) in declared]
    where = {job.where for job, hits in jobs if data_set.job in hits}
    return DataSetBackup(
        **{field.name: getattr(artefacts, field.name) for field in fields(BackupArtefacts)},
        job_declared=bool(data_set.job),
        job=data_set.job,
        job_present=bool(where),
        job_active=data_set.job in declared,
        job_of_user=data_set.job in anybodys - {text for _, hits in set_up for text in hits},
        job_at_start=data_set.job in {text for _, hits in set_up for text in hits} - declared,
        job_where=", ".join(sorted(where)),
        targets_elsewhere=len(targets),
        targets_off_site=sum(target.off_site for target in targets),
        copies_elsewhere=len(copies),
        copies_off_site=sum(target.off_site for target in copies),
    )


def build_backups(evidence: Evidence) -> tuple[DataSetBackup, ...]:
    """A row for each data set declared for the asset, in the order of the register; none declared, none returned."""
    data_sets = evidence.system.data_sets_of(evidence.asset.id)
    jobs = _jobs(evidence, data_sets)
    processes: Processes = evidence.fact(PROCESSES_FACT.name)
    rows: tuple[BackupArtefacts, ...] = evidence.fact(BACKUP_ARTEFACTS.name)
    return tuple(
        join_backup(data_set, evidence.asset, evidence.system, artefacts, jobs, processes)
        for data_set, artefacts in zip(data_sets, rows, strict=True)
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
    """The probes for the jobs of every data set declared for the asset."""
    return jobs_probes(system.data_sets_of(asset.id), system)


DATA_SET_BACKUPS = Fact(
    "data_set_backups",
    Text("数据备份", "Backups of declared data sets"),
    tuple[DataSetBackup, ...],
    build_backups,
    uses=(BACKUP_ARTEFACTS.name, PROCESSES_FACT.name, "os"),
    probes_for=backup_probes,
)
