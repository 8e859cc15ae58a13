"""Which process works on a run: so that a run that was killed can be told from one that goes on."""

import os
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")


def this_process() -> str:
    """``host/boot id/pid/start time``: no other process ever has the same (proc(5), proc_pid_stat(5))."""
    return _name(os.getpid())


def is_alive(owner: str) -> bool:
    """Whether that process may still be at work; of another machine nobody here can tell, so it may be."""
    host, _separator, rest = owner.partition("/")
    pid = rest.split("/")[-2] if rest.count("/") >= 2 else ""
    if host != os.uname().nodename:
        return bool(owner)
    return pid.isdigit() and _name(int(pid)) == owner


def is_elsewhere(owner: str) -> bool:
    """Whether that process was one of another machine: a person must say that it is gone."""
    return machine_of(owner) not in ("", os.uname().nodename)


def machine_of(owner: str) -> str:
    """The name of the machine of a process."""
    return owner.partition("/")[0]


def _name(pid: int) -> str:
    return "/".join((os.uname().nodename, _read("sys/kernel/random/boot_id"), str(pid), _start_time(pid)))


def _start_time(pid: int) -> str:
    """Clock ticks since boot, the 22nd field; the second one is a name in brackets that may hold anything."""
    fields = _read(f"{pid}/stat").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""


def _read(name: str) -> str:
    try:
        return (PROC / name).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
