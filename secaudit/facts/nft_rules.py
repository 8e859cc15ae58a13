"""Rules as ``nft -j list ruleset`` writes them: libnftables-json(5)."""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from secaudit.facts.fact import GapFound
from secaudit.facts.filter_chains import Filter, Rule
from secaudit.facts.nft_matches import Sets, apply_match, unparsable
from secaudit.model.evidence import GapReason

_VERDICTS = frozenset({"accept", "drop", "reject", "return"})
_SIDE_EFFECTS = frozenset(
    {"counter", "log", "mangle", "notrack", "set", "ct helper", "ct timeout", "secmark", "last"}
)
# The rest of the rule only holds for some packets: over a rate, a volume, a number of connections.
_LIMITS = frozenset({"limit", "quota", "ct count"})
_REDIRECTS = frozenset({"dnat", "redirect", "tproxy"})
_SOURCES = frozenset({"snat", "masquerade"})
_HOOKS = (("input", "filter"), ("prerouting", "nat"))
Table = tuple[str, str]


def parse_nft(text: str) -> tuple[list[Filter], bool]:
    """Base chains at the input hook and of NAT before it, and whether tables of iptables-nft were left out.

    Raises GapFound.
    """
    try:
        document = json.loads(text)["nftables"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise GapFound(GapReason.UNPARSABLE, "nft: no rule set in JSON") from error
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        raise unparsable("no rule set")
    return _filters(document)


def _filters(document: list[dict[str, Any]]) -> tuple[list[Filter], bool]:
    rules = [item["rule"] for item in document if isinstance(item.get("rule"), dict)]
    chains = [item["chain"] for item in document if isinstance(item.get("chain"), dict)]
    foreign = {_table(rule) for rule in rules if any("xt" in part for part in _parts(rule))}
    sets = _sets(document)
    content: dict[Table, dict[str, list[Rule]]] = defaultdict(dict)
    for chain in chains:
        content[_table(chain)][_text(chain, "name")] = []
    for rule in rules:
        if _table(rule) not in foreign:
            expanded = list(_expanded(_parts(rule), sets.get(_table(rule), {})))
            content[_table(rule)].setdefault(_text(rule, "chain"), []).extend(expanded)
    asleep = {_table_of(t) for item in document if isinstance(t := item.get("table"), dict) and _sleeps(t)}
    bases = [
        c for c in chains if (c.get("hook"), c.get("type", "filter")) in _HOOKS and _table(c) not in asleep
    ]
    found = [_filter(c, content[_table(c)]) for c in bases if _table(c) not in foreign]
    return [f for f in found if f.family in ("ip", "ip6", "inet")], bool(foreign)


def _sleeps(table: dict[str, Any]) -> bool:
    """Whether a table is switched off. nft before 1.1 writes the table's name where a flag is: which is not told."""
    flags = table.get("flags", [])
    told = flags if isinstance(flags, list) else [flags]
    if _text(table, "name") in told and "dormant" not in told:
        raise unparsable("a table with a flag that is not named")
    return "dormant" in told


def _table_of(table: dict[str, Any]) -> Table:
    return _text(table, "family"), _text(table, "name")


def _filter(chain: dict[str, Any], content: dict[str, list[Rule]]) -> Filter:
    policy = chain.get("policy", "accept")
    if policy not in ("accept", "drop"):
        raise unparsable(f"policy {str(policy)[:20]}")
    table = {name: tuple(rules) for name, rules in content.items()}
    return Filter("nft", _text(chain, "family"), _text(chain, "name"), policy, table, _text(chain, "hook"))


def _table(item: dict[str, Any]) -> Table:
    return _text(item, "family"), _text(item, "table")


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str):
        raise unparsable(f"{key} is missing")
    return value


def _parts(rule: dict[str, Any]) -> list[dict[str, Any]]:
    parts = rule.get("expr")
    if not isinstance(parts, list) or not all(isinstance(part, dict) and len(part) == 1 for part in parts):
        raise unparsable("a rule without expressions")
    return parts


def _sets(document: list[dict[str, Any]]) -> dict[Table, Sets]:
    found: dict[Table, Sets] = defaultdict(dict)
    for item in document:
        if isinstance(one := item.get("set"), dict):
            found[_table(one)][_text(one, "name")] = one.get("elem", [])
    return found


def _expanded(parts: list[dict[str, Any]], sets: Sets) -> Iterator[Rule]:
    """The rule, or one rule for each entry of a verdict map."""
    rule = Rule("continue")
    for part in parts:
        ((key, value),) = part.items()
        if key == "match":
            rule = apply_match(rule, value, sets)
        elif key == "vmap":
            yield from _verdict_map(rule, value, sets)
            return
        elif key in _VERDICTS or key in ("jump", "goto"):
            yield _with_verdict(rule, part)
            return
        elif key in _REDIRECTS:
            if isinstance(value, dict) and any(isinstance(v, dict) and "map" in v for v in value.values()):
                raise unparsable("a map of addresses")
            yield replace(rule, verdict="redirect")
            return
        elif key in _LIMITS or (key == "set" and _limits_each(value)):
            rule = replace(rule, more=True)
        elif key not in _SIDE_EFFECTS | _SOURCES:
            raise unparsable(f"statement {key[:20]}")
    yield rule


def _limits_each(value: Any) -> bool:
    """``add @m { ip saddr limit rate over 10/second }``: the limit of each address."""
    told = value.get("stmt", []) if isinstance(value, dict) else []
    return not isinstance(told, list) or any(not isinstance(one, dict) or _LIMITS & set(one) for one in told)


def _with_verdict(rule: Rule, part: dict[str, Any]) -> Rule:
    ((key, value),) = part.items()
    if key in ("jump", "goto"):
        if not isinstance(value, dict):
            raise unparsable("a jump without target")
        target = _text(value, "target")
    elif key in _VERDICTS:
        target = ""
    else:
        raise unparsable(f"verdict {str(key)[:20]}")
    return replace(rule, verdict=key, target=target)


def _verdict_map(rule: Rule, value: Any, sets: Sets) -> Iterator[Rule]:
    data = value.get("data") if isinstance(value, dict) else None
    entries = data.get("set") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise unparsable("a named verdict map")
    for entry in entries:
        if not (
            isinstance(entry, list) and len(entry) == 2 and isinstance(entry[1], dict) and len(entry[1]) == 1
        ):
            raise unparsable("an entry of a verdict map")
        match = {"op": "==", "left": value.get("key"), "right": entry[0]}
        yield _with_verdict(apply_match(rule, match, sets), entry[1])
