"""What a host shares, and with whom."""

from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.shares import SHARES, Share, parse_shares
from tests.unit.facts.answers import in_root

ALL = frozenset({"nfs-server", "rsync", "snmpd"})


def shares(service: str, text: str, services: frozenset[str] = ALL) -> list[Share]:
    body = "".join(f" {line}\n" for line in text.splitlines())
    parts = {"nfs": "", "rsync": "", "snmp": "", service: f"#+ /etc/x\n#= /etc/x\n{body}"}
    text = "".join(f"@@ {name}\n{lines}" for name, lines in parts.items()) + "@@ end\n"
    return [share for share in parse_shares(text, services) if share.service == service]


@pytest.mark.parametrize(
    ("line", "clients", "everybody", "writable", "root_kept"),
    [
        ("/srv 10.0.0.5(ro)", ["10.0.0.5"], [False], [False], [False]),
        ("/srv *(rw,no_root_squash)", ["*"], [True], [True], [True]),
        ("/srv 10.0.0.5 (rw)", ["*", "10.0.0.5"], [True, False], [True, False], [False, False]),
        ("/srv", ["*"], [True], [False], [False]),
        ("/srv -rw 10.0.0.0/8", ["10.0.0.0/8"], [False], [True], [False]),
        ("/srv -rw 10.0.0.0/8(ro)", ["10.0.0.0/8"], [False], [False], [False]),
        ("/srv host(no_root_squash,root_squash)", ["host"], [False], [False], [False]),
        ('"/srv a" 0.0.0.0/0(rw)', ["0.0.0.0/0"], [True], [True], [False]),
        ("/srv \\\n@netgroup(rw)", ["@netgroup"], [False], [True], [False]),
    ],
)
def test_exports(
    line: str, clients: list[str], everybody: list[bool], writable: list[bool], root_kept: list[bool]
) -> None:
    found = shares("nfs", line)
    assert [s.clients for s in found] == clients
    assert [s.everybody for s in found] == everybody
    assert [s.writable for s in found] == writable
    assert [s.root_kept for s in found] == root_kept


def test_what_no_service_shares_does_not_count() -> None:
    assert shares("nfs", "/srv *(rw)", frozenset({"ssh"})) == []


def test_kerberos_asks_who_it_is() -> None:
    assert shares("nfs", "/srv *(rw,sec=krb5p)")[0].authenticated


@pytest.mark.parametrize(
    ("text", "everybody", "authenticated", "writable"),
    [
        ("[data]", True, False, False),
        ("[data]\nreadonly=no", True, False, True),
        ("[data]\nauthusers=some", True, True, False),
        ("hostsallow=10.0.0.0/8\n[data]", False, False, False),
        ("hostsallow=10.0.0.0/8\n[data]\nhostsallow=*", True, False, False),
        ("hostsdeny=*\n[data]", False, False, False),
        ("readonly=false\n[data]\nreadonly=Yes", True, False, False),
    ],
)
def test_modules_of_rsync(text: str, everybody: bool, authenticated: bool, writable: bool) -> None:
    (found,) = shares("rsync", text)
    assert (found.everybody, found.authenticated, found.writable) == (everybody, authenticated, writable)


def test_communities_of_snmp() -> None:
    found = shares("snmp", "rocommunity default default\nrwcommunity other 10.0.0.0/8")
    assert [(s.name, s.everybody, s.authenticated, s.writable) for s in found] == [
        ("rocommunity", True, False, False),
        ("rwcommunity", False, True, True),
    ]
    assert [s.name for s in shares("snmp", "")] == ["none"]


@pytest.mark.parametrize("text", ["", "@@ nfs\n", "@@ snmp\n#+ /etc/x\n#= /etc/x\n rocommunity\n@@ end\n"])
def test_what_is_cut_off_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_shares(text, ALL)


def test_the_probe_shows_no_secret(tmp_path: Path) -> None:
    for folder in ("etc/snmp", "etc/exports.d"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/snmp/snmpd.conf").write_text(
        '# rocommunity CANARY\nrocommunity CANARY 10.0.0.1\n\tROCommunity "public"\n'
        "com2sec -Cn x readonly default private\n"
        "createUser ann SHA CANARY AES CANARY\n"
    )
    (tmp_path / "etc/rsyncd.conf").write_text(
        "[ data ]\n  Auth Users = CANARY:rw\n  secrets file = /etc/CANARY\n  hosts  allow = 10.0.0.1\n"
    )
    (tmp_path / "etc/exports.d/a.exports").write_text("/srv 10.0.0.1(ro) # note\n")
    text = in_root(tmp_path, SHARES)
    assert "CANARY" not in text
    assert [(s.service, s.name, s.clients, s.authenticated) for s in parse_shares(text, ALL)] == [
        ("nfs", "/srv", "10.0.0.1", False),
        ("rsync", "data", "10.0.0.1", True),
        ("snmp", "com2sec", "default", False),
        ("snmp", "rocommunity", "10.0.0.1", True),
        ("snmp", "rocommunity", "default", False),
    ]
