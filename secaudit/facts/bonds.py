"""Bonded network interfaces: which members carry them now: the bonding driver's /proc/net/bonding."""

from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

BONDS = Probe(
    "network.bonds",
    r"""[ ! -d /proc/net/bonding ] || grep -sE '^(Slave Interface|MII Status):' /proc/net/bonding/* /dev/null
echo end""",
)


@dataclass(frozen=True, slots=True)
class Bond:
    """A bond by its name, its members, and those of them whose link is down."""

    name: str
    members: tuple[str, ...]
    down: tuple[str, ...]


def parse_bonds(text: str) -> tuple[Bond, ...]:
    """``/proc/net/bonding/bond0:Slave Interface: eth0`` and its ``MII Status: up`` → Bond; raises GapFound.

    The first status of a file is that of the bond itself.
    """
    lines = text.removesuffix("\n").split("\n")
    if lines[-1] != "end":
        raise GapFound(GapReason.TRUNCATED, "the list of bonds is cut off")
    found: dict[str, dict[str, bool]] = {}
    current: dict[str, str] = {}
    for line in lines[:-1]:
        path, _, rest = line.partition(":")
        key, colon, value = rest.partition(": ")
        name = path.rpartition("/")[2]
        if not name or not colon:
            raise GapFound(GapReason.UNPARSABLE, f"not of a bond: {line[:60]!r}")
        members = found.setdefault(name, {})
        if key == "Slave Interface":
            current[name] = value
            members[value] = False
        elif name in current:
            members[current[name]] = value == "up"
    return tuple(
        Bond(name, tuple(sorted(members)), tuple(sorted(m for m, up in members.items() if not up)))
        for name, members in sorted(found.items())
    )


def build_bonds(evidence: Evidence) -> tuple[Bond, ...]:
    """The bonds of the asset; none is a value."""
    return parse_bonds(evidence.text(BONDS.id))


BONDS_FACT = Fact("bonds", Text("绑定网卡", "Bonded interfaces"), tuple[Bond, ...], build_bonds, (BONDS,))
