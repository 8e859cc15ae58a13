"""The declared data sets of an asset joined with what lies there: how many backups, how new, how large."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from secaudit.facts.backup_script import artefacts_probe
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.register import Asset, DataSet, System
from secaudit.model.text import Text

_ARTEFACT = re.compile(r"(\d{1,12}) (\d{1,19}) (/.*)")


@dataclass(frozen=True, slots=True)
class Artefacts:
    """What matches the declared patterns; ``sizes_bytes`` newest first; all zero or empty when nothing does."""

    count: int
    newest_epoch_s: int
    newest_path: str
    sizes_bytes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BackupArtefacts:
    """A declared data set and the backups that lie where the register says.

    ``object`` is its id. Several names of one file count once. Without an artefact ``count`` is 0, ``newest_date`` is
    ``none``, ``age_h`` counts from 1970. ``previous_size_bytes`` is the size of the second newest, that of the newest
    when there is only one. ``age_h`` is negative for a time in the target's future.
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


def join_artefacts(data_set: DataSet, artefacts: Artefacts, now: datetime) -> BackupArtefacts:
    """One row: the declaration beside what was found."""
    sizes = artefacts.sizes_bytes or (0,)
    return BackupArtefacts(
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
    )


def _date(artefacts: Artefacts) -> str:
    if not artefacts.count:
        return "none"
    try:
        return datetime.fromtimestamp(artefacts.newest_epoch_s, UTC).strftime("%Y-%m-%dT%H:%MZ")
    except (ValueError, OverflowError, OSError) as error:
        raise GapFound(GapReason.UNPARSABLE, f"not a time: {artefacts.newest_epoch_s}") from error


def build_artefacts(evidence: Evidence) -> tuple[BackupArtefacts, ...]:
    """A row for each data set declared for the asset, in the order of the register; none declared, none returned."""
    return tuple(
        join_artefacts(data_set, parse_artefacts(evidence.text(artefacts_probe(data_set).id)), evidence.now)
        for data_set in evidence.system.data_sets_of(evidence.asset.id)
    )


def artefacts_probes(asset: Asset, system: System) -> tuple[Probe, ...]:
    """A probe for every data set declared for the asset."""
    return tuple(artefacts_probe(data_set) for data_set in system.data_sets_of(asset.id))


BACKUP_ARTEFACTS = Fact(
    "backup_artefacts",
    Text("备份产物", "Backups that lie where they are declared"),
    tuple[BackupArtefacts, ...],
    build_artefacts,
    probes_for=artefacts_probes,
)
