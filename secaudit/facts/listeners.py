"""Which ports the asset listens on: ss(8), or /proc/net where it is not (netstat cuts long addresses short)."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.proc_net import proc_net_sockets
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

SOCKETS = Probe(
    "listeners.sockets",
    """echo '@@ range'; cat /proc/sys/net/ipv4/ip_local_port_range
if command -v ss >/dev/null 2>&1; then echo '@@ ss'; ss -tuln
else
  for table in tcp tcp6 udp udp6; do
    if [ -r /proc/net/$table ]; then echo "@@ proc $table"; cat /proc/net/$table; fi
  done
fi""",
)

PROCESSES = Probe(
    "listeners.processes",
    "if command -v ss >/dev/null 2>&1; then root ss -tulnp; else root netstat -tulnp; fi",
    root=True,
    as_root=("/usr/bin/ss -tulnp", "/usr/bin/netstat -tulnp"),
    reduces=Text(
        "只输出进程名：ss 与 netstat 均不显示参数",
        "the names of processes only: neither ss nor netstat shows their arguments",
    ),
)

_PROCESS = re.compile(r'users:\(\("([^"]{1,64})"|\s\d+/([^\s:]{1,64})')
_SPLIT = re.compile(r"^(.*):(\d{1,5}|\*)$")
# Some releases of ss leave no blank between the first two columns when they write into a pipe.
_GLUED = re.compile(r"(tcp|udp)(LISTEN|UNCONN)")
_OTHERS = frozenset({"udplite", "udpl", "udplite6"})


@dataclass(frozen=True, slots=True)
class Listener:
    """A listening socket.

    ``process`` is "" when root was not had. ``exposed``: the address is not a loopback one. ``ephemeral``: a UDP port
    of the range that the kernel hands to clients (ip(7)), most likely a client waiting for its answer.
    """

    protocol: str
    address: str
    port: int
    process: str
    exposed: bool
    ephemeral: bool


Socket = tuple[str, str, int]


def parse_sockets(text: str) -> tuple[Listener, ...]:
    """``tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*`` → Listener; an empty list is legitimate when a table was read."""
    parts = sections(text)
    tables = {name: lines for name, lines in parts.items() if name != "range"}
    if not tables:
        raise GapFound(GapReason.UNPARSABLE, "no table of sockets")
    low, high = _local_range(parts.get("range", []))
    found: set[Socket] = set()
    for name, lines in tables.items():
        found |= set(
            proc_net_sockets(name.removeprefix("proc "), lines) if "proc " in name else _table(lines)
        )
    return tuple(
        Listener(p, a, n, "", not is_loopback(a), p == "udp" and low <= n <= high)
        for p, a, n in sorted(found)
    )


def _local_range(lines: list[str]) -> tuple[int, int]:
    words = " ".join(lines).split()
    if len(words) == 2 and all(w.isascii() and w.isdigit() for w in words):
        return int(words[0]), int(words[1])
    # Without the range nothing counts as a client's port: more is shown, never less.
    return 1, 0


def _table(lines: list[str]) -> set[Socket]:
    """ss: protocol first; the local address is the first column that ends in a port."""
    if not any("Local Address" in line for line in lines):
        raise GapFound(GapReason.UNPARSABLE, "the table of sockets has no heading")
    return {socket for line in lines if (socket := _socket(line.split())) is not None}


def _socket(words: list[str]) -> Socket | None:
    if not words or not words[0].startswith(("tcp", "udp")) or words[0] in _OTHERS:
        return None
    glued = _GLUED.fullmatch(words[0])
    protocol = glued[1] if glued else words[0].removesuffix("6")
    if protocol not in ("tcp", "udp"):
        raise GapFound(GapReason.UNPARSABLE, f"not a protocol: {words[0][:40]!r}")
    for word in words[1:]:
        match = _SPLIT.match(word)
        if match and match[2] != "*" and (port := int(match[2])) <= 65_535:
            return protocol, _address(match[1]), port
    raise GapFound(GapReason.UNPARSABLE, f"not a socket: {' '.join(words)[:80]!r}")


def _address(text: str) -> str:
    """``[::]`` → ``::``, ``127.0.0.53%lo`` → ``127.0.0.53``, ``*`` (both families, ss) stays."""
    return text.strip("[]").partition("%")[0].strip("[]") or "*"


def is_loopback(address: str) -> bool:
    """Whether only the asset itself reaches the address; what is no address counts as reachable."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return bool((mapped or parsed).is_loopback)


def process_names(text: str) -> dict[Socket, str]:
    """``… 0.0.0.0:22 … users:(("sshd",pid=1,fd=3))`` → socket → ``sshd``; what cannot be read is left out."""
    names: dict[Socket, str] = {}
    for line in text.splitlines():
        match = _PROCESS.search(line)
        try:
            socket = _socket(line.split())
        except GapFound:
            continue
        if match and socket:
            names[socket] = match[1] or match[2]
    return names


def build_listeners(evidence: Evidence) -> tuple[Listener, ...]:
    """The listening sockets; the names of their processes where root was had."""
    listeners = parse_sockets(evidence.text(SOCKETS.id))
    try:
        names = process_names(evidence.text(PROCESSES.id))
    except GapFound:
        return listeners
    return tuple(
        Listener(
            s.protocol,
            s.address,
            s.port,
            names.get((s.protocol, s.address, s.port), ""),
            s.exposed,
            s.ephemeral,
        )
        for s in listeners
    )


LISTENERS = Fact(
    "listeners",
    Text("监听端口", "Listening ports"),
    tuple[Listener, ...],
    build_listeners,
    (SOCKETS, PROCESSES),
)
