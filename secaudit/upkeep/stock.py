"""What there is of each kind, and which files something rests on."""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.handover.package import stem_of
from secaudit.language import _
from secaudit.model.delivery import Delivery, Event
from secaudit.model.retention import Kind
from secaudit.store import StoredRun
from secaudit.upkeep.retention import Hold, Item, Reason

# folder of the workspace → the kind that its files are of
FOLDERS: Final[Mapping[str, Kind]] = {
    "reports": Kind.REPORTS,
    "evidence": Kind.EVIDENCE,
    "notices/sent": Kind.NOTICES,
    "notices/dead": Kind.NOTICES,
    "nights": Kind.LOGS,
}
_DIGEST: Final = re.compile(r"\b[0-9a-f]{64}\b")


def runs_in(runs: Iterable[StoredRun]) -> Iterator[Item]:
    """The runs, the oldest first."""
    for run in sorted(runs, key=lambda run: (run.started_at, run.id)):
        yield Item(Kind.RUNS, run.id, run.ended_at or run.started_at)


def files_in(workspace: Path) -> Iterator[Item]:
    """The files of every kind, by name; links are neither followed nor taken away. Raises UsageError."""
    for folder, kind in FOLDERS.items():
        for path, seen in files_below(workspace / folder):
            moment = datetime.fromtimestamp(seen.st_mtime, UTC)
            yield Item(kind, path.relative_to(workspace).as_posix(), moment, seen.st_size)


def files_below(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Regular files below a folder in the order of their names; no link is followed. Raises UsageError."""
    try:
        for path in sorted(folder.iterdir()):
            seen = path.lstat()
            if stat.S_ISDIR(seen.st_mode):
                yield from files_below(path)
            elif stat.S_ISREG(seen.st_mode):
                yield path, seen
    except FileNotFoundError:  # there is none of it, or it went a moment ago
        return
    except OSError as error:
        raise UsageError(
            _("{path} cannot be read: {reason}.").format(path=folder, reason=error.strerror or error)
        ) from error


def held_reports(
    items: Iterable[Item], kept_runs: Iterable[str], events: Iterable[Delivery]
) -> Iterator[tuple[Item, Hold]]:
    """Packages on record with what was printed for them, and the reports of runs that stay."""
    stems = {
        stem_of(event.number, event.agency): event.number for event in events if event.event is Event.BUILT
    }
    runs = sorted(kept_runs)
    for item in (item for item in items if item.kind is Kind.REPORTS):
        name = Path(item.id).name
        number = next((number for stem, number in stems.items() if name.startswith(stem)), None)
        run = next((run for run in runs if run in name), None)
        if number is not None:
            yield item, Hold(Reason.PACKAGE, number)
        elif run is not None:
            yield item, Hold(Reason.REPORT_OF_KEPT, run)


def held_evidence(items: Iterable[Item], named: Mapping[str, str]) -> Iterator[tuple[Item, Hold]]:
    """Files that an act names (digest → the act)."""
    for item in (item for item in items if item.kind is Kind.EVIDENCE):
        if (act := named.get(Path(item.id).name)) is not None:
            yield item, Hold(Reason.ACT, act)


def digests_named(workspace: Path) -> dict[str, str]:
    """Digest → a file of the workspace that says it; whatever looks like one counts. Raises UsageError."""
    found: dict[str, str] = {}
    for folder in sorted(path for path in workspace.iterdir() if path.is_dir() and path.name not in FOLDERS):
        for path, _seen in files_below(folder):
            if path.suffix in (".yaml", ".yml"):
                for digest in _DIGEST.findall(_text(path)):
                    found.setdefault(digest, path.relative_to(workspace).as_posix())
    return found


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError as error:
        raise UsageError(
            _("{path} cannot be read: {reason}.").format(path=path, reason=error.strerror or error)
        ) from error
