"""The packet filter of a host from real nftables and iptables rule sets, and from what is hard to read."""

import contextlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.filter_chains import ANYWHERE, Allowed
from secaudit.facts.firewall import RULES, Firewall, parse_firewall
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import in_root
from tests.unit.facts.recordings import public, recorded

TRUSTED = "10.1.0.0/16,192.0.2.7"


def nft(*rules: list[dict[str, Any]], policy: str = "drop", ipv6: int = 0) -> Firewall:
    table = {"family": "inet", "table": "t"}
    chain = {**table, "name": "in", "type": "filter", "hook": "input", "prio": 0, "policy": policy}
    objects = [{"chain": chain}, *({"rule": {**table, "chain": "in", "expr": rule}} for rule in rules)]
    return parse_firewall(f"@@ ipv6\n{ipv6}\n@@ nft\n{json.dumps({'nftables': objects})}\n@@ end\n")


def iptables(rules: str, policy: str = "DROP", six: str | None = None, ipv6: int = 0) -> Firewall:
    other = "" if six is None else f"@@ ip6\n*filter\n:INPUT {six}\nCOMMIT\n"
    return parse_firewall(
        f"@@ ipv6\n{ipv6}\n@@ ip\n*filter\n:INPUT {policy}\n{rules}\nCOMMIT\n{other}@@ end\n"
    )


def test_recorded_drop_by_default() -> None:
    fact = parse_firewall(recorded("debian-12", "firewall_drop.txt"))
    assert (fact.active, fact.make, fact.default_input) == (True, "nftables", "drop")
    assert fact.limits("tcp", 22)
    assert Allowed("tcp", "22", "10.77.0.0/16") in fact.allowed


@pytest.mark.parametrize("system", ["debian-11", "debian-12", "debian-13"])
def test_recorded_empty_rule_set(system: str) -> None:
    assert parse_firewall(recorded(system, "firewall_none.txt")) == Firewall(False, "none", "accept", ())


def test_recorded_sets_maps_and_jumps() -> None:
    fact = parse_firewall(recorded("debian-12", "firewall_nft_sets.txt"))
    assert fact.default_input == "reject"
    assert Allowed("tcp", "22,2222-2230", TRUSTED) in fact.allowed
    assert not fact.limits("tcp", 443)
    assert fact.limits("tcp", 25)
    assert fact.limits("tcp", 2225)


@pytest.mark.parametrize("name", ["firewall_iptables.txt", "firewall_iptables_nft.txt"])
def test_recorded_iptables_told_by_either_program(name: str) -> None:
    fact = parse_firewall(recorded("debian-12", name))
    assert (fact.make, fact.default_input) == ("iptables", "reject")
    assert fact.limits("tcp", 22)
    assert not fact.limits("tcp", 8042)
    assert fact.limits("tcp", 8101)


def test_no_tool_is_a_gap_never_no_firewall() -> None:
    with pytest.raises(GapFound) as found:
        parse_firewall("@@ ipv6\n0\n@@ end\n")
    assert found.value.gap.reason is GapReason.NO_TOOL


def test_rules_of_iptables_nft_without_iptables_are_a_gap() -> None:
    with pytest.raises(GapFound) as found:
        nft([{"xt": {"type": "match", "name": "tcp"}}, {"accept": None}])
    assert found.value.gap.reason is GapReason.NO_TOOL


def test_accept_by_default_limits_nothing() -> None:
    fact = nft(
        [{"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": 6}}, {"drop": None}],
        policy="accept",
    )
    assert (fact.active, fact.default_input) == (True, "accept")
    assert not fact.limits("tcp", 22)


def test_an_unknown_match_does_not_narrow_what_is_let_in() -> None:
    fact = nft([{"match": {"op": "==", "left": {"meta": {"key": "mark"}}, "right": 1}}, {"accept": None}])
    assert fact.allowed == (Allowed("any", "any", ANYWHERE),)
    assert not fact.limits("tcp", 22)


