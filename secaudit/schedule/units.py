"""The units of systemd that start the nights of a workspace, with as few rights as a night needs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.register.folder import mark_of
from secaudit.schedule.journal import Mode

PREFIX: Final = "secaudit-nightly"
# tells the night that it sees this machine only in part
CONFINED: Final = "SECAUDIT_CONFINED"

# systemd.exec(5). ProtectProc stays open: whether the owner of a run is alive is seen in /proc.
_ANYWHERE: Final = """\
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
"""
_OF_THE_SYSTEM: Final = """\
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
ProtectHostname=yes
ProtectClock=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
CapabilityBoundingSet=
AmbientCapabilities=
KeyringMode=private
RemoveIPC=yes
"""


@dataclass(frozen=True, slots=True)
class Job:
    """What is started: ``command`` with absolute paths, as ``user`` ("" where the units are the user's own).

    ``writable`` are folders beside the workspace; ``language`` is what ``LANG`` says. ``confined``: with as few
    rights as a night needs.
    """

    workspace: Path
    office: str
    command: Sequence[str]
    user: str
    language: str
    writable: Sequence[Path] = ()
    confined: bool = True
    mode: Mode = Mode.AUDIT

    @property
    def name(self) -> str:
        """Of the units: of this workspace and no other on the machine; a watch has its own beside the night's."""
        kind = f"{PREFIX}-watch" if self.mode is Mode.WATCH else PREFIX
        return f"{kind}-{mark_of(self.workspace)}"


def service_text(job: Job) -> str:
    """The service. Findings and gaps are no failure of it; what they are is told by ``nightly --status``."""
    lines = [
        "[Unit]",
        f"Description={_escaped(f'secaudit nightly: {job.office}')}",
        f"X-SecauditWorkspace={_escaped(str(job.workspace))}",
        "Wants=network-online.target",
        "After=network-online.target",
        "",
        "[Service]",
        "Type=oneshot",
        f"ExecStart={' '.join(_quoted(word).replace('$', '$$') for word in job.command)}",  # no variable is meant
        f"WorkingDirectory={_escaped(str(job.workspace))}",
        *([f"User={job.user}"] if job.user else []),
        f"Environment={_quoted(f'LANG={job.language}')}",
        "UMask=0077",
        "Nice=5",
        "SuccessExitStatus=1 3 130",  # findings, gaps, and what systemctl stop ends
        "TimeoutStartSec=infinity",
        "TimeoutStopSec=180",
        "KillMode=mixed",
        "StandardOutput=journal",
        "StandardError=journal",
    ]
    return "\n".join([*lines, *_confinement(job), ""])


def timer_text(job: Job, on_calendar: str, jitter_s: int, *, made_up: bool) -> str:
    """The timer. ``made_up``: a start that was missed is made up when the machine is up again."""
    return f"""\
[Unit]
Description={_escaped(f"secaudit nightly: {job.office}")}
X-SecauditWorkspace={_escaped(str(job.workspace))}

[Timer]
OnCalendar={on_calendar}
RandomizedDelaySec={jitter_s}
AccuracySec=1s
Persistent={"yes" if made_up else "no"}

[Install]
WantedBy=timers.target
"""


def workspace_in(text: str) -> Path | None:
    """The workspace that a unit of ours is for."""
    found = re.search(r"^X-SecauditWorkspace=(.+)$", text, re.MULTILINE)
    return Path(found[1].replace("%%", "%")) if found else None


def calendar_in(text: str) -> str:
    """What a timer of ours says of when."""
    found = re.search(r"^OnCalendar=(.+)$", text, re.MULTILINE)
    return found[1] if found else ""


def user_in(text: str) -> str:
    """Whom a service of ours runs as."""
    found = re.search(r"^User=(.+)$", text, re.MULTILINE)
    return found[1] if found else ""


def mode_in(text: str) -> Mode:
    """What a service or a line of a crontab of ours starts."""
    return Mode.WATCH if re.search(r" nightly --mode watch(?: |$)", text, re.MULTILINE) else Mode.AUDIT


def refuse_unusual(path: Path) -> None:
    """Raise UsageError for a path that a unit or a crontab cannot hold on one line."""
    if not str(path).isprintable():
        raise UsageError(
            _("{path}: a path without control characters expected.").format(path=repr(str(path)))
        )


def _confinement(job: Job) -> list[str]:
    if not job.confined:
        return []
    lines = [f"Environment={CONFINED}=1", *_ANYWHERE.splitlines()]
    if job.user:
        # one that is not there (a disk that is not mounted) stops no night
        others = (_quoted(f"-{path}") for path in job.writable)
        places = " ".join((_quoted(str(job.workspace)), *others))
        lines += [
            *_OF_THE_SYSTEM.splitlines(),
            f"ReadWritePaths={places}",
            f"CacheDirectory={job.name}",
            "CacheDirectoryMode=0700",
            f"Environment=XDG_CACHE_HOME=%C/{job.name}",
        ]
    return lines


def _quoted(text: str) -> str:
    """A word as systemd.syntax(7) reads it: no specifier, no escape."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"' if re.search(r"[^A-Za-z0-9_./=%-]", escaped) else escaped


def _escaped(text: str) -> str:
    """The rest of a line: no specifier, nothing that would go on in the next line."""
    return "".join(char if char.isprintable() else " " for char in text).replace("%", "%%").rstrip("\\")
