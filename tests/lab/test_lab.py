"""The lab itself: what the other tests lean on must be so."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lab import canary, server_log, snapshot
from tests.lab.hosts import LAB_SH, PLAN, TRUTH_HOSTS, Lab


def test_every_host_runs_but_the_one_that_is_down(lab: Lab) -> None:
    dead = [h.name for h in lab.hosts.values() if not (h.directory / "pid").exists()]
    assert dead == [lab.having("down").name]
    assert len({lab.host(name).release for name in TRUTH_HOSTS}) >= 2


@pytest.mark.parametrize(
    ("host", "command", "expected"),
    [
        ("h1", "nft list ruleset", "policy drop"),
        ("h1", "sshd -T", "permitrootlogin no"),
        ("h1", "chage -l audit", "Maximum number of days between password change\t\t: 90"),
        ("h1", "chronyc -n sources", "^*"),
        ("h1", "cat /etc/pam.d/common-auth", "pam_faillock.so preauth"),
        ("h3", "ss -Htln sport = :6379", "0.0.0.0:6379"),
        ("h3", "ss -Htln sport = :47001", "0.0.0.0:47001"),
        ("h3", "apt list --upgradable", "lab1"),
        ("h3", "sysctl net.ipv4.ip_forward", "= 1"),
        ("h2", "sysctl net.ipv4.ip_forward", "= 0"),
        ("h4", "chronyc tracking", "Stratum         : 8"),
        ("h5", "getent passwd audit", "/usr/bin/fish"),
        ("h6", "getent passwd toor", "toor:x:0:0:"),
        ("h7", "getent passwd audit", "/usr/local/bin/ash"),
        ("h9", "locale -a", "zh_CN.gb18030"),
        ("h11", "stat -c %a /etc/shadow", "666"),
    ],
)
def test_what_was_planted_is_there(lab: Lab, host: str, command: str, expected: str) -> None:
    assert expected in lab.exec(host, *command.split()).decode(errors="replace")


def test_the_hardened_host_has_no_pending_update(lab: Lab) -> None:
    assert lab.exec("h1", "apt", "list", "--upgradable").split() == [b"Listing..."]


WRITES = {  # a write → the path that must be named
    "echo x >/opt/new": "/opt/new",
    "mkdir /opt/folder": "/opt/folder",
    "echo x >/tmp/new": "/tmp/new",
    "echo x >/dev/shm/new": "/dev/shm/new",
    "echo x >/run/new": "/run/new",
    "echo x >/var/cache/apt/new": "/var/cache/apt/new",
    "echo '# x' >>/etc/profile": "/etc/profile",
    "touch /etc/profile": "/etc/profile",
    "chmod 600 /etc/profile": "/etc/profile",
    "rm /etc/issue": "/etc/issue",
}


@pytest.mark.parametrize(("write", "path"), WRITES.items())
def test_a_snapshot_shows_every_kind_of_write(lab: Lab, write: str, path: str) -> None:
    host = lab.having("unknownkey")
    before = snapshot.take(host)
    assert snapshot.changes(before, snapshot.take(host)) == []
    lab.exec(host.name, "sh", "-c", write)
    assert path in {line.split()[0] for line in snapshot.changes(before, snapshot.take(host))}


def test_the_server_counts_nothing_when_nobody_comes(lab: Lab) -> None:
    assert server_log.seen(lab.host("h2")) == server_log.seen(lab.host("h2"))


def test_a_planted_secret_is_where_it_was_put(lab: Lab) -> None:
    host = lab.having("wrongkey").name
    planted = canary.plant(lab, host)
    looks: tuple[Callable[[], bytes], ...] = (
        lambda: lab.exec(host, "cat", "/var/spool/cron/crontabs/root", "/etc/shadow", "/etc/cron.d/canary"),
        lambda: lab.exec(host, "ps", "axww"),
    )
    seen = b"".join(look() for look in looks)
    places = {line.split()[-1] for line in canary.found_in(planted, "the host", seen)}
    assert {"user_crontab", "password_hash", "locked_hash", "cron_file", "process"} <= places


@pytest.mark.parametrize("line", ["=======", "h1\t\t-\tfirewall", "bookworm h1 - firewall", "h1 bookworm -"])
def test_what_is_no_plan_touches_no_base(tmp_path: Path, line: str) -> None:
    base = tmp_path / "lab" / "base" / "bookworm" / "kept"
    base.mkdir(parents=True)
    plan = tmp_path / "plan.tsv"
    plan.write_text(f"{line}\n{PLAN.read_text()}")
    settings = {**os.environ, "LAB_DIR": str(tmp_path / "lab"), "LAB_PLAN": str(plan)}
    done = subprocess.run(["bash", LAB_SH, "build"], env=settings, capture_output=True, check=False)
    assert done.returncode == 1
    assert line.encode() in done.stderr
    assert base.is_dir()
