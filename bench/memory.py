"""The controller's memory: it must not grow with the number of hosts."""

import sys
from pathlib import Path

from bench.figures import Row, Target
from bench.hosts import scene
from bench.timing import program
from tests.lab import workspace
from tests.lab.audits import SCANNED
from tests.lab.hosts import Lab

JOBS = 16
FEW = 20
MANY = 200


def memory() -> tuple[Row, ...]:
    """Peak of one scan of few hosts, and of one of many."""
    with scene(MANY) as s:
        names = list(s.lab.hosts)
        few, many = _peak_mb(s.lab, s.folder / "few", names[:FEW]), _peak_mb(s.lab, s.folder / "many", names)
    what = f"peak memory of a scan of {MANY} hosts, {JOBS} at once"
    return (Row(what, f"{many:.0f} MB", f"{FEW} hosts: {few:.0f} MB", many / few, Target(1.2)),)


def _peak_mb(lab: Lab, folder: Path, names: list[str]) -> float:
    workspace.write(folder, lab, names, port_scan=False)
    command = [sys.executable, "-m", "secaudit", "--workspace", str(folder), "scan", "--jobs", str(JOBS)]
    ended = program(command, folder)
    assert ended.code in SCANNED, (folder / "output").read_text()
    return ended.peak_bytes / 1e6
