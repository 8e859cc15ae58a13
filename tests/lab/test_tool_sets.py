"""Real hosts asked with bash, and with the shell and all applets of busybox: every fact is the same, or a gap."""

from collections.abc import Mapping
from typing import Any

import pytest

from secaudit.collect.script import COMMAND, visit_script
from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import build_facts
from secaudit.model.evidence import Gap
from secaudit.model.register import Sudo
from tests.lab.hosts import Lab
from tests.unit.collect.running import NONCE, answered
from tests.unit.facts.built import NOW, REFERENCES
from tests.unit.facts.seeds import HOST, PROBES, SYSTEM

ASKED = [probe for probe in PROBES.values() if not probe.id.startswith("outside.")]
# Hardened, with many services, with several shells.
HOSTS = ("h1", "h3", "h5")
# On the tmpfs of the host: what stands first in PATH there.
LINKS = {
    "bash": "mkdir -p /run/bash; ln -sf /bin/bash /run/bash/sh",
    "busybox": """mkdir -p /run/busybox; for name in $(busybox --list); do
  case $name in dpkg* | rpm*) ;; *) ln -sf "$(command -v busybox)" "/run/busybox/$name" ;; esac
done""",
}


def facts(lab: Lab, host: str, folder: str) -> Mapping[str, Any]:
    """Every fact of the host, its root asked; ``folder`` with a shell ``sh`` stands first in PATH ("" = none)."""
    script = visit_script(ASKED, Sudo.NONE, 200, NONCE)
    if folder:
        script = script.replace(b"PATH=/usr/local/sbin", f"PATH={folder}:/usr/local/sbin".encode())
        script = script.replace(b"/bin/sh", f"{folder}/sh".encode())
    ran = answered(lab.exec(host, "sh", "-c", COMMAND, given=script), ASKED)
    return build_facts(list(BUILT_IN), BUILT_IN, ran.observations, HOST, SYSTEM, REFERENCES, NOW)


@pytest.mark.parametrize("tools", LINKS)
@pytest.mark.parametrize("host", HOSTS)
def test_other_tools_tell_the_same(lab: Lab, host: str, tools: str) -> None:
    lab.exec(host, "sh", "-c", LINKS[tools])
    before, seen, after = facts(lab, host, ""), facts(lab, host, f"/run/{tools}"), facts(lab, host, "")
    steady = {name: value for name, value in before.items() if value == after[name]}
    known = [name for name, value in steady.items() if not isinstance(value, Gap)]
    assert len(known) > len(BUILT_IN) * 3 / 4
    told = {name: seen[name] for name in known if not isinstance(seen[name], Gap)}
    assert told == {name: steady[name] for name in told}
    assert len(told) > len(known) * 0.95
