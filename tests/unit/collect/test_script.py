"""The visit script, run by real shells: what it asks, what it survives, what it leaves behind."""

import secrets
import shlex
import shutil
import time
from pathlib import Path

import pytest

from secaudit.collect.script import COMMAND, visit_script, wire_id
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.register import Sudo
from tests.unit.collect.running import NONCE, alive, long_sleep, run

LOGIN_SHELLS = [
    path for name in ("sh", "bash", "dash", "fish", "csh", "busybox") if (path := shutil.which(name))
]
SHELLS = [path for name in ("dash", "bash", "mksh") if (path := shutil.which(name))]


@pytest.mark.parametrize("shell", [path for path in LOGIN_SHELLS if not path.endswith("busybox")])
def test_every_login_shell_understands_the_command(shell: str) -> None:
    ran = run(Probe("a", "echo it\\'s; echo '$HOME'"), shell=shell)
    assert ran["a"].output == b"it's\n$HOME\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_runs_the_script(shell: str) -> None:
    probes = (
        Probe("ok", "echo out; echo err >&2; exit 3"),
        Probe("long", "sleep 30", timeout_s=1),
        Probe("big", "head -c 100000 /dev/zero", limit_bytes=1000),
        Probe("odd", "if then"),
    )
    ran = run(*probes, edit=lambda script: script.replace(b"/bin/sh", shell.encode()), shell=shell)
    assert (ran["ok"].output, ran["ok"].errors, ran["ok"].exit_status) == (b"out\n", b"err", 3)
    assert ran.gap("long").reason is GapReason.PROBE_TIMEOUT
    assert ran.gap("big").reason is GapReason.TRUNCATED
    assert ran["odd"].exit_status not in (0, None)


@pytest.mark.parametrize("missing", ["timeout", "setsid"])
def test_limits_hold_without_coreutils_timeout(missing: str, tmp_path: Path) -> None:
    """Without timeout the probe is timed in a session of its own; without both, the visit's end ends it."""
    hidden = ["timeout"] if missing == "timeout" else ["timeout", "setsid"]
    for name in hidden:
        stub(tmp_path, name, "exit 127")
    sleep = long_sleep()
    ran = run(
        Probe("quick", "echo out; exit 4"),
        Probe("hangs", f"{sleep} & {sleep}", timeout_s=1),
        edit=lambda script: with_path(script, tmp_path).replace(b"- s0 + 5", b"- s0"),
        visit_s=2,
    )
    assert (ran["quick"].output, ran["quick"].exit_status) == (b"out\n", 4)
    reason = ran.gap("hangs").reason
    assert reason is (GapReason.PROBE_TIMEOUT if missing == "timeout" else GapReason.LINK_LOST)
    assert alive(sleep) == []


