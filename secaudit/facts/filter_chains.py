"""What a packet filter lets in: chains walked with the conditions that lead to each verdict.

The result may let in too much, never too little: a match that is not understood does not narrow an acceptance, and a
conditional refusal is not relied on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

ANYWHERE = "anywhere"
ANY = "any"
_DEPTH = 16


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is let in: ``protocol`` (``tcp``, ``any`` …), ``ports`` (``22``, ``80,8000-8100``, ``any``), ``source``."""

    protocol: str
    ports: str
    source: str

    def covers(self, protocol: str, port: int) -> bool:
        """Whether packets of the protocol to the port are among it."""
        if self.protocol not in (ANY, protocol):
            return False
        return self.ports == ANY or any(_within(span, port) for span in self.ports.split(","))


def _within(span: str, port: int) -> bool:
    low, _, high = span.partition("-")
    return int(low) <= port <= int(high or low)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: conditions, then ``accept``, ``drop``, ``reject``, ``return``, ``jump``, ``goto``, ``redirect`` (handed
    on to another port or host) or ``continue``.

    "" is no condition. ``harmless``: it only concerns loopback, answers to the host's own connections, or what other
    rules hand on. ``more``: it has conditions beyond these; ``destination`` is told beside it.
    """

    verdict: str
    target: str = ""
    protocol: str = ""
    ports: str = ""
    source: str = ""
    harmless: bool = False
    more: bool = False
    destination: str = ""

    @property
    def unconditional(self) -> bool:
        """Whether every packet matches."""
        return not (self.protocol or self.ports or self.source or self.harmless or self.more)

    @property
    def allowed(self) -> Allowed:
        """What an acceptance by this rule lets in."""
        return Allowed(self.protocol or ANY, self.ports or ANY, self.source or ANYWHERE)


@dataclass(frozen=True, slots=True)
class Filter:
    """A base chain for packets to the host, with the chains of its table; ``family`` is ``ip``, ``ip6`` or ``inet``.

    ``hook`` is ``input``, or ``prerouting`` for a chain that may hand them on before.
    """

    origin: str
    family: str
    base: str
    policy: str
    chains: Mapping[str, tuple[Rule, ...]]
    hook: str = "input"

    @property
    def refuses(self) -> bool:
        """Whether anything in it refuses a packet."""
        rules = (rule for chain in self.chains.values() for rule in chain)
        return self.policy != "accept" or any(rule.verdict in ("drop", "reject") for rule in rules)


def effective(filters: list[Filter], family: str) -> tuple[str, frozenset[Allowed]]:
    """Default and allowed rows of a family: a packet must be let in by every base chain; raises GapFound."""
    walked = [_walk_base(f) for f in filters if f.family in (family, "inet")]
    refusing = [(default, rows) for default, rows in walked if default != "accept"]
    if not refusing:
        return "accept", frozenset()
    # Any of them bounds what gets in; the one that lets in fewest sources says most.
    return min(refusing, key=lambda item: (sum(a.source == ANYWHERE for a in item[1]), len(item[1])))


def _walk_base(base: Filter) -> tuple[str, frozenset[Allowed]]:
    rows: set[Allowed] = set()
    end = _walk(base, base.base, Rule(""), rows, 0)
    return (base.policy if end in ("", "return") else end), frozenset(rows)


def _walk(base: Filter, name: str, way: Rule, rows: set[Allowed], depth: int) -> str:
    """Collects what the chain lets in; returns the verdict that ends it for every packet, "" when it runs out.

    Who leaves a chain early escapes the refusal at its end: there is none for every packet then, and all are followed
    further; who leaves the base chain is let in.
    """
    if depth > _DEPTH:
        raise GapFound(GapReason.UNPARSABLE, "firewall: chains call each other without end")
    if name not in base.chains:
        raise GapFound(GapReason.UNPARSABLE, f"firewall: unknown target {name[:40]!r}")
    escaped: set[Allowed] = set()
    for rule in base.chains[name]:
        end, leaves = _step(base, rule, way, rows, depth)
        if leaves:
            escaped.add(joined(way, rule).allowed)
        if end in ("drop", "reject") and escaped and depth:
            return ""
        if end:
            rows |= set() if depth else escaped
            return "" if end == "return" else end
    return ""


def _step(base: Filter, rule: Rule, way: Rule, rows: set[Allowed], depth: int) -> tuple[str, bool]:
    """The verdict that this rule has for every packet that comes here, "" when packets go on; whether some leave."""
    here = joined(way, rule)
    if rule.verdict in ("continue", "redirect") or here.harmless:
        return "", False
    if rule.verdict in ("jump", "goto"):
        end = _walk(base, rule.target, here, rows, depth + 1)
        if not rule.unconditional:
            return "", rule.verdict == "goto" and not end
        return end or ("return" if rule.verdict == "goto" else ""), False
    if rule.verdict == "accept" and not here.unconditional:
        rows.add(here.allowed)
    if rule.unconditional:
        return rule.verdict, False
    return "", rule.verdict == "return"


def joined(way: Rule, rule: Rule) -> Rule:
    """The rule with the conditions on the way to its chain."""
    return replace(
        rule,
        protocol=rule.protocol or way.protocol,
        ports=rule.ports or way.ports,
        source=rule.source or way.source,
        harmless=rule.harmless or way.harmless,
        more=rule.more or way.more,
        destination=rule.destination or way.destination,
    )
