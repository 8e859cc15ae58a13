"""The three views of a port joined: what is declared, what listens inside, what answers outside."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.firewall import Firewall
from secaudit.facts.high_risk_ports import reason_of
from secaudit.facts.listeners import Listener
from secaudit.facts.outside import OutsidePort
from secaudit.model.evidence import Gap
from secaudit.model.register import Service
from secaudit.model.text import Text

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Port:
    """One port that any of the three views knows.

    ``outside`` is ``open``, ``closed``, ``filtered`` or ``not_scanned``. ``ephemeral``: only sockets that look like a
    client's. ``high_risk`` by the table of ``high_risk_ports``, ``reason`` says why, "" otherwise.
    """

    protocol: str
    port: int
    declared: bool
    purpose: str
    listening: bool
    exposed: bool
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
    services: Iterable[Service], listeners: Iterable[Listener], outside: Iterable[OutsidePort]
) -> tuple[Port, ...]:
    """One row for each (protocol, port) of any view, sorted; a port that nobody scanned is ``not_scanned``."""
    declared = {(s.protocol.lower(), s.port): s.purpose for s in services if s.port}
    inside: dict[Key, list[Listener]] = defaultdict(list)
    for listener in listeners:
        inside[listener.protocol, listener.port].append(listener)
    seen = {(o.protocol, o.port): o.state for o in outside}
    opened = {key for key, state in seen.items() if state == "open"}
    return tuple(
        _port(key, declared, inside.get(key, []), seen.get(key, "not_scanned"))
        for key in sorted(declared.keys() | inside.keys() | opened)
    )


def _port(key: Key, declared: dict[Key, str], sockets: list[Listener], outside: str) -> Port:
    reason = reason_of(*key)
    return Port(
        protocol=key[0],
        port=key[1],
        declared=key in declared,
        purpose=declared.get(key, ""),
        listening=bool(sockets),
        exposed=any(s.exposed for s in sockets),
        ephemeral=bool(sockets) and all(s.ephemeral for s in sockets),
        addresses=tuple(sorted({s.address for s in sockets})),
        process=", ".join(sorted({s.process for s in sockets if s.process})),
        outside=outside,
        high_risk=bool(reason),
        reason=reason,
    )


def high_risk_rows(ports: Iterable[Port], firewall: Firewall) -> tuple[HighRiskPort, ...]:
    """The exposed high-risk ports of a join, with what the firewall makes of them."""
    return tuple(
        HighRiskPort(p.protocol, p.port, p.process, p.reason, p.declared, firewall.limits(p.protocol, p.port))
        for p in ports
        if p.high_risk and p.exposed
    )


def build_ports(evidence: Evidence) -> tuple[Port, ...]:
    """The join; without a look from outside every port is ``not_scanned``."""
    outside = evidence.facts["outside"]
    seen: tuple[OutsidePort, ...] = () if isinstance(outside, Gap) else outside
    return join_ports(evidence.asset.services, evidence.fact("listeners"), seen)


def build_high_risk(evidence: Evidence) -> tuple[HighRiskPort, ...]:
    """Without a high-risk listener the list is empty whatever the firewall is; else an unknown firewall is a gap."""
    candidates = [p for p in evidence.fact("ports") if p.high_risk and p.exposed]
    if not candidates:
        return ()
    firewall: Firewall = evidence.fact("firewall")
    return high_risk_rows(candidates, firewall)


PORTS = Fact(
    "ports",
    Text("端口三方视图", "Ports: declared, inside, outside"),
    tuple[Port, ...],
    build_ports,
    uses=("listeners", "outside"),
)
HIGH_RISK_PORTS = Fact(
    "high_risk_ports",
    Text("对外监听的高危端口", "High-risk ports that listen"),
    tuple[HighRiskPort, ...],
    build_high_risk,
    uses=("ports", "firewall"),
)
