"""Services that start by themselves and processes that run."""

import subprocess

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.packages import build_package_names, parse_packages
from secaudit.facts.processes import PROCESSES, PROCESSES_ROOT, build_processes, parse_processes
from secaudit.facts.services import parse_active, parse_enabled
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import evidence
from tests.unit.facts.recordings import recorded


def test_recorded_host_with_telnet_and_ftp() -> None:
    found = {(s.name, s.manager) for s in parse_enabled(recorded("debian-12", "services.txt"))}
    assert {
        ("telnet", "inetd"),
        ("vsftpd", "systemd"),
        ("inetutils-inetd", "sysv"),
        ("ssh", "systemd"),
    } <= found


def test_a_script_beside_a_unit_is_not_run() -> None:
    names = [s.manager for s in parse_enabled(recorded("debian-12", "services.txt")) if s.name == "ssh"]
    assert names == ["systemd"]


@pytest.mark.parametrize("system", ["debian-11", "debian-12", "debian-13"])
def test_recorded_roots_start_ssh(system: str) -> None:
    assert "ssh" in {s.name for s in parse_enabled(recorded(system, "services.txt"))}


def test_other_managers() -> None:
    text = "@@ openrc\nsshd\n@@ sysv\nS10network\nS99README\n@@ xinetd\ntftp\n@@ end\n"
    assert [(s.name, s.manager) for s in parse_enabled(text)] == [
        ("network", "sysv"),
        ("sshd", "openrc"),
        ("tftp", "xinetd"),
    ]


def test_no_manager_is_a_gap() -> None:
    with pytest.raises(GapFound) as found:
        parse_enabled("@@ end\n")
    assert found.value.gap.reason is GapReason.NOT_SUPPORTED


def test_a_list_that_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_enabled("@@ systemd\nssh.service\n")


def test_active_units() -> None:
    text = "@@ systemd\nssh.service loaded active running SSH server\ncups.socket loaded active listening x\n"
    assert [s.name for s in parse_active(text)] == ["cups", "ssh"]


def test_what_is_active_is_not_known_without_systemd_as_process_1() -> None:
    with pytest.raises(GapFound) as found:
        parse_active("@@ none\n")
    assert found.value.gap.reason is GapReason.NOT_SUPPORTED


def test_recorded_processes() -> None:
    """Beside cron and rsyslogd of root ran crond of nobody, chronyd of www-data and auditd in another namespace."""
    fact = parse_processes(recorded("debian-12", "processes_hardened.txt"))
    assert fact.init == "sh"
    assert {"cron", "rsyslogd"} <= set(fact.of_root)
    assert set(fact.names) - set(fact.of_root) == {"chronyd"}
    assert not {"crond", "auditd"} & set(fact.names)


def status(name: str, pid: int, uid: str, spaces: str, memory: str = "VmSize: 9 kB") -> str:
    return f"Name:\t{name}\nPid:\t{pid}\nUid:\t{uid}\t0\t0\nNSpid:\t{spaces}\n{memory}\n"


def listed(*processes: str) -> str:
    """What the probe prints when these are the processes."""
    first, _, rest = PROCESSES.command.partition("\n}")
    command = first.partition("{")[0] + "{ cat" + "\n}" + rest
    done = subprocess.run(
        ["/bin/sh", "-c", command], input="".join(processes), capture_output=True, text=True, check=True
    )
    return done.stdout


INIT = status("systemd", 1, "0\t0", "1")


@pytest.mark.parametrize(
    ("process", "of_root", "of_system"),
    [
        (status("crond", 9, "0\t0", "9"), True, True),
        (status("crond", 9, "998\t998", "9"), False, True),
        (status("crond", 9, "1000\t1000", "9"), False, False),
        (status("crond", 9, "1000\t0", "9"), False, False),
        (status("crond", 9, "0\t0", "9\t1"), False, False),
        (status("crond", 9, "0\t0", "9", ""), False, False),
    ],
    ids=[
        "root",
        "system account",
        "user",
        "setuid under another name",
        "container",
        "kernel thread or zombie",
    ],
)
def test_only_daemons_of_the_system_count(process: str, of_root: bool, of_system: bool) -> None:
    fact = parse_processes(listed(INIT, process))
    assert ("crond" in fact.of_root, "crond" in fact.names) == (of_root, of_system)


def test_a_kernel_that_does_not_tell_namespaces_needs_root() -> None:
    untold = listed(INIT, status("crond", 9, "0\t0", "")).replace("\ninit", "\nroot")
    with pytest.raises(GapFound):
        parse_processes(untold)
    assert build_processes(evidence({PROCESSES: untold, PROCESSES_ROOT: listed(INIT)})).init == "systemd"
    with pytest.raises(GapFound):
        build_processes(evidence({PROCESSES: untold, PROCESSES_ROOT: ""}))


@pytest.mark.parametrize(
    "text", ["", "end", "init\tsystemd\n", "root\tbash\nend\n", "init\tsystemd\nbash\nend\n"]
)
def test_hidden_processes_are_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_processes(text)


@pytest.mark.parametrize("system", ["debian-11", "debian-12", "debian-13"])
def test_recorded_packages(system: str) -> None:
    found = {p.name: p for p in parse_packages(recorded(system, "packages.txt"))}
    assert found["apt"].source == "dpkg"
    assert found["apt"].version


def test_packages_of_rpm_and_apk() -> None:
    (bash,) = parse_packages("@@ rpm\ngpg-pubkey\tfd431d51-4ae0493b\t(none)\nbash\t5.1.8-6.el9\tx86_64\n")
    assert (bash.name, bash.version, bash.source) == ("bash", "5.1.8-6.el9", "rpm")
    (musl,) = parse_packages("@@ apk\nmusl\t1.2.4-r2\tx86_64\n")
    assert musl.source == "apk"


def test_the_names_of_packages_each_once() -> None:
    kernels = "@@ rpm\nkernel\t1\tx86_64\nkernel\t2\tx86_64\nbash\t5\tx86_64\n"
    built = evidence({}, {"packages": parse_packages(kernels)})
    assert build_package_names(built) == ("bash", "kernel")


@pytest.mark.parametrize("text", ["", "@@ dpkg\n", "@@ dpkg\nrc \told\t1\tall\n", "@@ rpm\nbash 5.1\n"])
def test_no_packages_are_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_packages(text)
