"""Conditions of nft rules: libnftables-json(5), EXPRESSIONS."""

from dataclasses import replace
from typing import Any

from secaudit.facts.fact import GapFound
from secaudit.facts.filter_chains import Rule
from secaudit.model.evidence import GapReason

Sets = dict[str, Any]
# nft prints protocols by number where it cannot name them: /etc/protocols.
_NUMBERS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmp", "ipv6-icmp": "icmp"}
_ANSWERS = frozenset({"established", "related"})


def unparsable(detail: str) -> GapFound:
    """The gap for a rule set that is not understood."""
    return GapFound(GapReason.UNPARSABLE, f"nft: {detail}")


def apply_match(rule: Rule, match: Any, sets: Sets) -> Rule:
    """``{"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}`` narrows the rule."""
    if not isinstance(match, dict):
        raise unparsable("a match")
    left, values = match.get("left"), _values(match.get("right"), sets)
    if _means_every_stranger(match.get("op"), left, values):
        return rule
    if match.get("op") not in ("==", "in") or not values or not isinstance(left, dict):
        return replace(rule, more=True)
    return _narrowed(rule, left, values)


def _narrowed(rule: Rule, left: dict[str, Any], values: list[Any]) -> Rule:
    match left:
        case {"payload": {"protocol": "tcp" | "udp" | "th" as protocol, "field": "dport"}}:
            ports = [_port(v) for v in values]
            if not all(ports):
                return replace(rule, more=True)
            return replace(
                rule, ports=",".join(ports), protocol=rule.protocol if protocol == "th" else protocol
            )
        case {"payload": {"protocol": "ip" | "ip6", "field": "saddr"}}:
            sources = [_address(v) for v in values]
            return replace(rule, source="" if "anywhere" in sources else ",".join(sources))
        case {"payload": {"protocol": "ip" | "ip6", "field": "daddr"}}:
            return replace(rule, destination=_address(values[0]) if len(values) == 1 else "", more=True)
        case {"payload": {"protocol": "ip", "field": "protocol"}} | {"meta": {"key": "l4proto"}}:
            return _protocol(rule, values)
        case {"meta": {"key": "iif" | "iifname"}} if values == ["lo"]:
            return replace(rule, harmless=True)
        case {"payload": {"protocol": "icmp" | "icmpv6"}}:
            return replace(rule, protocol="icmp", more=True)
        case {"ct": {"key": "status"}} if values == ["dnat"]:
            # firewalld; what is handed on is told by the rules that do it
            return replace(rule, harmless=True)
        case {"ct": {"key": "state"}} if _ANSWERS.issuperset(map(str, values)):
            return replace(rule, harmless=True)
        case _:
            return replace(rule, more=True)


def _means_every_stranger(op: Any, left: Any, values: list[Any]) -> bool:
    """``ct state new`` (perhaps with others), ``iifname != "lo"``: whatever a stranger begins is meant."""
    match left:
        case {"ct": {"key": "state"}}:
            return op in ("==", "in") and "new" in values
        case {"meta": {"key": "iif" | "iifname"}}:
            return op == "!=" and values == ["lo"]
    return False


def _protocol(rule: Rule, values: list[Any]) -> Rule:
    """A protocol by name or number; of several only those that carry ports matter, and only one fits into a rule."""
    names = {_NUMBERS.get(value, str(value)) for value in values if isinstance(value, (str, int))}
    if len(names) == 1:
        return replace(rule, protocol=names.pop())
    return replace(rule, more=True) if names & {"tcp", "udp"} or not names else replace(rule, protocol="icmp")


def _values(right: Any, sets: Sets) -> list[Any]:
    """The right side as a list: a value, a set, a range, a named set (``@trusted``)."""
    if isinstance(right, str) and right.startswith("@"):
        right = sets.get(right[1:], [])
    elif isinstance(right, dict) and "set" in right:
        right = right["set"]
    items = right if isinstance(right, list) else [right]
    return [_element(item) for item in items if item is not None]


def _element(item: Any) -> Any:
    """An element of a set may carry a time-out or counter: ``{"elem": {"val": …}}``."""
    inner = item.get("elem") if isinstance(item, dict) else None
    return inner.get("val") if isinstance(inner, dict) else item


def _port(value: Any) -> str:
    """``22`` → ``22``, ``{"range": [80, 90]}`` → ``80-90``, anything else ""."""
    span = value.get("range") if isinstance(value, dict) else [value]
    if not isinstance(span, list) or not 1 <= len(span) <= 2:
        return ""
    if not all(isinstance(n, int) and 0 <= n <= 65_535 for n in span):
        return ""
    return "-".join(str(n) for n in span)


def _address(value: Any) -> str:
    """``{"prefix": {"addr": "10.0.0.0", "len": 8}}`` → ``10.0.0.0/8``; a prefix of length 0 is everybody."""
    prefix = value.get("prefix") if isinstance(value, dict) else None
    if isinstance(prefix, dict):
        return "anywhere" if prefix.get("len") == 0 else f"{prefix.get('addr')}/{prefix.get('len')}"
    span = value.get("range") if isinstance(value, dict) else None
    if isinstance(span, list):
        return "-".join(str(end) for end in span)
    return str(value)[:100]
