"""Whether the disk has room for the nights to come."""

import os
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, unknown, warn

MIB: Final = 1_048_576
LEAST_BYTES: Final = 256 * MIB
SOON_DAYS: Final = 30
LATER_DAYS: Final = 120
# a shorter time says nothing about growth
SEEN: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Disk:
    """Bytes free where the database or the reports lie, how many the workspace takes, and over which time it grew."""

    folder: Path
    free_bytes: int | None
    used_bytes: int = 0
    grown_over: timedelta = timedelta()
    read_only: bool = False


def gather(folder: Path, used_bytes: int, moments: Sequence[datetime]) -> Disk:
    """``moments``: of the runs."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return Disk(folder, None)
    over = max(moments) - min(moments) if moments else timedelta()
    return Disk(folder, found.f_bavail * found.f_frsize, used_bytes, over, bool(found.f_flag & os.ST_RDONLY))


def lines(facts: Disk, prune: str) -> Iterator[Line]:
    """``prune`` is a command."""
    look = f"du -xh {shlex.quote(str(facts.folder))} | sort -h | tail"
    if facts.free_bytes is None:
        yield unknown(Topic.DISK, _("{folder} cannot be looked at").format(folder=facts.folder), look)
        return
    if facts.read_only:
        told = _("{folder} can only be read: no night can be carried out").format(folder=facts.folder)
        yield fail(Topic.DISK, told, f"findmnt --target {shlex.quote(str(facts.folder))}")
        return
    free = facts.free_bytes // MIB
    if facts.free_bytes < LEAST_BYTES:
        told = _("{folder}: only {free} MiB are free").format(folder=facts.folder, free=free)
        yield fail(Topic.DISK, told, look)
    elif facts.grown_over < SEEN or not facts.used_bytes:
        told = _("{folder}: {free} MiB are free; how fast it grows is known after a week")
        yield ok(Topic.DISK, told.format(folder=facts.folder, free=free))
    else:
        yield _with_growth(facts, facts.free_bytes, prune)


def _with_growth(facts: Disk, free_bytes: int, prune: str) -> Line:
    a_day = facts.used_bytes / (facts.grown_over / timedelta(days=1))
    days = int(min(free_bytes / a_day, 36_500))
    told = _("{folder}: {free} MiB are free, {day} MiB more are taken a day: enough for {days} days")
    told = told.format(folder=facts.folder, free=free_bytes // MIB, day=f"{a_day / MIB:.1f}", days=days)
    if days < SOON_DAYS:
        return fail(Topic.DISK, told, prune)
    return warn(Topic.DISK, told, prune) if days < LATER_DAYS else ok(Topic.DISK, told)
