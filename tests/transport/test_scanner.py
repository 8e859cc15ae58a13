"""The view from outside by the real nmap, and what stands in its way."""

import os
import socket
from pathlib import Path

import pytest

from secaudit.facts.outside import parse_nmap
from secaudit.model.evidence import Gap, GapReason
from secaudit.transport.scanner import scan_ports
from tests.ports import unused_port


def listening(address: str) -> socket.socket:
    """A listening socket; skips where this machine has no such address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, 0), family=family)
    except OSError as error:
        pytest.skip(f"this machine cannot listen on {address}: {error}")


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_open_and_closed_ports(address: str) -> None:
    with listening(address) as listener:
        open_port, closed_port = listener.getsockname()[1], unused_port()
        xml = scan_ports(address, [open_port, closed_port])
    assert isinstance(xml, bytes)
    seen = {row.port: row.state for row in parse_nmap(xml.decode())}
    assert seen == {open_port: "open", closed_port: "closed"}


def test_the_same_ports_give_the_same_evidence() -> None:
    """Times would make every night's evidence new."""
    port = unused_port()
    assert scan_ports("127.0.0.1", [port]) == scan_ports("127.0.0.1", [port])


def test_without_nmap_the_gap_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nmap.PortScanner.__init__.__defaults__", (("no-such-nmap",),))
    gap = scan_ports("127.0.0.1", [22])
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.NO_TOOL
    assert "apt-get install nmap" in gap.detail


# Of the loopback only: were one of them taken for a range, nothing else would be scanned.
NO_ADDRESSES = [
    "",
    "-iL/etc/passwd",
    "--script=x",
    "a b",
    "127.0.0.0/30",
    "127.0.0.1-3",
    "127.0.0.*",
    "127.0,1.0.1",
    "$(id)",
]


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_no_address_is_not_scanned(address: str) -> None:
    gap = scan_ports(address, [22])
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.NOT_SUPPORTED


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_what_is_no_port_is_not_scanned(port: int) -> None:
    assert isinstance(scan_ports("127.0.0.1", [port]), Gap)


@pytest.mark.parametrize(
    ("program", "reason"),
    [("echo no xml; echo broken >&2; exit 1", GapReason.FAILED), ("exec sleep 20", GapReason.PROBE_TIMEOUT)],
)
def test_an_nmap_that_fails(
    program: str, reason: GapReason, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = "echo 'Nmap version 7.93 ( https://nmap.org )'"
    (tmp_path / "nmap").write_text(
        f"#!/bin/sh\n[ $1 != -V ] || {{ {version}; exit; }}\n{program}\n", encoding="utf-8"
    )
    (tmp_path / "nmap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    gap = scan_ports("127.0.0.1", [22], timeout_s=1, grace_s=0)
    assert isinstance(gap, Gap)
    assert gap.reason is reason
