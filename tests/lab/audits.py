"""secaudit run against the lab from its command line, and what its store then holds."""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from secaudit.model.result import Result
from secaudit.model.run import AssetRecord
from secaudit.store import open_store
from tests.lab import server_log, snapshot
from tests.lab.hosts import Lab
from tests.lab.workspace import DATABASE, write

SCANNED = (0, 1, 3)  # nothing found, findings, something unknown: the scan itself went well
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command of secaudit printed, and its exit code."""

    code: int
    out: bytes
    err: bytes


@dataclass(frozen=True, slots=True)
class Audit:
    """A finished scan: its workspace, the newest run in its store, what the scan printed."""

    workspace: Path
    run: str
    printed: Printed
    records: Mapping[str, AssetRecord]

    @property
    def results(self) -> dict[Key, Result]:
        """(asset, check, object) → result."""
        return {key_of(r): r for record in self.records.values() for r in record.results}


@dataclass(frozen=True, slots=True)
class Watched:
    """An audit, and what it left behind: changed paths and logins of each host."""

    audit: Audit
    changes: Mapping[str, list[str]]
    seen: Mapping[str, server_log.Seen]


def key_of(result: Result) -> Key:
    """What tells a result from all others of a run."""
    return result.asset_id, result.check_id, result.object_id


def secaudit(workspace: Path, *arguments: str, codes: tuple[int, ...] = (0,)) -> Printed:
    """Run one command; AssertionError with all it printed when its exit code is none of these."""
    command = [sys.executable, "-m", "secaudit", "--workspace", str(workspace), *arguments]
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode in codes, (
        f"{' '.join(arguments)}: {done.returncode}\n{done.stdout!r}\n{done.stderr!r}"
    )
    return Printed(done.returncode, done.stdout, done.stderr)


def scan(workspace: Path, *options: str) -> Audit:
    """Scan everything that a workspace registers; ``options`` stand before the command."""
    return _newest(workspace, secaudit(workspace, *options, "scan", codes=SCANNED))


def import_bundles(workspace: Path, *files: Path) -> Audit:
    """Import bundles into a workspace."""
    return _newest(workspace, secaudit(workspace, "import", *map(str, files), codes=SCANNED))


def _newest(workspace: Path, printed: Printed) -> Audit:
    with open_store(f"sqlite:///{workspace / DATABASE}") as store:
        run = store.runs()[0].id
        return Audit(workspace, run, printed, {r.asset_id: r for r in store.records(run)})


def watched_scan(lab: Lab, folder: Path, hosts: tuple[str, ...]) -> Watched:
    """Register and scan these hosts, with a look at all their files and logins before and after."""
    running = [lab.host(name) for name in hosts if (lab.host(name).directory / "pid").exists()]
    before = {host.name: (snapshot.take(host), server_log.seen(host)) for host in running}
    audit = scan(write(folder, lab, hosts))
    after = {host.name: (snapshot.take(host), server_log.seen(host)) for host in running}
    changes = {name: snapshot.changes(before[name][0], after[name][0]) for name in before}
    return Watched(audit, changes, {name: after[name][1] - before[name][1] for name in before})
