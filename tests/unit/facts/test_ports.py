"""The views of a port: nmap's XML, and declared, inside and outside joined."""

from datetime import UTC, datetime

import pytest
import yaml

from secaudit.content.folder import content_dir
from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import GapFound, build_facts
from secaudit.facts.filter_chains import ANYWHERE, Allowed
from secaudit.facts.firewall import Firewall
from secaudit.facts.high_risk_ports import HIGH_RISK, HIGH_RISK_TCP_PORTS
from secaudit.facts.listeners import Listener
from secaudit.facts.outside import OUTSIDE, OutsideLook, OutsidePort, parse_nmap
from secaudit.facts.ports import build_high_risk, high_risk_rows, join_ports
from secaudit.facts.redirections import Redirected
from secaudit.model.content import References
from secaudit.model.evidence import Gap, GapReason, Observation
from secaudit.model.register import Asset, Grade, Reach, Service, System
from tests.unit.facts.answers import evidence

HEAD = (
    '<?xml version="1.0"?>\n<!DOCTYPE nmaprun>\n<nmaprun>'
    '<scaninfo type="connect" protocol="tcp" services="22-23,80"/>'
)
SSH = '<port protocol="tcp" portid="22"><state state="open" reason="syn-ack"/></port>'


def nmap(ports: str) -> str:
    return f"{HEAD}<host><ports>{ports}</ports></host></nmaprun>"


def states(xml: str) -> dict[int, str]:
    return {row.port: row.state for row in parse_nmap(xml)}


def test_ports_that_nmap_groups_are_told_too() -> None:
    xml = nmap('<extraports state="closed" count="2"/>' + SSH)
    assert states(xml) == {22: "open", 23: "closed", 80: "closed"}


def test_groups_of_two_states() -> None:
    xml = nmap(
        '<extraports state="closed"><extrareasons proto="tcp" ports="23"/></extraports>'
        '<extraports state="filtered"><extrareasons proto="tcp" ports="80"/></extraports>' + SSH
    )
    assert states(xml) == {22: "open", 23: "closed", 80: "filtered"}


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "nmap: not found",
        "<other/>",
        f"{HEAD}</nmaprun>",
        nmap(SSH),
        nmap('<port protocol="tcp" portid="x"><state state="open"/></port>'),
        nmap(SSH).replace("<!DOCTYPE nmaprun>", '<!DOCTYPE nmaprun [<!ENTITY a "b">]>'),
        nmap(SSH).replace("<!DOCTYPE nmaprun>", '<!DOCTYPE nmaprun SYSTEM "file:///etc/passwd">'),
    ],
    ids=["empty", "error", "other", "no host", "ports untold", "bad number", "entity", "external"],
)
def test_what_is_no_whole_answer_is_a_gap(xml: str) -> None:
    with pytest.raises(GapFound):
        parse_nmap(xml)


def listener(port: int, address: str = "0.0.0.0", process: str = "p") -> Listener:
    return Listener("tcp", address, port, process, not address.startswith("127."), ephemeral=False)


def test_three_views_are_joined() -> None:
    rows = join_ports(
        [Service(443, "TCP", "web"), Service(0, "", "agent without a port")],
        [listener(22), listener(22, "::"), listener(25, "127.0.0.1")],
        [OutsidePort("tcp", 22, "open"), OutsidePort("tcp", 23, "closed"), OutsidePort("tcp", 4444, "open")],
    )
    by_port = {row.port: row for row in rows}
    assert sorted(by_port) == [22, 25, 443, 4444]
    assert by_port[22].addresses == ("0.0.0.0", "::")
    assert by_port[22].outside == "open"
    assert not by_port[25].exposed
    assert by_port[25].outside == "not_scanned"
    assert by_port[443].declared
    assert not by_port[443].listening
    assert not by_port[4444].listening
    assert {port: (row.exposed, row.reachable) for port, row in by_port.items()} == {
        22: (True, True),
        25: (False, False),
        443: (False, False),
        4444: (False, True),
    }