@pytest.mark.parametrize("cut", [1, 10, 200, 2000, -2, -20])
def test_a_part_of_the_script_runs_nothing(cut: int, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    ran = run(Probe("a", f"echo ran > {trace}"), edit=lambda script: script[:cut])
    assert not trace.exists()
    assert not ran.answers.begun


def test_the_nonce_is_in_no_argument_and_no_environment() -> None:
    command = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'"
    exported = dict.fromkeys("abcdegiklmnorstuvwxyz", "exported by the login")
    ran = run(Probe("look", command, limit_bytes=50_000_000), environ=exported)
    assert b"/bin/sh" in ran["look"].output
    assert NONCE.encode() not in ran["look"].output


def test_what_the_login_exports_changes_nothing() -> None:
    names = dict.fromkeys(("stage", "d", "s", "IFS", "ENV", "n", "k", "t", "m", "s0"), "all root")
    ran = run(
        Probe("a", "echo out"), environ={**names, "LC_ALL": "zh_CN.GB18030", "PATH": "/nowhere:/usr/bin"}
    )
    assert ran["a"].output == b"out\n"


@pytest.mark.parametrize("shell", LOGIN_SHELLS[:2])
def test_nothing_of_the_login_is_run(shell: str, tmp_path: Path) -> None:
    """Programs in its PATH, exported functions and start files; the stub of a login shell shows that they would."""
    trace = tmp_path / "trace"
    for name in ("sh", "cat", "head", "ls", "awk", "date", "id", "timeout", "dd", "env", "sleep"):
        stub(tmp_path, name, f"echo {name} >>{trace}; echo hostile")
    lies = {
        f"BASH_FUNC_{name}%%": f"() {{ echo {name} >>{trace}; }}" for name in ("cat", "ls", "head", "printf")
    }
    start = {name: str(tmp_path / "start") for name in ("ENV", "BASH_ENV")}
    (tmp_path / "start").write_text(f"alias ls='echo alias >>{trace}'\necho start >>{trace}\n")
    hostile = {"PATH": f"{tmp_path}:/usr/bin:/bin", "IFS": "/", **lies, **start}
    ran = run(Probe("a", "ls -d /; cat /dev/null; echo $PATH"), shell=shell, environ=hostile)
    assert ran["a"].output == b"/\n/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
    begun = ["start"] if shell.endswith("bash") else []
    assert (
        trace.read_text().split() if trace.exists() else []
    ) == begun  # bash as login shell reads BASH_ENV itself


def test_chinese_commands_and_output_pass_unchanged() -> None:
    gb18030 = "口令".encode("gb18030")
    octal = "".join(f"\\{byte:03o}" for byte in gb18030)
    ran = run(Probe("备份", f"echo '备份 目录'; printf '{octal}'"), environ={"LC_ALL": "zh_CN.GB18030"})
    assert ran["备份"].output == "备份 目录\n".encode() + gb18030


def test_a_probe_cannot_read_the_script() -> None:
    assert run(Probe("a", "cat; echo end"))["a"].output == b"end\n"


@pytest.mark.parametrize("output", [b"no line end", b"", b"\n", b"\n\n", b"\0\xff\xfe\n", b"e s0\ns7\nt\n"])
def test_output_comes_byte_for_byte(output: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(output)
    assert run(Probe("a", f"cat {tmp_path}/file"))["a"].output == output


def test_frames_in_the_output_are_output(tmp_path: Path) -> None:
    """Even of the right nonce of another visit: only this visit's is a frame."""
    forged = b"\n" + b"0" * 32 + b" E a 1.00 137\ns0\n"
    (tmp_path / "file").write_bytes(forged)
    ran = run(Probe("a", f"cat {tmp_path}/file; exit 9"))
    assert (ran["a"].output, ran["a"].exit_status) == (forged, 9)


def test_errors_are_capped_and_drained() -> None:
    ran = run(Probe("a", "seq 1 200000 >&2; echo out"))
    assert (ran["a"].output, ran["a"].exit_status) == (b"out\n", 0)
    assert ran["a"].errors.split(b"\n") == [str(n).encode() for n in range(1, 21)]


def test_endless_errors_end_with_the_time_limit() -> None:
    started = time.monotonic()
    assert run(Probe("a", "yes >&2", timeout_s=1)).gap("a").reason is GapReason.PROBE_TIMEOUT
    assert time.monotonic() - started < 5


def test_endless_output_ends_at_the_limit() -> None:
    ran = run(Probe("a", "yes", limit_bytes=1000), Probe("b", "echo b"))
    assert ran.gap("a").reason is GapReason.TRUNCATED
    assert len(ran["a"].output) == 1000
    assert ran["b"].output == b"b\n"


@pytest.mark.parametrize(
    "command",
    ["{} & echo out", "{} >/dev/null 2>&1 & echo out", "(trap '' TERM HUP; {}) & {}"],
)
def test_nothing_is_left_running(command: str) -> None:
    """A child that holds the output costs the probe its time; one that does not is ended with it."""
    sleep, visit_s = long_sleep(), secrets.randbelow(1_000_000) + 1_000
    ran = run(Probe("a", command.replace("{}", sleep), timeout_s=1), Probe("b", "echo b"), visit_s=visit_s)
    assert ran["b"].output == b"b\n"
    assert alive(sleep) == []
    assert alive(f"sleep {visit_s + 5}") == []  # the watchdog's


def test_the_time_for_the_visit_is_kept() -> None:
    """A probe may use what is left of it; the next one is not asked."""
    ran = run(Probe("a", "sleep 9"), Probe("b", "echo b"), visit_s=1)
    assert ran.gap("a").reason is GapReason.VISIT_TIMEOUT
    assert ran.gap("b").reason is GapReason.VISIT_TIMEOUT
    assert ran.answers.complete


def test_without_head_nothing_is_asked(tmp_path: Path) -> None:
    """An output without its limit could be anything: the probe must not look answered."""
    stub(tmp_path, "head", "exit 127")
    ran = run(Probe("a", "echo out"), edit=lambda script: with_path(script, tmp_path))
    assert ran.gap("a").reason is GapReason.NO_TOOL


def test_the_script_writes_no_file() -> None:
    sent = visit_script([Probe("a", "true")], Sudo.ALL, 60, NONCE).decode()
    (script,) = (word for word in shlex.split(sent) if word.startswith("s="))
    text = script.replace("2>/dev/null", "").replace(">/dev/null", "")
    assert "<<" not in text
    assert {part.split()[0][0] for part in text.split(">")[1:] if not part.startswith("&")} <= set("0&")


def test_a_nul_in_a_command_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        visit_script([Probe("a", "echo \0")], Sudo.NONE, 60, NONCE)


def test_a_nonce_is_no_shell() -> None:
    with pytest.raises(ValueError, match="nonce"):
        visit_script([], Sudo.NONE, 60, "$(reboot)")


def test_ids_have_no_spaces_on_the_wire() -> None:
    assert wire_id("backup 备\n#1") == "backup%20%E5%A4%87%0A#1"


def test_the_command_is_one_word_list() -> None:
    assert COMMAND == "exec /usr/bin/env -i PATH=/usr/bin:/bin /bin/sh -c 'eval \"$(cat)\"'"


def stub(folder: Path, name: str, text: str) -> None:
    """A program that stands before the real one."""
    (folder / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def with_path(script: bytes, folder: Path) -> bytes:
    """The script with that folder first in its PATH."""
    found = b"PATH=/usr/local/sbin"
    assert found in script
    return script.replace(found, b"PATH=" + str(folder).encode() + b":/usr/local/sbin")


def test_without_dd_the_output_goes_unbuffered() -> None:
    ran = run(
        Probe("a", "echo out"), edit=lambda script: script.replace(b"command -v dd", b"command -v no-such-dd")
    )
    assert ran["a"].output == b"out\n"
