"""Network interfaces and the ways out: sysfs, rfkill, and the routing tables of proc(5)."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

INTERFACES = Probe(
    "interfaces.state",
    r"""[ -d /sys/class/net ] || exit 1
echo '@@ places'; ls -l /sys/class/net
echo '@@ values'
grep -sE '^(DEVTYPE=.*|0x[0-9a-f]+|[0-9]+)$' /sys/class/net/*/uevent /sys/class/net/*/flags \
  /sys/class/net/*/type /dev/null
echo '@@ parts'
for d in /sys/class/net/*; do
  for p in wireless phy80211 bridge brport bonding master tun_flags; do [ -e "$d/$p" ] && echo "${d##*/} $p"; done
done
echo '@@ routes'; cat /proc/net/route
echo '@@ routes6'
[ ! -r /proc/net/ipv6_route ] || awk '$1 ~ /^0+$/ && $2 == "00" { print $9, $10 }' /proc/net/ipv6_route
echo '@@ end'""",
    reduces=Text(
        "只输出接口与路由的名称、种类和标志，不含硬件地址",
        "names, kinds and flags of interfaces and routes; no hardware addresses",
    ),
)

_LINK = re.compile(r"\s(\S{1,15}) -> (\S+)$")
_VALUE = re.compile(r"/sys/class/net/([^/]{1,15})/(uevent|flags|type):(.*)")
# if_arp.h; uevent DEVTYPE (net/core, drivers/net/wwan); USB modems that call themselves Ethernet by their place
_KINDS = {
    "wlan": "wireless",
    "wwan": "mobile",
    "bluetooth": "bluetooth",
    "bridge": "bridge",
    "bond": "bond",
    "vlan": "vlan",
}
_TUNNELS = frozenset({"512", "519", "768", "769", "776", "778", "65534"})


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface other than loopback.

    ``kind``: ``wired``, ``usb`` (a network device on USB), ``wireless``, ``mobile`` (a modem), ``bluetooth``,
    ``bridge``, ``bond``, ``vlan``, ``tunnel``, or ``virtual`` for ends of containers. ``default_route``: traffic to
    anywhere leaves by it. ``promiscuous`` is told of ports that no bridge or bond has taken.
    """

    name: str
    kind: str
    up: bool
    promiscuous: bool
    default_route: bool


def parse_interfaces(text: str) -> tuple[Interface, ...]:
    """The parts of the probe → interfaces by name; raises GapFound when it is cut off or there is no interface."""
    parts = whole_sections(text, "the interfaces are cut off", GapReason.UNPARSABLE)
    places = {found[1]: found[2] for line in parts.get("places", []) if (found := _LINK.search(line))}
    if not places:
        raise GapFound(GapReason.UNPARSABLE, "no network interface")
    values = {(f[1], f[2]): f[3] for line in parts.get("values", []) if (f := _VALUE.fullmatch(line))}
    has: dict[str, set[str]] = defaultdict(set)
    for line in parts.get("parts", []):
        owner, _, part = line.partition(" ")
        has[owner].add(part)
    out = set(_defaults(parts))
    return tuple(
        _interface(name, place, values, has.get(name, set()), out)
        for name, place in sorted(places.items())
        if name != "lo"
    )


def _defaults(parts: dict[str, list[str]]) -> Iterable[str]:
    """Interfaces of default routes: destination and mask are 0, the route is up (1) and does not refuse (0x200)."""
    for line in parts.get("routes", [])[1:]:
        words = line.split()
        if (
            len(words) > 7
            and words[1] == words[7] == "00000000"
            and _number(words[3]) & 1
            and not _number(words[3]) & 0x200
        ):
            yield words[0]
    for line in parts.get("routes6", []):
        flags, _, name = line.partition(" ")
        if name != "lo" and not _number(flags) & 0x200:
            yield name


def _number(text: str) -> int:
    return int(text, 16) if re.fullmatch(r"(0x)?[0-9A-Fa-f]{1,16}", text) else 0


def _interface(
    name: str, place: str, values: dict[tuple[str, str], str], has: set[str], out: set[str]
) -> Interface:
    flags = _number(values.get((name, "flags"), "0"))
    taken = bool(has & {"brport", "master"})
    return Interface(
        name=name,
        kind=_kind(place, values.get((name, "uevent"), ""), values.get((name, "type"), ""), has),
        up=bool(flags & 1),
        promiscuous=bool(flags & 0x100) and not taken,
        default_route=name in out,
    )


def _kind(place: str, uevent: str, number: str, has: set[str]) -> str:
    named = _KINDS.get(uevent.removeprefix("DEVTYPE="))
    if named:
        return named
    if has & {"wireless", "phy80211"} or number in ("801", "802", "803"):
        return "wireless"
    if "bridge" in has or "bonding" in has:
        return "bridge" if "bridge" in has else "bond"
    if "tun_flags" in has or number in _TUNNELS:
        return "tunnel"
    if "/virtual/" in place:
        return "virtual"
    return "usb" if "/usb" in place else "wired"


def build_interfaces(evidence: Evidence) -> tuple[Interface, ...]:
    """The network interfaces of the asset."""
    return parse_interfaces(evidence.text(INTERFACES.id))


INTERFACES_FACT = Fact(
    "interfaces",
    Text("网络接口", "Network interfaces"),
    tuple[Interface, ...],
    build_interfaces,
    (INTERFACES,),
)
