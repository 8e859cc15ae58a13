"""A line for the nights of a workspace in a crontab(5); the lines of others stay byte by byte."""

import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from secaudit.schedule.calendar import Calendar, cron_fields
from secaudit.schedule.journal import Mode
from secaudit.schedule.units import Job

_MARKS: Final = {Mode.AUDIT: "# secaudit nightly: ", Mode.WATCH: "# secaudit watch: "}


def cron_lines(job: Job, calendar: Calendar, logger: str) -> str:
    """The mark that names the workspace, and the job; ``logger`` hands its output to the system's log."""
    command = " ".join(map(shlex.quote, job.command))
    told = f" 2>&1 | {shlex.quote(logger)} -t secaudit-nightly" if logger else ""
    # cron(8) makes a line end of every % that is not escaped
    line = f"LANG={shlex.quote(job.language)} {command}{told}".replace("%", "\\%")
    return f"{_MARKS[job.mode]}{job.workspace}\n{cron_fields(calendar)} {line}\n"


def with_job(crontab: str, workspace: Path, lines: str, mode: Mode = Mode.AUDIT) -> str:
    """The crontab with the job of that workspace, in place of the one of that mode that it had."""
    rest = without_job(crontab, workspace, mode)
    return rest + ("\n" if rest and not rest.endswith("\n") else "") + lines


def without_job(crontab: str, workspace: Path, *modes: Mode) -> str:
    """The crontab without the jobs of that workspace (of these modes)."""
    marks = {f"{_MARKS[mode]}{workspace}" for mode in modes or Mode}
    kept: list[str] = []
    lines = iter(crontab.splitlines(keepends=True))
    for line in lines:
        if line.rstrip("\r\n") not in marks:
            kept.append(line)
        elif following := next(lines, ""):
            kept += (
                [] if " nightly" in following else [following]
            )  # somebody took ours away and left the mark
    return "".join(kept)


def jobs_in(crontab: str) -> Iterator[tuple[Path, str]]:
    """Workspace and line of each job of ours."""
    lines = crontab.splitlines()
    for mark, line in pairwise(lines):
        for known in _MARKS.values():
            if mark.startswith(known):
                yield Path(mark.removeprefix(known)), line


def calendar_of(line: str) -> Calendar | None:
    """The days and the time of a line of ours; None where a person has made another one of it."""
    found = re.match(r"([0-9]{1,2}) ([0-9]{1,2}) \* \* (\*|[0-6](?:,[0-6])*) ", line)
    if found is None or int(found[1]) > 59 or int(found[2]) > 23:
        return None
    days = range(7) if found[3] == "*" else ((int(day) - 1) % 7 for day in found[3].split(","))
    return Calendar(tuple(sorted(set(days))), int(found[2]) * 3600 + int(found[1]) * 60)
