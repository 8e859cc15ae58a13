"""Two sides measured in turn, so that what disturbs the machine disturbs both."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Spent:
    """What some work took: processor time of this process, all its threads, and time on the wall."""

    cpu_s: float
    wall_s: float


def spent(work: Work) -> Spent:
    """Do it once."""
    wall, cpu = time.monotonic(), time.process_time()
    work()
    return Spent(time.process_time() - cpu, time.monotonic() - wall)


def in_turn(ours: Work, other: Work, rounds: int) -> tuple[Spent, Spent]:
    """The medians of both, after one round that does not count."""
    pairs = [(spent(ours), spent(other)) for _ in range(rounds + 1)][1:]
    return _medians([pair[0] for pair in pairs]), _medians([pair[1] for pair in pairs])


def _medians(many: Sequence[Spent]) -> Spent:
    return Spent(statistics.median(s.cpu_s for s in many), statistics.median(s.wall_s for s in many))


@dataclass(frozen=True, slots=True)
class Ended:
    """What a program took, its children that it waited for included; ``peak_bytes`` is its own memory at most."""

    code: int
    cpu_s: float
    wall_s: float
    peak_bytes: int


def program(command: Sequence[str | Path], folder: Path, environ: Mapping[str, str] | None = None) -> Ended:
    """Run it with its output in ``folder/output``."""
    begun = time.monotonic()
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.monotonic() - begun
    return Ended(process.returncode, usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss * 1024)
