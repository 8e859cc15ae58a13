"""Ports that the packet filter hands on before its input rules are asked: DNAT and REDIRECT of iptables and nft.

Docker publishes ports so: no rule for packets to the host limits them, and perhaps nothing listens on the host.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from secaudit.facts.fact import GapFound
from secaudit.facts.filter_chains import ANY, ANYWHERE, Allowed, Filter, Rule, joined
from secaudit.model.evidence import GapReason

_DEPTH = 16
_LONGEST_SPAN = 256


@dataclass(frozen=True, slots=True)
class Redirected:
    """Ports handed on: ``protocol``, ``ports`` and ``source`` as in Allowed, ``destination`` an address or ``any``."""

    protocol: str
    ports: str
    source: str
    destination: str

    def opens(self, protocol: str, port: int) -> bool:
        """Whether everybody reaches something behind the port."""
        return self.source == ANYWHERE and Allowed(self.protocol, self.ports, self.source).covers(
            protocol, port
        )

    def named_ports(self) -> Iterator[tuple[str, int]]:
        """(protocol, port) of what it names; nothing for all ports and for long ranges."""
        for span in () if self.ports == ANY else self.ports.split(","):
            low, _, high = span.partition("-")
            ports = range(int(low), int(high or low) + 1)
            for protocol in ("tcp", "udp") if self.protocol == ANY else (self.protocol,):
                yield from ((protocol, port) for port in ports if len(ports) <= _LONGEST_SPAN)


def redirections(filters: Iterable[Filter], local: frozenset[str]) -> tuple[Redirected, ...]:
    """What the chains hand on of packets to the host; ``local`` are its IPv4 addresses. Raises GapFound."""
    found = {
        row for f in filters for row in _walk(f, f.base, Rule(""), 0) if _is_here(row.destination, local)
    }
    return tuple(sorted(found, key=str))


def _walk(base: Filter, name: str, way: Rule, depth: int) -> Iterator[Redirected]:
    if depth > _DEPTH:
        raise GapFound(GapReason.UNPARSABLE, "firewall: chains call each other without end")
    if name not in base.chains:
        raise GapFound(GapReason.UNPARSABLE, f"firewall: unknown target {name[:40]!r}")
    for rule in base.chains[name]:
        here = joined(way, rule)
        if here.harmless:
            continue
        if rule.verdict in ("jump", "goto"):
            yield from _walk(base, rule.target, here, depth + 1)
        elif rule.verdict == "redirect":
            yield Redirected(
                here.protocol or ANY, here.ports or ANY, here.source or ANYWHERE, here.destination or ANY
            )


def _is_here(destination: str, local: frozenset[str]) -> bool:
    """Whether packets to the address come to the host from elsewhere: cluster addresses of Kubernetes do not."""
    if destination == ANY:
        return True
    try:
        network = ip_network(destination, strict=False)
    except ValueError:
        return True
    if network.is_loopback:
        return False
    if network.version == 6 or not local:
        return True
    return any(ip_address(address) in network for address in local)
