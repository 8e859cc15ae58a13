"""What lies on a host's file systems, and what changed: nothing may, but what a login itself logs."""

import hashlib
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.lab.hosts import LabHost

TMPFS = ("run", "tmp", "dev")

# What a login itself writes, whoever logs in. Nothing else may change.
LOGIN_WRITES = (
    r"/var/log/(wtmp|btmp|lastlog|auth\.log|syslog|user\.log|messages|daemon\.log)",  # sshd, PAM, rsyslog
    r"/var/log/(cron\.log|mail\.\w+|debug)",  # cron's own minute by minute records
    r"/var/log/sudo\.log",  # h1: sudo writes the log that its `Defaults logfile` names
    r"/run/(utmp|motd\.dynamic.*)",  # PAM of the session
    r"/run/sudo(/ts(/audit)?)?",  # sudo's own time stamp
    r"/run/faillock(/audit)?",  # h1, h4: pam_faillock's count of failures, none so far
    r"/run/lab/sshd\.log",  # the lab's sshd counts connections here
    r"/run/crond\.reboot",  # cron at its start
    r"/var/lib/chrony/.*",  # chronyd keeps its drift on its own schedule
    r"/home/audit/\.(config|local)(/.*)?",  # fish makes its folders at its first start
)
_ALLOWED = re.compile("|".join(f"(?:{pattern})" for pattern in LOGIN_WRITES))


@dataclass(frozen=True, slots=True)
class Entry:
    """A path as found: ``content`` is a SHA-256, a link's target, or "" (directory, pipe, device)."""

    kind: str
    mode: int
    owner: tuple[int, int]
    size: int
    mtime_ns: int
    content: str


Snapshot = Mapping[str, Entry]


def take(host: LabHost) -> dict[str, Entry]:
    """Every path that was ever written on the host's overlay, and everything on its /run, /tmp and /dev.

    A file of the read-only base that is written, touched or deleted appears in the overlay's upper directory
    (a deletion as a character device 0,0), so that comparing these is comparing the whole file system.
    """
    found = dict(_walk(host.written, ""))
    for name in TMPFS:
        found.update(_walk(host.inside / name, f"/{name}"))
    return found


def changes(before: Snapshot, after: Snapshot) -> list[str]:
    """One line for every path that came, went or changed and that no login writes; sorted."""
    paths = sorted(before.keys() | after.keys())
    return [
        _line(path, before.get(path), after.get(path))
        for path in paths
        if _differs(before.get(path), after.get(path)) and not _ALLOWED.fullmatch(path)
    ]


def _differs(before: Entry | None, after: Entry | None) -> bool:
    if before is None or after is None:
        return before is not after
    if before.kind == after.kind == "directory":  # its time moves when an allowed entry comes or goes
        return (before.mode, before.owner) != (after.mode, after.owner)
    return before != after


def _line(path: str, before: Entry | None, after: Entry | None) -> str:
    if before is None:
        return f"{path} came: {after}"
    if after is None:
        return f"{path} went: {before}"
    return f"{path} changed: {before} -> {after}"


def _walk(top: Path, prefix: str) -> Iterator[tuple[str, Entry]]:
    for path in sorted(top.rglob("*")):
        try:
            yield f"{prefix}/{path.relative_to(top)}", _entry(path)
        except FileNotFoundError:  # went while we looked
            continue


def _entry(path: Path) -> Entry:
    status = path.lstat()
    kind, content = "other", ""
    if stat.S_ISREG(status.st_mode):
        kind, content = "file", hashlib.sha256(path.read_bytes()).hexdigest()
    elif stat.S_ISLNK(status.st_mode):
        kind, content = "link", str(path.readlink())
    elif stat.S_ISDIR(status.st_mode):
        kind = "directory"
    # A terminal's or a device's time moves with use.
    mtime_ns = status.st_mtime_ns if kind in {"file", "directory", "link"} else 0
    return Entry(
        kind,
        status.st_mode,
        (status.st_uid, status.st_gid),
        status.st_size if kind == "file" else 0,
        mtime_ns,
        content,
    )
