"""A link that is lost while a visit runs: the probe under way ends by its limits, no other is asked."""

import os
import subprocess
from pathlib import Path

import pytest

from secaudit.collect.script import COMMAND, visit_script
from secaudit.model.evidence import Probe
from secaudit.model.register import Sudo
from tests.unit.collect.running import NONCE
from tests.unit.collect.test_script import stub, with_path
from tests.unit.collect.test_sudo import LETS

PLAIN, AS_ROOT = Probe("next", "echo next"), Probe("next", "echo next", root=True)
BEGINS = f"{COMMAND} <&0 & wait"  # as a server begins it: by a process that ends with the link


def told(folder: Path, *probes: Probe, sudo: Sudo, dies: bool) -> bytes:
    """What is told where the process that began the visit dies, or not, while the probe that waits is asked."""
    gate = folder / "gate"
    script = with_path(visit_script(probes, sudo, 60, NONCE), folder)
    with subprocess.Popen(
        ["/bin/bash", "-c", BEGINS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(script)
        server.stdin.close()
        with gate.open("w"):  # the probe has opened it, too
            if dies:
                server.kill()
                server.wait()
        return server.stdout.read()


@pytest.mark.parametrize("dies", [True, False])
@pytest.mark.parametrize(
    ("order", "sudo"),
    [("waits next", Sudo.NONE), ("waits root", Sudo.ALL), ("root-waits root", Sudo.ALL)],
)
def test_nothing_more_is_asked(tmp_path: Path, order: str, sudo: Sudo, dies: bool) -> None:
    os.mkfifo(tmp_path / "gate")
    stub(tmp_path, "id", 'case $1 in -u) echo "${STUB_UID:-1000}";; *) echo audit;; esac')
    stub(tmp_path, "sudo", LETS)
    first, second = order.split()
    waits = Probe("waits", f"cat {tmp_path}/gate", timeout_s=30, root=first == "root-waits")
    said = told(tmp_path, waits, AS_ROOT if second == "root" else PLAIN, sudo=sudo, dies=dies)
    assert b" B waits " in said
    assert (b" B next " in said) is not dies
