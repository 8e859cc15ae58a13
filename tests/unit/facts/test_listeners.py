"""Listening sockets by ss, netstat and /proc/net."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.listeners import (
    PROCESSES,
    SOCKETS,
    build_listeners,
    is_loopback,
    parse_sockets,
    process_names,
)
from tests.unit.facts.answers import evidence
from tests.unit.facts.recordings import public, recorded

PROC = """@@ range
32768 60999
@@ proc tcp
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 1
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2
   2: 0200000A:0016 0300000A:D431 01 00000000:00000000 00:00000000 00000000     0        0 3
@@ proc udp6
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when
   0: 00000000000000000000000001000000:0143 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000
"""


@pytest.mark.parametrize("system", ["debian-11", "debian-12"])
def test_recorded_ssh_listens_on_both_families(system: str) -> None:
    rows = parse_sockets(recorded(system, "sockets.txt"))
    assert {r.address for r in rows if r.port == 22} == {"0.0.0.0", "::"}


def test_recorded_names_of_processes() -> None:
    asked = {
        SOCKETS: recorded("debian-12", "sockets.txt"),
        PROCESSES: recorded("debian-12", "processes_of_sockets.txt"),
    }
    names = {r.port: r.process for r in build_listeners(evidence(asked))}
    assert names[22] == "sshd"
    assert names[6379] == "redis-server"


def test_names_are_missing_without_root_and_the_fact_is_whole() -> None:
    rows = build_listeners(evidence({SOCKETS: recorded("debian-12", "sockets.txt")}))
    assert {r.process for r in rows} == {""}


def test_nothing_listens_is_an_empty_list() -> None:
    assert parse_sockets(recorded("debian-13", "sockets.txt")) == ()


def test_no_table_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_sockets("@@ range\n32768 60999\n")


def test_proc_net_lists_only_what_waits() -> None:
    rows = [(r.protocol, r.address, r.port, r.exposed) for r in parse_sockets(PROC)]
    assert rows == [("tcp", "0.0.0.0", 22, True), ("tcp", "127.0.0.1", 53, False), ("udp", "::1", 323, False)]


def test_public_recording_of_ss() -> None:
    text = public("recorded/ubuntu-18.04/ss-sudo-tulpen.out")
    rows = {
        (r.protocol, r.address, r.port): r for r in parse_sockets("@@ range\n32768 60999\n@@ ss\n" + text)
    }
    assert rows["udp", "0.0.0.0", 39996].ephemeral
    assert not rows["udp", "127.0.0.53", 53].exposed
    assert process_names(text)["udp", "0.0.0.0", 5353] == "avahi-daemon"


@pytest.mark.parametrize("system", ["ubuntu-18.04", "centos-7.7"])
def test_public_recording_of_netstat_names_processes(system: str) -> None:
    names = process_names(public(f"recorded/{system}/netstat-sudo-lnp.out"))
    assert names["tcp", "0.0.0.0", 22] == names["tcp", "::", 22] == "sshd"


CENTOS_7 = """Netid State      Recv-Q Send-Q     Local Address:Port                    Peer Address:Port
udp   UNCONN     0      0      127.0.0.1:323                           *:*
udp   UNCONN     0      0      *:68                                    *:*
tcp   LISTEN     0      128    *:22                                    *:*
tcp   LISTEN     0      128    :::22                                   :::*
tcp   LISTEN     0      100    ::1:25                                  :::*
"""


def test_ss_of_centos_7_writes_addresses_without_brackets() -> None:
    rows = {(r.protocol, r.address, r.port, r.exposed) for r in parse_sockets("@@ ss\n" + CENTOS_7)}
    assert rows == {
        ("udp", "127.0.0.1", 323, False),
        ("udp", "*", 68, True),
        ("tcp", "*", 22, True),
        ("tcp", "::", 22, True),
        ("tcp", "::1", 25, False),
    }
    older = 'tcp    LISTEN     0      128       :::22      :::*      users:(("sshd",1206,4))'
    assert process_names(older) == {("tcp", "::", 22): "sshd"}


def test_columns_without_a_blank_between_them_are_read() -> None:
    glued = CENTOS_7.replace("udp   UNCONN", "udpUNCONN").replace("tcp   LISTEN", "tcpLISTEN")
    assert parse_sockets("@@ ss\n" + glued) == parse_sockets("@@ ss\n" + CENTOS_7)
    with pytest.raises(GapFound, match="protocol"):
        parse_sockets("@@ ss\n" + CENTOS_7.replace("udp   UNCONN", "udp:UNCONN"))


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("127.0.0.53", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("0.0.0.0", False),
        ("*", False),
        ("fe80::1", False),
    ],
)
def test_loopback(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


@pytest.mark.parametrize("row", ["tcp LISTEN 0 128 no-port here", "tcp LISTEN 0 128 0.0.0.0:99999 0.0.0.0:*"])
def test_a_row_without_a_port_is_a_gap(row: str) -> None:
    with pytest.raises(GapFound):
        parse_sockets(f"@@ ss\nNetid State Local Address:Port\n{row}\n")
