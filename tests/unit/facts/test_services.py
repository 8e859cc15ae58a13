"""Services that start by themselves and processes that run."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.packages import parse_packages
from secaudit.facts.processes import parse_processes
from secaudit.facts.services import parse_active, parse_enabled
from secaudit.model.evidence import GapReason
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
    fact = parse_processes(recorded("debian-12", "processes_hardened.txt"))
    assert fact.init == "busybox"
    assert {"cron", "chronyd", "sshd"} <= set(fact.names)


@pytest.mark.parametrize(
    "text", ["", "systemd\n", "systemd\nend\n", "systemd\nbash\nend\n", "systemd\nsystemd\n"]
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


@pytest.mark.parametrize("text", ["", "@@ dpkg\n", "@@ dpkg\nrc \told\t1\tall\n", "@@ rpm\nbash 5.1\n"])
def test_no_packages_are_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_packages(text)
