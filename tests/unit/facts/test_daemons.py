"""Which daemons run: whose process it is and in which namespace decides, its name alone does not."""

import subprocess
from pathlib import Path

import pytest

from secaudit.facts.daemons import running_daemons
from tests.unit.facts.answers import ENVIRONMENT


def running(root: Path, *status: str, spaces: bool = False) -> list[str]:
    """What is printed where these processes run; /proc lies below ``root``."""
    proc = root / "proc"
    for number, text in enumerate(status, 1):
        (proc / str(number)).mkdir(parents=True, exist_ok=True)
        (proc / str(number) / "status").write_text(text)
    (proc / "self").mkdir(parents=True, exist_ok=True)
    (proc / "self/status").write_text("Name:\tsh\n" if spaces else "NSpid:\t9\n")
    script = running_daemons(["auditd", "rsyslogd"]).replace("/etc/", "/none/")
    for name in ("[0-9]*", "self"):
        script = script.replace(f"/proc/{name}", f"{proc}/{name}")
    done = subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, env=ENVIRONMENT, timeout=30, check=False
    )
    assert done.stderr == b""
    return done.stdout.decode().split()


def status(name: str, uid: int, spaces: str | None = "7", real: int | None = None) -> str:
    """The lines of /proc/PID/status that count."""
    owner = f"VmSize:\t9 kB\nUid:\t{uid if real is None else real}\t{uid}\t{uid}\t{uid}\n"
    return f"Name:\t{name}\nPid:\t7\n{owner}" + (f"NSpid:\t{spaces}\n" if spaces else "")


@pytest.mark.parametrize(
    ("process", "seen"),
    [
        (status("rsyslogd", 0), ["rsyslogd"]),
        (status("rsyslogd", 104), ["rsyslogd"]),
        (status("rsyslogd", 1000), []),
        (status("rsyslogd", 0, real=1000), []),
        (status("rsyslogd", 0, "7\t3"), []),
        (status("rsyslogd2", 0), []),
    ],
)
def test_a_daemon_is_one_of_the_system_and_of_this_host(
    tmp_path: Path, process: str, seen: list[str]
) -> None:
    assert running(tmp_path, status("init", 0), process) == seen


def test_each_name_once(tmp_path: Path) -> None:
    assert running(tmp_path, status("auditd", 0), status("rsyslogd", 0), status("auditd", 0)) == [
        "auditd",
        "rsyslogd",
    ]


def test_an_old_kernel_tells_by_the_namespace_of_process_1(tmp_path: Path) -> None:
    for number, space in ((1, 100), (2, 100), (3, 200)):
        (tmp_path / "proc" / str(number) / "ns").mkdir(parents=True)
        (tmp_path / "proc" / str(number) / "ns/pid").symlink_to(f"pid:[{space}]")
    seen = [
        status(name, 0, None).replace("Pid:\t7", f"Pid:\t{number}")
        for number, name in ((1, "init"), (2, "auditd"), (3, "rsyslogd"))
    ]
    assert running(tmp_path, *seen, spaces=True) == ["auditd"]


def test_a_name_that_looks_like_a_link_hides_nobody(tmp_path: Path) -> None:
    """Name lines are read as such, whatever a user calls a process."""
    forged = status("x -> pid:[1]", 1000)
    assert running(tmp_path, status("auditd", 0), forged, status("rsyslogd", 0)) == ["auditd", "rsyslogd"]