def test_everybody_among_named_sources_is_everybody() -> None:
    everybody = {"set": ["192.0.2.1", {"prefix": {"addr": "0.0.0.0", "len": 0}}]}
    source = {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": everybody}
    port = {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}
    fact = nft([{"match": source}, {"match": port}, {"accept": None}])
    assert fact.allowed == (Allowed("tcp", "22", ANYWHERE),)
    assert nft([{"match": source}, {"accept": None}]).default_input == "accept"


def state(*names: str) -> dict[str, Any]:
    return {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": list(names)}}


NOT_LO = {"match": {"op": "!=", "left": {"meta": {"key": "iifname"}}, "right": "lo"}}


@pytest.mark.parametrize("condition", [state("new"), state("invalid", "new"), NOT_LO])
def test_what_every_stranger_meets_is_no_condition(condition: dict[str, Any]) -> None:
    assert nft([condition, {"drop": None}], policy="accept").default_input == "drop"
    assert nft([condition, {"accept": None}]).default_input == "accept"


@pytest.mark.parametrize(
    "condition", ["-m state --state NEW", "-m conntrack --ctstate NEW,INVALID", "! -i lo"]
)
def test_what_every_stranger_meets_is_no_condition_of_iptables(condition: str) -> None:
    assert iptables(f"-A INPUT {condition} -j DROP", policy="ACCEPT").default_input == "drop"
    assert iptables(f"-A INPUT {condition} -j ACCEPT").default_input == "accept"
    assert (
        iptables(f"-A INPUT {condition} -m limit --limit 1/sec -j DROP", "ACCEPT").default_input == "accept"
    )


@pytest.mark.parametrize("flags", ["dormant", ["dormant"]])
def test_a_table_that_sleeps_refuses_nothing(flags: Any) -> None:
    chain = {
        "family": "inet",
        "table": "t",
        "name": "in",
        "type": "filter",
        "hook": "input",
        "policy": "drop",
    }
    table = {"family": "inet", "name": "t"}

    def read(table: dict[str, Any]) -> Firewall:
        text = json.dumps({"nftables": [{"table": table}, {"chain": chain}]})
        return parse_firewall(f"@@ ipv6\n0\n@@ nft\n{text}\n@@ end\n")

    assert read(table).default_input == "drop"
    asleep = read({**table, "flags": flags})
    assert (asleep.active, asleep.default_input) == (False, "accept")
    with pytest.raises(GapFound, match="flag"):
        read({**table, "flags": "t"})
    assert read({**table, "flags": ["owner"]}).default_input == "drop"


def test_protocols_by_number() -> None:
    fact = nft([{"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": 6}}, {"accept": None}])
    assert fact.allowed == (Allowed("tcp", "any", ANYWHERE),)


@pytest.mark.parametrize(
    "part",
    [
        {"queue": None},
        {"vmap": {"key": {}, "data": "@named"}},
        {"jump": {"target": "nowhere"}},
        {"unheard": 1},
    ],
)
def test_what_cannot_be_interpreted_is_a_gap(part: dict[str, Any]) -> None:
    with pytest.raises(GapFound):
        nft([part])


def test_chains_that_call_each_other_end() -> None:
    with pytest.raises(GapFound):
        nft([{"jump": {"target": "in"}}])


def test_ipv6_left_open_is_open_where_it_is_used() -> None:
    assert iptables("", six="ACCEPT", ipv6=1).default_input == "accept"
    assert iptables("", six="ACCEPT", ipv6=0).default_input == "drop"
    assert iptables("", six="DROP", ipv6=1).default_input == "drop"


def test_who_returns_early_escapes_the_refusal() -> None:
    fact = iptables("-A INPUT -s 192.0.2.1/32 -j RETURN\n-A INPUT -j DROP", policy="ACCEPT")
    assert fact.default_input == "drop"
    assert Allowed("any", "any", "192.0.2.1/32") in fact.allowed


def test_negated_and_odd_matches_do_not_narrow() -> None:
    fact = iptables("-A INPUT ! -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -m owner --uid-owner 0 -j ACCEPT")
    assert fact.allowed == (Allowed("tcp", "22", ANYWHERE),)


@pytest.mark.parametrize(
    ("rules", "active"), [("", False), ("table inet t {\n}", None)], ids=["no rules", "rules"]
)
def test_an_nft_that_writes_no_json_tells_only_that_there_are_no_rules(
    tmp_path: Path, rules: str, active: bool | None
) -> None:
    """nft 0.8, and one that was built without JSON."""
    (tmp_path / "bin").mkdir()
    refuses = 'case "$*" in *-j*) echo "invalid option" >&2; exit 1 ;; esac\n'
    (tmp_path / "bin/nft").write_text(f"#!/bin/sh\n{refuses}printf '%s' '{rules}'\n")
    (tmp_path / "bin/nft").chmod(0o755)
    command = RULES.command.replace("tables-", "tables-none-")
    asked = replace(RULES, command=f"PATH={tmp_path}/bin:$PATH\n{command}")
    if active is None:
        with pytest.raises(AssertionError, match="invalid option"):
            in_root(tmp_path, asked)
    else:
        assert parse_firewall(in_root(tmp_path, asked)).active is active


@pytest.mark.parametrize(
    ("rules", "default", "allowed"),
    [
        # who returns is followed further, and refused there
        (":c -\n-A INPUT -j c\n-A c -s 10.0.0.0/8 -j RETURN\n-A c -j DROP\n-A INPUT -j DROP", "drop", []),
        (
            ":c -\n-A INPUT -j c\n-A c -s ::1 -j RETURN\n-A c -j DROP\n-A INPUT -p udp -j ACCEPT\n-A INPUT -j DROP",
            *("drop", [Allowed("udp", "any", ANYWHERE)]),
        ),
        # ... or meets the policy
        (":c -\n-A INPUT -j c\n-A c -s 10.0.0.0/8 -j RETURN\n-A c -j DROP", "accept", []),
        ("-A INPUT -s 10.0.0.0/8 -j RETURN\n-A INPUT -j DROP", "drop", [Allowed("any", "any", "10.0.0.0/8")]),
        # goto: who comes back from there comes back to the chain before
        (
            ":c -\n:d -\n-A INPUT -j c\n-A c -s 10.0.0.0/8 -g d\n-A c -j DROP\n-A d -p udp -j DROP",
            *("accept", []),
        ),
        (
            ":c -\n:d -\n-A INPUT -j c\n-A c -s 10.0.0.0/8 -g d\n-A c -j DROP\n-A d -j DROP",
            *("drop", []),
        ),
        (
            "-A INPUT -s 10.0.0.0/8 -g d\n-A INPUT -j DROP\n:d -",
            "drop",
            [Allowed("any", "any", "10.0.0.0/8")],
        ),
    ],
)
def test_who_leaves_a_chain_early(rules: str, default: str, allowed: list[Allowed]) -> None:
    found = iptables(rules, policy="ACCEPT")
    assert (found.default_input, list(found.allowed)) == (default, allowed)


@pytest.mark.parametrize("kind", ["icmp", "icmpv6"])
def test_what_firewalld_lets_in_besides_ports_opens_none(kind: str) -> None:
    handed_on = {"match": {"op": "in", "left": {"ct": {"key": "status"}}, "right": "dnat"}}
    advert = {"match": {"op": "==", "left": {"payload": {"protocol": kind, "field": "type"}}, "right": "x"}}
    found = nft([handed_on, {"accept": None}], [advert, {"accept": None}])
    assert found.allowed == (Allowed("icmp", "any", ANYWHERE),)
    assert found.limits("tcp", 22)


def test_ufw_and_firewalld_are_told_by_their_chains() -> None:
    assert iptables(":ufw-user-input -\n-A INPUT -j ufw-user-input").make == "ufw"
    assert iptables(":IN_public -\n-A INPUT -g IN_public").make == "firewalld"


@pytest.mark.parametrize("rules", ["nonsense", "-A INPUT -j NOWHERE", "-A", '-A INPUT -j "'])
def test_odd_lines_are_a_gap(rules: str) -> None:
    with pytest.raises(GapFound):
        iptables(rules)


def test_a_table_that_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_firewall("@@ ip\n*filter\n:INPUT DROP\n@@ end\n")


def test_an_answer_that_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_firewall(recorded("debian-12", "firewall_drop.txt").replace("@@ end", ""))


def test_public_listing_is_no_rule_set() -> None:
    with pytest.raises(GapFound):
        parse_firewall("@@ nft\n" + public("recorded/centos-7.7/iptables-filter.out") + "\n@@ end\n")


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1, 70_000)
    | st.sampled_from(["tcp", "lo", "@trusted", "drop", ""]),
    lambda v: (
        st.lists(v, max_size=3)
        | st.dictionaries(st.sampled_from(["set", "range", "prefix", "op", "elem"]), v, max_size=3)
    ),
    max_leaves=6,
)


