"""Facts of plug-ins are held against their contract before and while they are built."""

from dataclasses import replace
from typing import Any

import pytest

from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import Evidence, Fact, GapFound, build_facts
from secaudit.model.content import References
from secaudit.model.evidence import Gap, GapReason, Probe
from secaudit.plugin import API, FactPlugin
from secaudit.plugins.facts import broken_fact, load_facts
from secaudit.plugins.guard import PluginBroken
from tests.unit.plugins.samples import ASSET, SYSTEM, Size, entry, evidence, fact

PROBE = Probe("size.wc", "wc -c /etc/motd")


def loaded(found: Any, name: str = "size") -> Fact | PluginBroken:
    ((_entry, result),) = load_facts([entry(name, found)], BUILT_IN)
    return result


def plugin(name: str = "size", **fields: Any) -> FactPlugin:
    return FactPlugin(API, fact(name, **fields))


def usable(**fields: Any) -> Fact:
    result = loaded(plugin(**fields))
    assert isinstance(result, Fact), result
    return result


def gap_of(built: Fact) -> Gap:
    with pytest.raises(GapFound) as found:
        built.build(evidence())
    return found.value.gap


def test_one_that_keeps_its_contract_is_used() -> None:
    built = usable(probes=(PROBE,), uses=("os",))
    assert built.build(evidence()) == Size(1)
    assert built.probes == (PROBE,)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (None, "FactPlugin expected, this is NoneType"),
        (fact(), "FactPlugin expected, this is Fact"),
        (FactPlugin(2, fact()), "version 2"),
        (FactPlugin(API, "size"), "Fact expected, this is str"),  # type: ignore[arg-type]
        (plugin("other"), "its fact has another name: 'other'"),
        (plugin(title="size"), "title is a Text"),
        (plugin(build=None), "build and probes_for are functions"),
        (plugin(uses="os"), "tuples of names"),
        (plugin(kinds=(1,)), "tuples of names"),
        (plugin(uses=("nothing",)), "it joins nothing, which is no fact"),
        (plugin(uses=("size",)), "it joins itself"),
        (plugin(type=None), "TypeError: a fact cannot hold None"),
        (plugin(type=int | None), "TypeError: a fact holds no union"),
        (plugin(probes=[PROBE]), "its probes are no tuple"),
        (plugin(probes=("wc",)), "a probe expected with an id like size.x"),
        (plugin(probes=(replace(PROBE, id="os.release"),)), "'os.release'"),
        (plugin(probes=(replace(PROBE, command=" "),)), "'size.wc'"),
        (plugin(probes=(replace(PROBE, command="a\0b"),)), "'size.wc'"),
        (plugin(probes=(replace(PROBE, timeout_s=0),)), "'size.wc'"),
        (plugin(probes=(replace(PROBE, timeout_s=10**6),)), "'size.wc'"),
        (plugin(probes=(replace(PROBE, limit_bytes="much"),)), "'size.wc'"),  # type: ignore[arg-type]
        (plugin(probes=(replace(PROBE, root=True, as_root=("/usr/bin/cat /etc/shadow",)),)), "'size.wc'"),
        (plugin(probes=(replace(PROBE, root=1),)), "'size.wc'"),  # type: ignore[arg-type]
        (plugin(probes=(replace(PROBE, reduces="English alone"),)), "'size.wc'"),  # type: ignore[arg-type]
    ],
)
def test_what_does_not_keep_the_contract_is_not_used(found: Any, why: str) -> None:
    result = loaded(found)
    assert isinstance(result, PluginBroken)
    assert why in result.why


def test_a_name_whose_probes_are_ours_is_not_given_away() -> None:
    assert "sudo" not in BUILT_IN
    result = loaded(plugin("sudo"), "sudo")
    assert isinstance(result, PluginBroken)
    assert "secaudit's own" in result.why


def test_facts_that_join_each_other_in_a_ring_are_not_used() -> None:
    ring = [entry("one", plugin("one", uses=("two",))), entry("two", plugin("two", uses=("one",)))]
    found = load_facts(ring, BUILT_IN)
    assert [str(broken)[-15:] for _entry, broken in found] == ["it joins itself"] * 2


def test_one_may_join_another_though_that_one_is_broken() -> None:
    pair = [entry("broken", None), entry("joins", plugin("joins", uses=("broken",)))]
    (first, broken), (_second, joins) = load_facts(pair, BUILT_IN)
    assert isinstance(broken, PluginBroken)
    assert isinstance(joins, Fact)
    joins = replace(joins, build=lambda evidence: evidence.fact("broken"))
    known = {"broken": broken_fact(broken, first.name), "joins": joins}
    built = build_facts(["joins"], known, {}, ASSET, SYSTEM, References(), evidence().now)
    assert built["joins"].reason is GapReason.PLUGIN_BROKEN
    assert "theirs 1.0, secaudit.facts: broken" in built["joins"].detail


def raises(_evidence: Evidence) -> Size:
    raise RuntimeError("password hunter2")


def nonsense_gap(_evidence: Evidence) -> Size:
    raise GapFound("because")  # type: ignore[arg-type]


class Hostile:
    """Raises whatever is asked of it."""

    def __getattribute__(self, name: str) -> Any:
        raise SystemExit(name)


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (raises, "RuntimeError (test_facts.py:"),
        (nonsense_gap, "it raised a gap without a reason"),
        (lambda _evidence: None, "value: Size"),
        (lambda _evidence: {"size": 1, "more": 2}, "value: Size"),
        (lambda _evidence: Size("1"), "value.size: int"),  # type: ignore[arg-type]
        (lambda _evidence: Size(2**70), "value.size: int"),
        (lambda _evidence: Size(True), "value.size: int"),
        (lambda _evidence: Hostile(), "SystemExit (test_facts.py:"),
    ],
)
def test_what_goes_wrong_in_building_is_a_gap_that_names_the_plugin(build: Any, why: str) -> None:
    gap = gap_of(usable(build=build))
    assert gap.reason is GapReason.PLUGIN_BROKEN
    assert gap.detail.startswith("plug-in theirs 1.0, secaudit.facts: size: ")
    assert why in gap.detail
    assert "hunter2" not in gap.detail


def test_a_gap_of_its_own_stays_what_it_is() -> None:
    def build(_evidence: Evidence) -> Size:
        raise GapFound(GapReason.UNPARSABLE, "no number")

    assert gap_of(usable(build=build)) == Gap(GapReason.UNPARSABLE, "no number")


@pytest.mark.parametrize("probes", [lambda _asset, _system: 1 / 0, lambda _asset, _system: (PROBE, "wc")])
def test_probes_that_cannot_be_made_are_none_and_the_fact_is_a_gap(probes: Any) -> None:
    built = usable(probes_for=probes)
    assert built.probes_for(ASSET, SYSTEM) == ()
    assert gap_of(built).reason is GapReason.PLUGIN_BROKEN


def test_probes_of_the_register_are_asked() -> None:
    assert usable(probes_for=lambda _asset, _system: (PROBE,)).probes_for(ASSET, SYSTEM) == (PROBE,)
