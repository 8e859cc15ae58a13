"""The three views of a port joined: what is declared, what listens inside, what answers outside."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.firewall import Firewall
from secaudit.facts.high_risk_ports import HIGH_RISK_TCP_PORTS, reason_of
from secaudit.facts.listeners import Listener
from secaudit.facts.outside import OutsidePort
from secaudit.model.evidence import Gap
from secaudit.model.register import Service
from secaudit.model.text import Text

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Port:
    """One port that any of the three views knows.

    ``outside`` is ``open``, ``closed``, ``filtered`` or ``not_scanned``. ``exposed`` is the host's view alone,
    ``reachable`` exposed or open from outside. ``ephemeral``: only sockets that look like a
    client's. A port that the packet filter hands on to a container or another host counts as listening and exposed, its
    ``process`` names ``NAT``. ``high_risk`` by the table of ``high_risk_ports``, ``reason`` is its code word, ""
    otherwise.
    """

    protocol: str
    port: int
    declared: bool
    purpose: str
    listening: bool
    exposed: bool
    reachable: bool
    ephemeral: bool
    addresses: tuple[str, ...]
    process: str
    outside: str
    high_risk: bool
    reason: str


@dataclass(frozen=True, slots=True)
class HighRiskPort:
    """A high-risk port that listens beyond loopback; ``limited``: the host's firewall lets only named sources in."""

    protocol: str
    port: int
    process: str
    reason: str
    declared: bool
    limited: bool


def join_ports(
    services: Iterable[Service],
    listeners: Iterable[Listener],
    outside: Iterable[OutsidePort],
    redirected: frozenset[Key] = frozenset(),
) -> tuple[Port, ...]:
    """One row for each (protocol, port) of any view, sorted; a port that nobody scanned is ``not_scanned``."""
    declared = {(s.protocol.lower(), s.port): s.purpose for s in services if s.port}
    inside: dict[Key, list[Listener]] = defaultdict(list)
    for listener in listeners:
        inside[listener.protocol, listener.port].append(listener)
    seen = {(o.protocol, o.port): o.state for o in outside}
    opened = {key for key, state in seen.items() if state == "open"}
    return tuple(
        _port(key, declared, inside.get(key, []), seen.get(key, "not_scanned"), key in redirected)
        for key in sorted(declared.keys() | inside.keys() | opened | redirected)
    )


def _port(
    key: Key, declared: dict[Key, str], sockets: list[Listener], outside: str, redirected: bool
) -> Port:
    reason = reason_of(*key)
    exposed = redirected or any(s.exposed for s in sockets)
    return Port(
        protocol=key[0],
        port=key[1],
        declared=key in declared,
        purpose=declared.get(key, ""),
        listening=redirected or bool(sockets),
        exposed=exposed,
        reachable=exposed or outside == "open",
        ephemeral=not redirected and bool(sockets) and all(s.ephemeral for s in sockets),
        addresses=tuple(sorted({s.address for s in sockets})),
        process=", ".join(sorted({s.process for s in sockets if s.process}) + ["NAT"] * redirected),
        outside=outside,
        high_risk=bool(reason),
        reason=reason,
    )


def high_risk_rows(ports: Iterable[Port], firewall: Firewall) -> tuple[HighRiskPort, ...]:
    """The high-risk ports of a join that are exposed, or open from outside, with what the firewall makes of them."""
    return tuple(
        HighRiskPort(p.protocol, p.port, p.process, p.reason, p.declared, firewall.limits(p.protocol, p.port))
        for p in ports
        if p.high_risk and p.reachable
    )


def build_ports(evidence: Evidence) -> tuple[Port, ...]:
    """The join; without a look from outside every port is ``not_scanned``, without root no redirection is seen."""
    outside, firewall = evidence.facts["outside"], evidence.facts["firewall"]
    seen: tuple[OutsidePort, ...] = () if isinstance(outside, Gap) else outside
    redirected = () if isinstance(firewall, Gap) else firewall.redirected
    named = frozenset(key for row in redirected for key in row.named_ports())
    return join_ports(evidence.asset.services, evidence.fact("listeners"), seen, named)


def build_high_risk(evidence: Evidence) -> tuple[HighRiskPort, ...]:
    """Raises GapFound when the firewall, which may limit a port or hand it on, is not known.

    Without a high-risk listener a look from outside that finds none of the ports open decides as well.
    """
    ports: tuple[Port, ...] = evidence.fact("ports")
    outside = evidence.facts["outside"]
    closed = set() if isinstance(outside, Gap) else {o.port for o in outside if o.state != "open"}
    if not any(p.high_risk and p.exposed for p in ports) and closed.issuperset(HIGH_RISK_TCP_PORTS):
        return ()
    firewall: Firewall = evidence.fact("firewall")
    return high_risk_rows(ports, firewall)


PORTS = Fact(
    "ports",
    Text("端口三方视图", "Ports: declared, inside, outside"),
    tuple[Port, ...],
    build_ports,
    uses=("listeners", "outside", "firewall"),
)
HIGH_RISK_PORTS = Fact(
    "high_risk_ports",
    Text("对外监听的高危端口", "High-risk ports that listen"),
    tuple[HighRiskPort, ...],
    build_high_risk,
    uses=("ports", "outside", "firewall"),
)
