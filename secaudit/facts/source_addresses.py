"""Addresses that packet filter rules name as sources: whether together they are everybody."""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    collapse_addresses,
    ip_address,
    ip_network,
    summarize_address_range,
)


def cover_everybody(sources: Iterable[str]) -> bool:
    """Whether networks and ranges together hold more than half of the addresses in use: nobody's named sources.

    0.0.0.0/1 and 128.0.0.0/1 are everybody; so are 0.0.0.0-223.255.255.255, which leaves only reserved blocks out, and
    2000::/3, the part of IPv6 that is routed.
    """
    networks = [network for source in sources for part in source.split(",") for network in _networks(part)]
    four = collapse_addresses([n for n in networks if isinstance(n, IPv4Network)])
    six = collapse_addresses([n for n in networks if isinstance(n, IPv6Network)])
    return sum(n.num_addresses for n in four) > 2**31 or sum(n.num_addresses for n in six) > 2**124


def _networks(source: str) -> list[IPv4Network | IPv6Network]:
    low, dash, high = source.partition("-")
    try:
        if not dash:
            return [ip_network(source, strict=False)]
        ends = ip_address(low), ip_address(high)
        if isinstance(ends[0], IPv4Address) and isinstance(ends[1], IPv4Address):
            return list(summarize_address_range(ends[0], ends[1]))
        if isinstance(ends[0], IPv6Address) and isinstance(ends[1], IPv6Address):
            return list(summarize_address_range(ends[0], ends[1]))
    except ValueError:
        pass
    return []
