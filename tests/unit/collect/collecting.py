"""Collectors made, run by a shell of this machine, and their bundles read."""

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from secaudit.collect.bundle import Collected, open_bundle
from secaudit.collect.bundle_script import Made, collector_text
from secaudit.model.evidence import Gap, Observation, Probe

MADE = Made("办公室", datetime(2026, 11, 28, tzinfo=UTC), "9.9", "ab" * 32, "level-3", "linux")
WHO = ("-o", "张三", "-p", "机房 1", "-a", "h1")
PROBES = (
    Probe("a.plain", "echo it\\'s; echo '$HOME' \"two\nlines\"; echo oops >&2; exit 3"),
    Probe("a.bytes", "printf 'x\\0y\\377\\n\\n'"),
    Probe("b.empty", "\n\n:\n"),
    Probe("b.root", "id -u", root=True),
    Probe("c.listed", "root id -u", root=True, as_root=("/usr/bin/id -u",)),
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a collector printed."""

    code: int
    out: bytes
    err: str


def write(folder: Path, probes: Sequence[Probe] = PROBES, edit: Callable[[str], str] = str) -> Path:
    """A collector's file."""
    file = folder / "collector.sh"
    file.write_text(edit(collector_text(MADE, probes)), encoding="utf-8")
    return file


def run(file: Path, *options: str, shell: Sequence[str] = ("/bin/sh",), stdin: bytes = b"") -> Ran:
    """Run it by its name."""
    command = [*shell, str(file), *options]
    done = subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=50,
        env={"PATH": "/usr/bin:/bin", "HOME": os.environ.get("HOME", "/")},
    )
    return Ran(done.returncode, done.stdout, done.stderr.decode())


def collect(folder: Path, probes: Sequence[Probe] = PROBES) -> bytes:
    """A bundle of these probes, as it was collected on this machine."""
    ran = run(write(folder, probes), *WHO)
    assert ran.code == 0, ran
    return ran.out


@dataclass(frozen=True, slots=True)
class Read:
    """A bundle that was read."""

    collected: Collected

    def __getitem__(self, probe_id: str) -> Observation:
        return next(seen for seen in self.collected.observations if seen.probe_id == probe_id)

    def gap(self, probe_id: str) -> Gap:
        """The gap of a probe that must have one."""
        gap = self[probe_id].gap
        assert gap is not None, self[probe_id]
        return gap

    @property
    def known(self) -> set[str]:
        """The probes that have a value."""
        return {seen.probe_id for seen in self.collected.observations if seen.gap is None}


def read(folder: Path, content: bytes, probes: Sequence[Probe] = PROBES) -> Read:
    """The bundle against these probes. Raises BundleError."""
    file = folder / "x.bundle"
    file.write_bytes(content)
    with open_bundle(file) as bundle:
        return Read(bundle.read(probes))


def nonce_of(bundle: bytes) -> bytes:
    """The nonce that its first line names."""
    found = re.match(rb"secaudit-bundle 1 ([0-9a-f]{32})\n", bundle)
    assert found
    return found[1]
