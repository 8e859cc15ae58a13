"""Partners that could take over, as DRBD, Pacemaker, keepalived and PostgreSQL tell of them."""

import subprocess
from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.processes import Processes
from secaudit.facts.standby import STANDBY, Standby, build_standby, parse_standby
from tests.unit.facts.answers import evidence

NOBODY = Processes("systemd", (), ())
DRBD_8 = """ 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate C r-----
 1: cs:WFConnection ro:Primary/Unknown ds:UpToDate/DUnknown C r-----
 2: cs:Unconfigured
 3: cs:SyncTarget ro:Secondary/Primary ds:Inconsistent/UpToDate C r-----"""
DRBD_9 = """r0 role:Primary
  disk:UpToDate
  node2 role:Secondary
    peer-disk:UpToDate
  node3 connection:Connecting
  witness role:Secondary
    peer-disk:Diskless

r1 role:Secondary
  volume:0 disk:Inconsistent
  node2 role:Primary
    volume:0 replication:SyncTarget peer-disk:UpToDate"""


def told(processes: Processes = NOBODY, **parts: str) -> list[tuple[str, str, str, str]]:
    text = "".join(f"@@ {name}\n{lines}\n" for name, lines in parts.items()) + "@@ end\n"
    return [(s.by, s.name, s.state, s.ready) for s in parse_standby(text, processes)]


def test_nothing_of_the_kind() -> None:
    assert told(drbd="", pacemaker="", postgresql="") == []


def test_drbd_8_from_proc() -> None:
    assert told(drbd=DRBD_8) == [
        ("DRBD", "0", "Connected UpToDate/UpToDate", "yes"),
        ("DRBD", "1", "WFConnection UpToDate/DUnknown", "no"),
        ("DRBD", "3", "SyncTarget Inconsistent/UpToDate", "no"),
    ]


def test_drbd_9_from_its_status() -> None:
    assert told(drbd=DRBD_9) == [
        ("DRBD", "r0 node2", "Connected UpToDate", "yes"),
        ("DRBD", "r0 node3", "Connecting", "no"),
        ("DRBD", "r0 witness", "Connected Diskless", "untold"),
        ("DRBD", "r1 node2", "SyncTarget UpToDate", "no"),
    ]


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        ("Online: [ a b ]", {("a", "online", "yes"), ("b", "online", "yes")}),
        ("  * Online: [ a ]\n  * OFFLINE: [ b ]", {("a", "online", "yes"), ("b", "offline", "no")}),
        (
            "  * Node b (2): UNCLEAN (offline)\n  * Online: [ a ]",
            {("a", "online", "yes"), ("b", "UNCLEAN (offline)", "no")},
        ),
        ("Node b: standby\nOnline: [ a ]", {("a", "online", "yes"), ("b", "standby", "no")}),
        ("  * Online: [ a ]", {("a", "alone", "no")}),
        ("Error: cluster is not connected", {("cluster", "not connected", "no")}),
        ("  * web\t(ocf:heartbeat:nginx):\t Failed a", set()),
    ],
)
def test_nodes_of_pacemaker(lines: str, rows: set[tuple[str, str, str]]) -> None:
    assert {row[1:] for row in told(pacemaker=lines)} == rows


def test_a_cluster_that_nobody_shows_is_a_gap() -> None:
    running = Processes("systemd", ("pacemakerd",), ("pacemakerd",))
    with pytest.raises(GapFound):
        told(running, pacemaker="")
    assert told(running, pacemaker="Online: [ a b ]") != []


def test_replication_of_postgresql() -> None:
    assert told(postgresql="walsender streaming\nwalreceiver startup\nwalsender streaming") == [
        ("PostgreSQL", "walreceiver", "startup", "untold"),
        ("PostgreSQL", "walsender", "streaming", "yes"),
    ]


def test_keepalived_does_not_show_the_other_side() -> None:
    running = Processes("systemd", ("cron", "keepalived"), ("cron", "keepalived"))
    assert told(running) == [("keepalived", "VRRP", "", "untold")]


def test_what_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_standby("@@ drbd\n", NOBODY)


def test_the_fact_rests_on_its_probe() -> None:
    answers = evidence({STANDBY: f"@@ drbd\n{DRBD_8.splitlines()[0]}\n@@ end\n"}, {"processes": NOBODY})
    assert build_standby(answers) == (Standby("DRBD", "0", "Connected UpToDate/UpToDate", "yes"),)


def test_a_title_of_postgresql_loses_user_and_address(tmp_path: Path) -> None:
    folder = tmp_path / "proc/7"
    folder.mkdir(parents=True)
    title = "postgres: 15/main: walsender CANARY 10.0.0.2(5432) streaming 0/3000060"
    (folder / "cmdline").write_bytes(title.encode() + b"\0" * 20)
    (tmp_path / "proc/8").mkdir()
    (tmp_path / "proc/8/cmdline").write_bytes(b"postgres: wal receiver process   streaming 0/30\0")
    assert shown(tmp_path) == ["walsender streaming", "walreceiver streaming"]


def shown(root: Path) -> list[str]:
    """What the probe prints of PostgreSQL below ``root``."""
    command = STANDBY.command.replace("/proc/[0-9]", f"{root}/proc/[0-9]")
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=True)
    return done.stdout.split("@@ postgresql\n")[1].split("@@ end")[0].splitlines()
