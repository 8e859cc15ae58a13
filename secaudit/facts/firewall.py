"""What the host's packet filter lets in, of whatever make: nftables, iptables, firewalld, ufw."""

from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.filter_chains import ANYWHERE, Allowed, Filter, effective
from secaudit.facts.iptables_rules import parse_iptables
from secaudit.facts.nft_rules import parse_nft
from secaudit.facts.redirections import Redirected, redirections
from secaudit.facts.sections import whole_sections
from secaudit.facts.source_addresses import cover_everybody
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# firewalld and ufw are front ends of nftables and iptables: what counts is what the kernel holds.
RULES = Probe(
    "firewall.rules",
    r"""echo '@@ ipv6'
awk '$6 != "lo" { n++ } END { print n + 0 }' /proc/net/if_inet6 2>/dev/null || echo 0
echo '@@ local'
awk '/\|-- / { a = $2 } /32 host LOCAL/ && !seen[a]++ { print a }' /proc/net/fib_trie 2>/dev/null
if command -v nft >/dev/null 2>&1; then
  echo '@@ nft'
  rules=$(root nft -s -j list ruleset) ||
    { rules=$(root nft list ruleset) && [ -z "$rules" ] && rules='{"nftables": []}'; } || exit 1
  printf '%s\n' "$rules" | sed 's/"comment": *"\([^"\\]\|\\.\)*"/"comment": ""/g'
fi
for v in ip ip6; do
  for t in ${v}tables-save ${v}tables-nft-save ${v}tables-legacy-save; do
    if command -v "$t" >/dev/null 2>&1; then
      echo "@@ $v"
      rules=$(root "$t") || exit 1
      printf '%s\n' "$rules" | sed '/^#/d; s/^\(:.*\) \[[0-9:]*\]$/\1/; s/--comment \("\([^"\\]\|\\.\)*"\|[^ ]*\)//g'
    fi
  done
done
echo '@@ end'""",
    root=True,
    as_root=(
        "/usr/sbin/nft -s -j list ruleset",
        "/usr/sbin/nft list ruleset",
        "/usr/sbin/iptables-save",
        "/usr/sbin/iptables-nft-save",
        "/usr/sbin/iptables-legacy-save",
        "/usr/sbin/ip6tables-save",
        "/usr/sbin/ip6tables-nft-save",
        "/usr/sbin/ip6tables-legacy-save",
    ),
    limit_bytes=1_048_576,
    reduces=Text(
        "用 sed 清空规则注释，舍去计数器",
        "comments of rules are emptied by sed; counters are dropped, so that a quiet night looks like the last",
    ),
)


@dataclass(frozen=True, slots=True)
class Firewall:
    """The packet filter for packets to the host itself.

    ``active``: any rule or policy there refuses something. ``default_input`` is what happens to a packet that no rule
    names: ``accept``, ``drop`` or ``reject``, the most open of IPv4 and IPv6 (IPv6 only where an interface has such an
    address). ``allowed`` is what the rules let in although the default refuses; it may hold too much, never too little.
    ``redirected`` is handed on before these rules are asked (a port published by Docker), and is not limited by them.
    """

    active: bool
    make: str
    default_input: str
    allowed: tuple[Allowed, ...]
    redirected: tuple[Redirected, ...] = ()

    def limits(self, protocol: str, port: int) -> bool:
        """Whether only named sources reach the port (or none): the default refuses and no rule lets everybody in."""
        if any(r.opens(protocol, port) for r in self.redirected) or self.default_input == "accept":
            return False
        sources = [a.source for a in self.allowed if a.covers(protocol, port)]
        return ANYWHERE not in sources and not cover_everybody(sources)


def parse_firewall(text: str) -> Firewall:
    """Rules of nft(8) in JSON and of iptables-save(8) → Firewall; raises GapFound for what it cannot interpret."""
    parts = whole_sections(text, "the rules are cut off", GapReason.UNPARSABLE)
    filters: list[Filter] = []
    foreign = False
    if "nft" in parts:
        found, foreign = parse_nft("\n".join(parts["nft"]))
        filters += found
    tables = {family: parts[family] for family in ("ip", "ip6") if family in parts}
    if "nft" not in parts and not tables:
        raise GapFound(GapReason.NO_TOOL, "neither nft nor iptables-save is there to tell the rules")
    if foreign and not tables:
        raise GapFound(GapReason.NO_TOOL, "rules made by iptables-nft, and no iptables-save to tell them")
    for family, lines in tables.items():
        filters += parse_iptables(lines, family)
    before = [f for f in filters if f.hook == "prerouting"]
    filters = [f for f in filters if f.hook == "input"]
    families = ("ip", "ip6") if parts.get("ipv6", ["0"]) != ["0"] else ("ip",)
    defaults, allowed = zip(*(effective(filters, family) for family in families), strict=True)
    worst = next(d for d in ("accept", "reject", "drop") if d in defaults)
    rows = {row for rows in allowed for row in rows}
    return Firewall(
        active=any(f.refuses for f in filters),
        make=_make(filters, "nft" in parts),
        default_input=worst,
        allowed=tuple(sorted(rows, key=str)),
        redirected=redirections(before, frozenset(line.strip() for line in parts.get("local", []))),
    )


def _make(filters: list[Filter], nft: bool) -> str:
    """Who made the rules, by the names of their chains; ``none`` where nothing looks at packets to the host."""
    if not filters:
        return "none"
    names = {name for f in filters for name in f.chains}
    if any(name.startswith("ufw-") for name in names):
        return "ufw"
    if any("_ZONES" in name or name.startswith("IN_public") for name in names):
        return "firewalld"
    return "nftables" if nft and any(f.origin == "nft" for f in filters) else "iptables"


def build_firewall(evidence: Evidence) -> Firewall:
    """The packet filter of the asset."""
    return parse_firewall(evidence.text(RULES.id))


FIREWALL = Fact("firewall", Text("主机防火墙", "Host firewall"), Firewall, build_firewall, (RULES,))
