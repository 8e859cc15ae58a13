"""Evidence made of answers, and probes run on a folder that stands for the root of a host."""

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from secaudit.facts.fact import Evidence
from secaudit.model.content import References
from secaudit.model.evidence import Observation, Probe
from secaudit.model.register import Asset, System

ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}


def evidence(
    answers: Mapping[Probe, str],
    facts: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> Evidence:
    """Evidence in which each probe succeeded with the text given."""
    observations = {
        probe.id: Observation(
            probe.id, probe.definition_hash, probe.command, output=text.encode(), exit_status=0
        )
        for probe, text in answers.items()
    }
    return Evidence(
        observations=observations,
        facts=facts or {},
        probes={probe.id: probe for probe in answers},
        asset=object.__new__(Asset),
        system=object.__new__(System),
        references=References(),
        now=now or datetime(2026, 11, 23, tzinfo=UTC),
    )


def in_root(root: Path, probe: Probe) -> str:
    """What the probe prints when ``root`` is the root of a host: its absolute paths are moved there and back."""
    command = 'root() { "$@"; }\n' + probe.command
    for folder in (
        "/etc/",
        "/usr/etc/",
        "/usr/lib/pam.d",
        "/usr/lib/systemd/",
        "/var/log",
        "/var/spool/",
        "/root",
        "/run/",
    ):
        command = command.replace(folder, f"@ROOT@{folder}")
    command = (
        command.replace("/usr@ROOT@", "@ROOT@/usr")
        .replace("@ROOT@@ROOT@", "@ROOT@")
        .replace("@ROOT@", str(root))
    )
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=ENVIRONMENT,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().replace(str(root), "")