def spoilt(tree: Any, path: list[int], value: Any) -> Any:
    """The tree with one part, found by walking down the path, replaced."""
    if not path or not isinstance(tree, (dict, list)) or not tree:
        return value
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
    key = keys[path[0] % len(keys)]
    copy = tree.copy()
    copy[key] = spoilt(tree[key], path[1:], value)
    return copy


@given(path=st.lists(st.integers(0, 20), max_size=9), value=values)
def test_any_part_of_the_document_may_be_anything(path: list[int], value: Any) -> None:
    document = json.loads(recorded("debian-12", "firewall_nft_sets.txt").splitlines()[3])
    with contextlib.suppress(GapFound):
        parse_firewall(f"@@ nft\n{json.dumps(spoilt(document, path, value))}\n@@ end\n")


DOCKER = """@@ ipv6
0
@@ local
127.0.0.1
10.0.0.1
@@ ip
*nat
:PREROUTING ACCEPT
:DOCKER -
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER{condition} ! -i docker0 -p tcp -m tcp --dport 6379 -j DNAT --to-destination 172.17.0.2:6379
COMMIT
*filter
:INPUT DROP
-A INPUT -s 10.0.0.9/32 -p tcp -m tcp --dport 22 -j ACCEPT
COMMIT
@@ end
"""


