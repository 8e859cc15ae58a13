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
from tests.unit.facts.tool_sets import ToolSet, tool_sets

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


def in_root(root: Path, probe: Probe, steady: bool = True, own_proc: bool = False) -> str:
    """What the probe prints when ``root`` is the root of a host, under every set of tools the same.

    Its absolute paths are moved there and back. Not ``steady``: the answer also tells of the moment or of the tools.
    ``own_proc``: processes and addresses are those below ``root``, and no others; programs those in its /usr/sbin too.
    """
    # Who may read everything asks nobody else to.
    command = 'root() { "$@"; }\n' + probe.command.replace("[ -r /etc/shadow ]", "[ -r / ]")
    for folder in (
        *(["/proc/[0-9]*", "/proc/net/"] if own_proc else []),
        "/etc/",
        "/usr/etc/",
        "/usr/lib/pam.d",
        "/usr/lib/systemd/",
        "/usr/share/xsessions/",
        "/usr/share/wayland-sessions/",
        "/usr/share/glib-2.0/",
        "/usr/lib/sysctl.d",
        "/usr/local/lib/sysctl.d",
        " /lib/sysctl.d",
        " /lib/systemd/",
        "/var/log",
        "/var/spool/",
        "/root",
        "/run/",
        "/usr/lib64/security",
        "/usr/lib/*-linux-*/security",
        "/lib64/security",
        "/lib/*-linux-*/security",
        "/lib/security",
        "/bin/busybox",
    ):
        blank = " " if folder.startswith(" ") else ""
        command = command.replace(folder, f"{blank}@ROOT@{folder.strip()}")
    command = (
        command.replace("/usr@ROOT@", "@ROOT@/usr")
        .replace("/var/ossec@ROOT@", "@ROOT@/var/ossec")
        .replace("/var/ossec/var@ROOT@", "@ROOT@/var/ossec/var")
        .replace("@ROOT@@ROOT@", "@ROOT@")
        .replace("@ROOT@", str(root))
    )
    if own_proc:
        command = f"PATH=$PATH:{root}/usr/sbin\n{command}"
    printed, *others = [(tools.name, _printed(command, tools)) for tools in tool_sets()]
    for name, text in others:
        assert not steady or text.splitlines() == printed[1].splitlines(), name
    return printed[1].replace(str(root), "")


def _printed(command: str, tools: ToolSet) -> str:
    path = f"{tools.folder}:{ENVIRONMENT['PATH']}" if tools.folder else ENVIRONMENT["PATH"]
    done = subprocess.run(
        [tools.shell, "-c", command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**ENVIRONMENT, "PATH": path},
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, f"{tools.name}: {done.stderr.decode()}"
    return done.stdout.decode()


def apt_config(folder: Path, **places: str) -> dict[str, str]:
    """An environment whose apt-config says where apt looks: ``sourcelist="/etc/apt/sources.list"``."""
    said = "".join(f"Dir::Etc::{name}/?) echo \"w='{path}'\";;\n" for name, path in places.items())
    tool = folder / "bin/apt-config"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\ncase $3 in\n{said}esac\n")
    tool.chmod(0o755)
    return {**ENVIRONMENT, "PATH": f"{tool.parent}:{ENVIRONMENT['PATH']}"}
