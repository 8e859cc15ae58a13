"""The shells and tools of distributions that this machine can stand for: probes are run under each of them."""

import atexit
import functools
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

# Busybox of Debian has them, busybox of Alpine does not: there the package manager would be mistaken.
_NOT_OF_ALPINE = frozenset({"dpkg", "dpkg-deb", "rpm", "rpm2cpio"})


@dataclass(frozen=True, slots=True)
class ToolSet:
    """``shell`` runs the probe; ``folder`` stands first in PATH ("" = none)."""

    name: str
    shell: str
    folder: str = ""


def _folder() -> Path:
    folder = tempfile.mkdtemp(prefix="tools-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _busybox(program: str) -> ToolSet:
    """Alpine: its shell, its awk and all other applets."""
    folder = _folder()
    done = subprocess.run([program, "--list"], capture_output=True, text=True, check=True)
    for applet in set(done.stdout.split()) - _NOT_OF_ALPINE:
        (folder / applet).symlink_to(program)
    return ToolSet("busybox", str(folder / "sh"), str(folder))


def _bash(program: str) -> ToolSet:
    """bash by the name sh keeps to POSIX, as on every distribution whose sh it is."""
    folder = _folder()
    (folder / "sh").symlink_to(program)
    return ToolSet("bash", str(folder / "sh"), str(folder))


def _awk(program: str) -> ToolSet:
    """GNU awk: CentOS, RHEL, openEuler, Kylin, SLES; mawk: Debian, Ubuntu, UOS. Either may be this machine's own."""
    folder = _folder()
    (folder / "awk").symlink_to(program)
    return ToolSet(Path(program).name, "/bin/sh", str(folder))


@functools.cache
def tool_sets() -> tuple[ToolSet, ...]:
    """The machine's own first, then each that is here."""
    found = [ToolSet("own", "/bin/sh")]
    if program := shutil.which("bash"):
        found.append(_bash(program))
    own = Path(shutil.which("awk") or "awk").resolve().name
    found += [_awk(program) for name in ("gawk", "mawk") if name != own and (program := shutil.which(name))]
    if program := shutil.which("busybox"):
        found.append(_busybox(program))
    return tuple(found)