@pytest.mark.parametrize(
    ("source", "default", "limited"),
    [("10.0.0.0/8", "drop", True), (ANYWHERE, "drop", False), ("10.0.0.0/8", "accept", False)],
)
def test_a_high_risk_port_is_limited_by_a_firewall_that_names_sources(
    source: str, default: str, limited: bool
) -> None:
    firewall = Firewall(True, "nftables", default, (Allowed("tcp", "6000-7000", source),))
    (row,) = high_risk_rows(
        join_ports([], [listener(6379), listener(22), listener(23, "127.0.0.1")], []), firewall
    )
    assert (row.port, row.limited) == (6379, limited)


def test_a_port_that_is_handed_on_is_exposed_without_a_listener() -> None:
    firewall = Firewall(True, "nftables", "drop", (), (Redirected("tcp", "6379,8000-8001", ANYWHERE, "any"),))
    named = frozenset(key for row in firewall.redirected for key in row.named_ports())
    ports = join_ports([], [], [], named)
    assert [(p.port, p.exposed, p.process) for p in ports] == [(n, True, "NAT") for n in (6379, 8000, 8001)]
    (row,) = high_risk_rows(ports, firewall)
    assert (row.port, row.limited) == (6379, False)


def test_a_port_that_answers_outside_counts_though_the_host_shows_no_listener() -> None:
    ports = join_ports([], [listener(9200, "127.0.0.1")], [OutsidePort("tcp", 9200, "open")])
    (row,) = high_risk_rows(ports, Firewall(False, "none", "accept", ()))
    assert (row.port, row.limited) == (9200, False)


def scanned(state: str) -> tuple[OutsidePort, ...]:
    return tuple(OutsidePort("tcp", port, state) for port in HIGH_RISK_TCP_PORTS)


@pytest.mark.parametrize(
    ("outside", "known"),
    [(scanned("closed"), True), (scanned("open"), False), (Gap(GapReason.NOT_SUPPORTED), False)],
)
def test_without_the_rules_only_the_outside_tells_that_nothing_is_handed_on(
    outside: tuple[OutsidePort, ...] | Gap, known: bool
) -> None:
    facts = {"ports": (), "outside": outside, "firewall": Gap(GapReason.NEEDS_ROOT)}
    if known:
        assert build_high_risk(evidence({}, facts)) == ()
    else:
        with pytest.raises(GapFound):
            build_high_risk(evidence({}, facts))


def test_the_check_shows_the_table_it_is_judged_by() -> None:
    check = yaml.safe_load((content_dir("checks") / "linux/ports/high_risk_ports.yaml").read_text())
    assert check["parameters"]["ports"]["default"] == sorted({port for _, port in HIGH_RISK})


def test_the_table_of_high_risk_ports() -> None:
    assert {21, 23, 135, 139, 445, 3389, 6379} <= set(HIGH_RISK_TCP_PORTS)
    spoken = (content_dir("checks") / "linux/ports/high_risk_ports.yaml").read_text()
    assert all(f'p.reason == "{reason}" ? say(' in spoken for reason in HIGH_RISK.values())


def look(gap: Gap | None, transport: str = "ssh") -> OutsideLook | Gap:
    asset = Asset("web", "linux", "web", "10.0.0.1", reach=Reach(transport))
    answer = b"" if gap else nmap('<extraports state="closed"/>' + SSH).encode()
    seen = Observation(OUTSIDE.id, OUTSIDE.definition_hash, OUTSIDE.command, gap, answer, exit_status=0)
    system = System("s", "s", "o", Grade(3, 3), assets=(asset,))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    built = build_facts(["outside_look"], BUILT_IN, {OUTSIDE.id: seen}, asset, system, References(), now)
    found: OutsideLook | Gap = built["outside_look"]
    return found


def test_a_look_that_nobody_asked_for_is_no_gap() -> None:
    assert look(Gap(GapReason.NOT_COLLECTED)) == OutsideLook(False, 0)
    assert look(Gap(GapReason.NOT_SUPPORTED), transport="local") == OutsideLook(False, 0)
    assert look(None) == OutsideLook(True, 3)


@pytest.mark.parametrize("reason", [GapReason.NO_TOOL, GapReason.UNREACHABLE, GapReason.NOT_SUPPORTED])
def test_a_look_that_was_asked_for_and_failed_is_a_gap(reason: GapReason) -> None:
    found = look(Gap(reason))
    assert isinstance(found, Gap)
    assert found.reason is reason
