"""What framing and limits cost the target: a visit's script against one that runs the same commands and no more."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.bare import VISIT_S
from bench.figures import Row, Target
from secaudit.collect.script import COMMAND, visit_script
from secaudit.model.evidence import Probe
from secaudit.model.register import Sudo

PROBES = 60
ROUNDS = 11
NONCE = "0" * 32


def framing() -> tuple[Row, ...]:
    """Processor time of all that a script starts."""
    probes = [Probe(f"bench.p{number}", "cat /proc/uptime") for number in range(PROBES)]
    framed = visit_script(probes, Sudo.NONE, VISIT_S, NONCE)
    bare = "".join(f"{probe.command}\n" for probe in probes).encode()
    pairs = [(_cpu_s(framed), _cpu_s(bare)) for _ in range(ROUNDS)]
    ours_s, bare_s = (statistics.median(side) for side in zip(*pairs, strict=True))
    what = f"processor time of the target for {PROBES} probes, above the bare commands"
    return (Row(what, f"{ours_s:.2f} s", f"bare: {bare_s:.2f} s", ours_s - bare_s, Target(0.3, "s")),)


def _cpu_s(script: bytes) -> float:
    with tempfile.TemporaryDirectory(prefix="secaudit-bench-") as folder:
        Path(folder, "script").write_bytes(script)
        reaper = [sys.executable, "-m", "bench.reaper", COMMAND]
        with Path(folder, "script").open("rb") as given:
            done = subprocess.run(reaper, stdin=given, stdout=subprocess.PIPE, check=True, env=os.environ)
    return float(done.stdout)
