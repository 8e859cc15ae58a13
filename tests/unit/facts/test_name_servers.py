"""Whom the host asks for names."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.name_servers import NAME_SERVERS, build_name_servers, parse_name_servers
from tests.unit.facts.answers import evidence


def servers(own: str, behind: str = "") -> list[tuple[str, str]]:
    text = f"@@ /etc/resolv.conf\n{own}\n@@ /run/systemd/resolve/resolv.conf\n{behind}\n@@ end\n"
    return [(s.address, s.place) for s in build_name_servers(evidence({NAME_SERVERS: text}))]


@pytest.mark.parametrize(
    ("address", "shown", "place"),
    [
        ("10.0.0.53", "10.0.0.53", "inside"),
        ("114.114.114.114", "114.114.114.114", "outside"),
        ("240e:4c:4008::1", "240e:4c:4008::1", "outside"),
        ("fe80::1%eth0", "fe80::1", "inside"),
        ("127.0.0.1", "127.0.0.1", "host"),
        ("::1", "::1", "host"),
    ],
)
def test_places(address: str, shown: str, place: str) -> None:
    assert servers(address) == [(shown, place)]


def test_behind_the_stub_are_its_own() -> None:
    assert servers("127.0.0.53", "8.8.8.8\n10.0.0.53") == [("8.8.8.8", "outside"), ("10.0.0.53", "inside")]
    assert servers("10.0.0.53", "8.8.8.8") == [("10.0.0.53", "inside")]
    assert servers("127.0.0.53") == [("127.0.0.53", "host")]


def test_none() -> None:
    assert servers("") == []


@pytest.mark.parametrize("text", ["@@ /etc/resolv.conf\n", "@@ /etc/resolv.conf\nx\n@@ end\n"])
def test_what_is_no_address_or_cut_off_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_name_servers(text)
