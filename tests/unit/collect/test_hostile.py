"""Hostile probes, shells and signals: a visit script ends within its limits and lets nobody speak for another probe."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from secaudit.collect.script import COMMAND, visit_script
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.register import Sudo
from tests.unit.collect.running import NONCE, alive, answered, long_sleep, run
from tests.unit.collect.test_script import stub, with_path

SHELLS = ["dash", "bash", "mksh", "busybox"]
EVERYTHING = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'; set; env"


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A shell that stands in for /bin/sh."""
    found = shutil.which(request.param)
    if found is None:
        pytest.skip(f"{request.param} is not installed")
    (tmp_path / "shell").mkdir()
    link = tmp_path / "shell" / ("ash" if request.param == "busybox" else request.param)
    link.symlink_to(found)
    return str(link)


def in_shell(shell: str, *probes: Probe, hidden: Path | None = None, visit_s: int = 60) -> dict[str, bytes]:
    """What probes printed where ``shell`` is /bin/sh."""

    def edit(script: bytes) -> bytes:
        script = script.replace(b"/bin/sh", shell.encode())
        return with_path(script, hidden) if hidden else script

    return {o.probe_id: o.output for o in run(*probes, edit=edit, visit_s=visit_s).observations.values()}


def test_no_process_and_no_variable_of_a_probe_knows_the_nonce(shell: str) -> None:
    out = in_shell(shell, Probe("look", EVERYTHING, limit_bytes=50_000_000))["look"]
    assert shell.encode() in out
    assert NONCE.encode() not in out


def test_no_file_that_a_probe_has_open_holds_the_nonce() -> None:
    read = "timeout 1 head -c 100000 $f </dev/null"
    look = f"for f in /proc/$PPID/fd/* /proc/self/fd/*; do {read}; done 2>/dev/null | grep -c {NONCE[:16]}"
    assert run(Probe("look", look, timeout_s=20))["look"].output == b"0\n"


def test_a_shell_without_timeout_keeps_the_limits(shell: str, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    stub(hidden, "timeout", "exit 127")
    sleep = long_sleep()
    out = in_shell(shell, Probe("hangs", sleep, timeout_s=1), Probe("next", "echo next"), hidden=hidden)
    assert out == {"hangs": b"", "next": b"next\n"}
    assert alive(sleep) == []


def test_both_streams_without_end_cost_one_probe() -> None:
    ran = run(Probe("flood", "yes & yes >&2", timeout_s=1, limit_bytes=100_000), Probe("next", "echo next"))
    assert ran.gap("flood").reason in (GapReason.TRUNCATED, GapReason.PROBE_TIMEOUT)
    assert ran["next"].output == b"next\n"


def test_an_orphan_in_a_session_of_its_own_does_not_hold_the_channel() -> None:
    """Nothing we may do ends it; the visit goes on and ends without it."""
    sleep, started = long_sleep(), time.monotonic()
    ran = run(Probe("a", f"setsid {sleep} & echo out", timeout_s=1), Probe("b", "echo b"))
    assert time.monotonic() - started < 20
    assert ran["b"].output == b"b\n"
    for process in Path("/proc").glob("[0-9]*"):
        if sleep.encode() in _command(process):
            os.kill(int(process.name), signal.SIGKILL)


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return b""


def test_a_terminated_script_tells_what_it_had_and_leaves_nothing() -> None:
    sleep = long_sleep()
    probes = (Probe("a", "echo a"), Probe("b", f"echo b; {sleep}", timeout_s=2), Probe("c", "echo c"))
    process = subprocess.Popen(
        ["/bin/sh", "-c", COMMAND], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdin is not None
    process.stdin.write(visit_script(probes, Sudo.NONE, 60, NONCE))
    process.stdin.close()
    deadline = time.monotonic() + 10
    while not alive(sleep) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGTERM)
    assert process.stdout is not None
    ran = answered(process.stdout.read(), probes)
    assert process.wait(10) != 0
    assert ran["a"].output == b"a\n"
    assert ran.gap("c").reason is GapReason.LINK_LOST
    assert not ran.answers.complete
    assert alive(sleep) == []


def test_the_script_holds_no_path_of_files_to_write() -> None:
    """A full disk is nothing to it: of redirections there are only /dev/null, /proc and numbers."""
    text = visit_script([Probe("a", "true"), Probe("r", "true", root=True)], Sudo.ALL, 60, NONCE).decode()
    targets = re.findall(r"(?<![<0-9&])[0-9]?>>?\s*([^\s&;)0-9-][^\s;)]*)", text)
    assert set(targets) <= {"/dev/null"}
