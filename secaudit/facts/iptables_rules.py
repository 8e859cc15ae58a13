"""Rules as iptables-save(8) writes them."""

import re
import shlex
from dataclasses import replace

from secaudit.facts.fact import GapFound
from secaudit.facts.filter_chains import Filter, Rule
from secaudit.model.evidence import GapReason

_VERDICTS = {"ACCEPT": "accept", "DROP": "drop", "REJECT": "reject", "RETURN": "return"}
_SIDE_EFFECTS = frozenset(
    "LOG NFLOG ULOG MARK CONNMARK AUDIT SET CT NOTRACK TCPMSS CLASSIFY DSCP TOS SECMARK CONNSECMARK".split()
)
_REDIRECTS = frozenset({"DNAT", "REDIRECT", "NETMAP"})
_BASES = {"filter": ("INPUT", "input"), "nat": ("PREROUTING", "prerouting")}
_PORTS = re.compile(r"\d{1,5}([:-]\d{1,5})?(,\d{1,5}([:-]\d{1,5})?)*", re.ASCII)
_ANSWERS = frozenset({"ESTABLISHED", "RELATED"})


def parse_iptables(lines: list[str], family: str) -> list[Filter]:
    """``:INPUT DROP [0:0]`` and ``-A INPUT -p tcp --dport 22 -j ACCEPT`` of every filter and nat table.

    Raises GapFound.
    """
    found: list[Filter] = []
    table, policies, chains = "", dict[str, str](), dict[str, list[Rule]]()
    for line in (raw.strip() for raw in lines):
        if line.startswith("*"):
            table, policies, chains = line[1:], {}, {}
        elif table in _BASES and line.startswith(":"):
            name, _, rest = line[1:].partition(" ")
            policies[name], chains[name] = rest.split(" ")[0], []
        elif table in _BASES and line.startswith("-A "):
            name, rule = _rule(line)
            chains.setdefault(name, []).append(rule)
        elif line == "COMMIT":
            if table in _BASES and _BASES[table][0] in chains:
                found.append(_filter(family, table, policies, chains))
            table, chains = "", {}
        elif line and not line.startswith("#") and table in _BASES:
            raise GapFound(GapReason.UNPARSABLE, f"iptables: {line[:80]!r}")
    if table in _BASES and chains:
        raise GapFound(GapReason.UNPARSABLE, "iptables: the table is cut off")
    return found


def _filter(family: str, table: str, policies: dict[str, str], chains: dict[str, list[Rule]]) -> Filter:
    base, hook = _BASES[table]
    policy = policies.get(base, "")
    if policy not in ("ACCEPT", "DROP"):
        raise GapFound(GapReason.UNPARSABLE, f"iptables: no policy {policy[:20]!r}")
    return Filter("iptables", family, base, policy.lower(), {n: tuple(r) for n, r in chains.items()}, hook)


def _rule(line: str) -> tuple[str, Rule]:
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise GapFound(GapReason.UNPARSABLE, f"iptables: {line[:80]!r}") from error
    if len(words) < 2:
        raise GapFound(GapReason.UNPARSABLE, f"iptables: {line[:80]!r}")
    rule, negated, position = Rule("continue"), False, 2
    while position < len(words):
        option = words[position]
        position += 1
        if option == "!":
            negated = True
            continue
        value = words[position] if position < len(words) and not words[position].startswith("-") else ""
        # Whatever does not come from the host itself is what strangers begin: no condition for them.
        everybody = negated and (option, value) == ("-i", "lo")
        if not everybody:
            rule = replace(rule, more=True) if negated else _condition(rule, option, value)
        negated = False
        while position < len(words) and not words[position].startswith("-") and words[position] != "!":
            position += 1
    return words[1], rule


def _condition(rule: Rule, option: str, value: str) -> Rule:
    """One option of a rule; what is not known counts as a further condition."""
    match option:
        case "-m" | "--reject-with" | "--log-prefix" | "--log-level" | "--limit-burst":
            return rule
        case "-p":
            return rule if value == "all" else replace(rule, protocol=value)
        case "-s":
            return rule if value in ("0.0.0.0/0", "::/0") else replace(rule, source=value)
        case "--src-range" if "-" in value:
            return replace(rule, source=value)
        case "-d":
            return replace(rule, destination=value, more=True)
        case "-i":
            return replace(rule, harmless=True) if value == "lo" else replace(rule, more=True)
        case "--dport" | "--dports" if _PORTS.fullmatch(value):
            return replace(rule, ports=value.replace(":", "-"))
        case "--ctstate" | "--state":
            states = set(value.split(","))
            only_answers = _ANSWERS.issuperset(states)
            if "NEW" in states:
                return rule
            return replace(rule, harmless=True) if only_answers else replace(rule, more=True)
        case "-j" | "-g":
            return _verdict(rule, option, value)
        case _:
            return replace(rule, more=True)


def _verdict(rule: Rule, option: str, value: str) -> Rule:
    if value in _VERDICTS:
        return replace(rule, verdict=_VERDICTS[value])
    if value in _REDIRECTS:
        return replace(rule, verdict="redirect")
    if value in _SIDE_EFFECTS:
        return replace(rule, verdict="continue")
    return replace(rule, verdict="jump" if option == "-j" else "goto", target=value)
