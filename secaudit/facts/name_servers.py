"""Whom the host asks for names: resolv.conf(5), systemd-resolved(8)."""

from dataclasses import dataclass
from ipaddress import ip_address

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import whole_sections
from secaudit.facts.time_places import place_of
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Behind the stub of systemd-resolved are the servers of its own file.
NAME_SERVERS = Probe(
    "network.name_servers",
    r"""for f in /etc/resolv.conf /run/systemd/resolve/resolv.conf; do
  echo "@@ $f"
  [ ! -e $f ] || awk '$1 == "nameserver" { print $2 }' $f || exit 1
done
echo '@@ end'""",
    reduces=Text("只取域名服务器的地址，不含域名", "addresses of name servers only, no domains"),
)
_STUBS = ("127.0.0.53", "127.0.0.54")


@dataclass(frozen=True, slots=True)
class NameServer:
    """A server by its address; ``place`` is ``inside``, ``outside``, or ``host``: a resolver here that asks others."""

    address: str
    place: str


def parse_name_servers(text: str) -> tuple[NameServer, ...]:
    """``nameserver 10.0.0.53`` → NameServer, in their order; none is a value. Raises GapFound."""
    parts = whole_sections(text, "the list of name servers is cut off")
    behind = parts.get("/run/systemd/resolve/resolv.conf", [])
    found: dict[str, None] = {}
    for address in parts.get("/etc/resolv.conf", []):
        stub = address.strip() in _STUBS and behind
        found.update(dict.fromkeys(one.strip() for one in (behind if stub else [address])))
    return tuple(_server(address) for address in found)


def _server(text: str) -> NameServer:
    """``fe80::1%eth0`` without its interface; raises GapFound for what is no address."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        raise GapFound(GapReason.UNPARSABLE, f"not the address of a name server: {text[:60]!r}") from None
    return NameServer(str(address), "host" if address.is_loopback else place_of(str(address)))


def build_name_servers(evidence: Evidence) -> tuple[NameServer, ...]:
    """The name servers of the asset."""
    return parse_name_servers(evidence.text(NAME_SERVERS.id))


NAME_SERVERS_FACT = Fact(
    "name_servers",
    Text("域名服务器", "Name servers"),
    tuple[NameServer, ...],
    build_name_servers,
    (NAME_SERVERS,),
)
