"""Rows and files of cron and timers, and what is read of them."""

import subprocess
from pathlib import Path

from secaudit.facts.scheduled_jobs import Job, jobs_of, parse_lines


def jobs(text: str, like_debian: bool = True) -> list[Job]:
    return [job for job, _ in jobs_of(parse_lines(text), like_debian)]


def row(kind: str, where: str, *rest: str) -> str:
    user, schedule, enabled, command, hits = (*rest, *("root", "@daily", "yes", "/bin/x", "-")[len(rest) :])
    return "\t".join((kind, where, user, schedule, enabled, command, hits))


def at_root(root: Path, script: str) -> str:
    moved = (
        script.replace("/etc/", f"{root}/etc/")
        .replace("/usr/lib/", f"{root}/usr/lib/")
        .replace("/run/", f"{root}/run/")
    )
    moved = 'root() { "$@"; }\n' + moved
    done = subprocess.run(["/bin/sh", "-c", moved], capture_output=True, text=True, check=True, timeout=20)
    return done.stdout.replace(str(root), "")


def program(root: Path, name: str, text: str = "#!/bin/sh\nls\n", mode: int = 0o755) -> str:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return str(path)
