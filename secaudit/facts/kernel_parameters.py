"""Parameters of the running kernel that bear on the network: sysctl(8), read from /proc/sys."""

import re
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

_NAMES = (
    "net/ipv4/ip_forward",
    "net/ipv4/tcp_syncookies",
    "net/ipv4/conf/all/accept_redirects",
    "net/ipv4/conf/all/accept_source_route",
    "net/ipv4/conf/all/rp_filter",
    "net/ipv4/conf/all/send_redirects",
    "net/ipv4/icmp_echo_ignore_broadcasts",
    "kernel/randomize_va_space",
)

PARAMETERS = Probe(
    "kernel_parameters.values",
    f"""cd /proc/sys || exit 1
# Not `read`: dash reads byte by byte, and these files answer the first read only.
grep -H . {" ".join(_NAMES)} 2>/dev/null
echo end""",
)

_LINE = re.compile(r"([a-z0-9_/]{3,80}):(-?\d{1,10})", re.ASCII)


@dataclass(frozen=True, slots=True)
class KernelParameter:
    """A parameter of the running kernel: ``net.ipv4.ip_forward`` and its number."""

    name: str
    value: int


def parse_parameters(text: str) -> tuple[KernelParameter, ...]:
    """``net/ipv4/ip_forward:0`` → KernelParameter("net.ipv4.ip_forward", 0); raises GapFound."""
    lines = text.splitlines()
    rows = [_LINE.fullmatch(line) for line in lines[:-1]]
    found = [KernelParameter(row[1].replace("/", "."), int(row[2])) for row in rows if row]
    if not found or lines[-1] != "end" or len(found) != len(rows):
        raise GapFound(GapReason.UNPARSABLE, "no parameters of the kernel")
    return tuple(sorted(found, key=lambda p: p.name))


def build_parameters(evidence: Evidence) -> tuple[KernelParameter, ...]:
    """The parameters that are looked at, as far as this kernel has them."""
    return parse_parameters(evidence.text(PARAMETERS.id))


KERNEL_PARAMETERS = Fact(
    "kernel_parameters",
    Text("内核参数", "Kernel parameters"),
    tuple[KernelParameter, ...],
    build_parameters,
    (PARAMETERS,),
)
