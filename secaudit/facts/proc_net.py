"""The tables of sockets in /proc/net: proc(5)."""

import re
from ipaddress import IPv4Address, IPv6Address

from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

# State 0A is LISTEN for TCP; an unconnected UDP socket has state 07 (include/net/tcp_states.h).
_WAITING = {"tcp": "0A", "udp": "07"}
_LINE = re.compile(
    r"\s*\d+:\s+([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})\s+[0-9A-F]+:([0-9A-F]{4})\s+([0-9A-F]{2})\s"
)


def proc_net_sockets(table: str, lines: list[str]) -> set[tuple[str, str, int]]:
    """``0: 0100007F:0035 00000000:0000 0A …`` → ("tcp", "127.0.0.1", 53); raises GapFound."""
    protocol = table.removesuffix("6")
    if protocol not in _WAITING or not lines or "local_address" not in lines[0]:
        raise GapFound(GapReason.UNPARSABLE, f"not a table of /proc/net: {table[:20]!r}")
    found = set()
    for line in lines[1:]:
        match = _LINE.match(line)
        if match is None:
            raise GapFound(GapReason.UNPARSABLE, f"/proc/net/{table}: {line[:80]!r}")
        if match[4] == _WAITING[protocol]:
            found.add((protocol, _address(match[1]), int(match[2], 16)))
    return found


def _address(digits: str) -> str:
    """Words of four bytes in the byte order of the host, taken as little-endian (x86, ARM, LoongArch, RISC-V)."""
    raw = b"".join(bytes.fromhex(digits[i : i + 8])[::-1] for i in range(0, len(digits), 8))
    return str(IPv4Address(raw) if len(raw) == 4 else IPv6Address(raw))