@pytest.mark.parametrize(
    ("condition", "limited"),
    [
        ("", False),
        (" -d 10.0.0.1/32", False),
        (" -d 127.0.0.1/32", True),
        (" -d 10.96.0.7/32", True),
        (" -s 10.0.0.0/24", True),
        (" -s 0.0.0.0/0", False),
    ],
    ids=["everywhere", "own address", "loopback", "a cluster's address", "named sources", "all sources"],
)
def test_a_port_handed_on_by_dnat_is_not_limited_by_the_input_chain(condition: str, limited: bool) -> None:
    fact = parse_firewall(DOCKER.format(condition=condition))
    assert fact.limits("tcp", 6379) is limited
    assert fact.limits("tcp", 23)


def test_redirections_of_nft_and_what_nat_hides() -> None:
    table = {"family": "ip", "table": "t"}
    base = {**table, "name": "pre", "type": "nat", "hook": "prerouting", "prio": -100, "policy": "accept"}
    post = {**table, "name": "post", "type": "nat", "hook": "postrouting", "prio": 100, "policy": "accept"}
    chain = {**table, "name": "in", "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}
    port = {"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 514}}
    objects = [
        {"chain": base},
        {"chain": post},
        {"chain": chain},
        {"rule": {**table, "chain": "pre", "expr": [port, {"redirect": {"port": 5514}}]}},
        {"rule": {**table, "chain": "post", "expr": [{"masquerade": None}]}},
    ]
    fact = parse_firewall(f"@@ ipv6\n0\n@@ nft\n{json.dumps({'nftables': objects})}\n@@ end\n")
    assert (fact.default_input, fact.limits("tcp", 514), fact.limits("tcp", 23)) == ("drop", False, True)


@pytest.mark.parametrize(
    ("sources", "limited"),
    [
        (["0.0.0.0/1", "128.0.0.0/1"], False),
        (["0.0.0.0-223.255.255.255"], False),
        (["10.0.0.0/8", "192.168.0.0/16"], True),
        (["2000::/3"], False),
    ],
)
def test_sources_that_together_are_everybody_limit_nothing(sources: list[str], limited: bool) -> None:
    rules: list[list[dict[str, Any]]] = [
        [
            {
                "match": {
                    "op": "==",
                    "left": {"payload": {"protocol": "ip6" if ":" in sources[0] else "ip", "field": "saddr"}},
                    "right": {"set": [element(source) for source in sources]},
                }
            },
            {"accept": None},
        ]
    ]
    assert nft(*rules).limits("tcp", 6379) is limited
    if "-" not in sources[0] and ":" not in sources[0]:
        assert iptables("\n".join(f"-A INPUT -s {s} -j ACCEPT" for s in sources)).limits("tcp", 22) is limited


def element(source: str) -> dict[str, Any]:
    low, dash, high = source.partition("-")
    address, _, length = source.partition("/")
    return {"range": [low, high]} if dash else {"prefix": {"addr": address, "len": int(length)}}


@pytest.mark.parametrize(
    "limit",
    [
        {"quota": {"val": 10, "val_unit": "mbytes", "inv": True}},
        {"ct count": {"val": 10, "inv": True}},
        {"limit": {"rate": 10, "burst": 5, "per": "second", "inv": True}},
        {
            "set": {
                "op": "add",
                "elem": {"payload": {"protocol": "ip", "field": "saddr"}},
                "set": "@m",
                "stmt": [{"limit": {"rate": 10, "burst": 5, "per": "second", "inv": True}}],
            }
        },
    ],
)
def test_a_refusal_beyond_a_limit_is_none_for_everybody(limit: dict[str, Any]) -> None:
    fact = nft([limit, {"drop": None}], policy="accept")
    assert (fact.default_input, fact.limits("tcp", 22)) == ("accept", False)


def test_a_refusal_that_notes_the_address_is_one_for_everybody() -> None:
    noted = {"op": "add", "elem": {"payload": {"protocol": "ip", "field": "saddr"}}, "set": "@m"}
    assert nft([{"set": noted}, {"drop": None}], policy="accept").default_input == "drop"


def test_a_range_of_sources_is_named_sources() -> None:
    fact = iptables("-A INPUT -p tcp -m iprange --src-range 10.0.0.1-10.0.0.9 -m tcp --dport 22 -j ACCEPT")
    assert fact.limits("tcp", 22)
    everybody = iptables("-A INPUT -m iprange --src-range 0.0.0.0-223.255.255.255 -j ACCEPT")
    assert not everybody.limits("tcp", 22)
    others = iptables(
        "-A INPUT -m iprange ! --src-range 10.0.0.1-10.0.0.9 -p tcp -m tcp --dport 22 -j ACCEPT"
    )
    assert not others.limits("tcp", 22)
