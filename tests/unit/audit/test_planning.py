"""A plan owes each verdict once and asks each question once."""

from dataclasses import replace

import pytest

from secaudit.audit import Asked, make_plan
from secaudit.audit.planning import expected_of, heavy_last, owed_again, retest_plan
from secaudit.errors import NotAuthorised, UsageError
from secaudit.facts.high_risk_ports import HIGH_RISK_TCP_PORTS
from secaudit.model.content import Profile
from secaudit.model.evidence import Probe
from secaudit.model.register import Asset, Authorisation, Register
from secaudit.model.run import AssetPlan, Plan
from tests.unit.audit import samples


def planned(register: Register | None = None, asked: Asked | None = None, *, port_scan: bool = False) -> Plan:
    """The plan for a register."""
    return make_plan(
        register or samples.register(),
        samples.content(),
        samples.FACTS,
        asked or Asked(),
        samples.allowed(port_scan=port_scan),
    )


def owed(plan: AssetPlan) -> list[tuple[str, str]]:
    """(check, object) pairs."""
    return [(e.check_id, e.object_id) for e in plan.expected]


def test_a_plan_is_the_union_of_what_its_checks_need() -> None:
    plan = planned()
    first = plan.assets[0]
    assert owed(first) == [("linux.copied", "oa-1"), ("linux.named", "oa-1"), ("linux.young", "oa-1")]
    assert first.probes == (samples.AGE, samples.NAME)
    assert (first.system_id, first.asset_id, first.authorisation) == ("oa", "oa-1", "a-1")
    assert plan.profiles["oa"].id == "level-3"
    assert [a.asset_id for a in plan.assets] == ["oa-1", "oa-2"]
    assert plan.organisations == samples.register().organisations


def test_a_retest_owes_and_asks_only_what_its_checks_need() -> None:
    whole, content = planned(), samples.content()
    wanted = {"oa-1": {"linux.young"}, "oa-2": {"linux.nowhere"}, "oa-9": {"linux.young"}}
    retest = retest_plan(whole, wanted, content, samples.FACTS)
    (only,) = retest.assets
    assert (only.asset_id, owed(only), only.probes) == (
        "oa-1",
        [("linux.young", "oa-1")],
        (samples.AGE,),
    )
    assert (retest.only, whole.only) == (("linux.young",), ())
    system = retest.systems[0]
    again = owed_again(retest, system.assets[0], system, content)
    assert [one.check_id for one in again] == ["linux.young"]
    assert len(owed_again(whole, system.assets[0], system, content)) == 3


def test_a_retest_of_nothing_that_is_owed_visits_nothing() -> None:
    assert retest_plan(planned(), {"oa-1": {"linux.gone"}}, samples.content(), samples.FACTS).assets == ()


def test_a_check_on_data_sets_is_owed_for_each_that_is_declared() -> None:
    sets = (samples.data_set("db", "oa-1"), samples.data_set("cfg", "oa-1"))
    first, second = planned(samples.register(samples.system(data_sets=sets))).assets
    assert [pair for pair in owed(first) if pair[0] == "linux.copied"] == [
        ("linux.copied", "db"),
        ("linux.copied", "cfg"),
    ]
    assert ("linux.copied", "oa-2") in owed(second)
    assert [p.id for p in first.probes if p.id.startswith("copy.")] == ["copy.db", "copy.cfg"]


def test_an_item_of_class_a_is_owed_at_the_level_of_the_service() -> None:
    (first, _second) = planned(samples.register(samples.system(a=2))).assets
    assert [check for check, _object in owed(first)] == ["linux.named", "linux.young"]


def test_advisory_checks_follow_the_level_of_the_system() -> None:
    advisory = [
        replace(samples.YOUNG, id=f"linux.at-{level}", proves=(), advisory=True, levels=(level,))
        for level in (2, 3)
    ]
    plan = make_plan(
        samples.register(), samples.content(*advisory), samples.FACTS, Asked(), samples.allowed()
    )
    assert owed(plan.assets[0]) == [("linux.at-3", "oa-1")]


def test_only_what_can_be_visited_is_planned() -> None:
    assets = (samples.host("a", "none"), samples.host("b"), samples.host("c", kind="windows"))
    plan = planned(samples.register(samples.system("oa", *assets)))
    assert [(p.asset_id, len(p.expected)) for p in plan.assets] == [("b", 3), ("c", 0)]


def test_systems_and_assets_are_chosen() -> None:
    register = samples.register(samples.system("oa"), samples.system("hr"))
    assert {p.system_id for p in planned(register).assets} == {"oa", "hr"}
    assert {p.system_id for p in planned(register, Asked(("hr",))).assets} == {"hr"}
    chosen = planned(register, Asked(assets=("oa-2",)))
    assert [p.asset_id for p in chosen.assets] == ["oa-2"]
    assert [s.id for s in chosen.systems] == ["oa"]


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (Asked(("xx",)), "System xx"),
        (Asked(assets=("xx",)), "Asset xx"),
        (Asked(("hr",), ("oa-1",)), "Asset oa-1"),
        (Asked(assets=("paper",)), "transport is none"),
        (Asked(profile="xx"), "no profile xx"),
        (Asked(profile="level-2"), "for level 2"),
    ],
)
def test_what_cannot_be_planned(asked: Asked, complaint: str) -> None:
    register = samples.register(
        samples.system("oa", samples.host("oa-1"), samples.host("paper", "none")),
        samples.system("hr"),
        samples.system("dull", samples.host("d", "none")),
    )
    with pytest.raises(UsageError, match=complaint) as caught:
        planned(register, asked)
    assert caught.value.hint


def test_a_system_that_people_alone_judge_is_planned_where_it_is_named() -> None:
    register = samples.register(samples.system("dull", samples.host("d", "none")))
    plan = planned(register, Asked(("dull",)))
    assert (plan.assets, [system.id for system in plan.systems]) == ((), ["dull"])
    with pytest.raises(UsageError, match="nothing to visit") as caught:
        planned(register)
    assert "secaudit scan SYSTEM" in str(caught.value.hint)


def test_an_empty_register_has_nothing_to_visit() -> None:
    with pytest.raises(UsageError, match="any system"):
        planned(Register((), ()))


def test_another_profile_of_the_same_level() -> None:
    content = samples.content()
    strict = Profile("strict", 3, samples.TEXT, {"linux.young": {"x": 1}})
    content = replace(content, profiles={**content.profiles, "strict": strict})
    plan = make_plan(samples.register(), content, samples.FACTS, Asked(profile="strict"), samples.allowed())
    assert plan.profiles == {"oa": strict}


@pytest.mark.parametrize(
    ("heavy", "owed"), [(True, ["linux.searched", "linux.young"]), (False, ["linux.young"])]
)
def test_heavy_checks_are_owed_where_the_profile_has_them(heavy: bool, owed: list[str]) -> None:
    searched = samples.check("linux.searched", "file_search", "file_search.seen > 0")
    profile = replace(samples.content().profiles["level-3"], heavy_searches=heavy)
    found = expected_of(
        samples.host("h"), samples.system(), samples.content(samples.YOUNG, searched), profile
    )
    assert [expected.check_id for expected in found] == owed


def test_heavy_questions_are_asked_last() -> None:
    probes = [Probe("a", "x", heavy=True), Probe("b", "x"), Probe("c", "x")]
    assert [probe.id for probe in heavy_last(probes)] == ["b", "c", "a"]


def test_nothing_is_planned_without_an_authorisation() -> None:
    def refuse(system_id: str, asset: Asset) -> Authorisation:
        raise NotAuthorised(f"not allowed: {system_id} {asset.id}")

    with pytest.raises(NotAuthorised, match="not allowed: oa oa-1"):
        make_plan(samples.register(), samples.content(), samples.FACTS, Asked(), refuse)


def test_what_nobody_allowed_stays_in_the_plan() -> None:
    def only_the_second(_system: str, asset: Asset) -> Authorisation:
        if asset.id != "oa-2":
            raise NotAuthorised("not this one")
        return samples.authorisation(port_scan=True)

    rules = samples.content()
    first, second = make_plan(samples.register(), rules, samples.FACTS, Asked(), only_the_second).assets
    assert (first.authorisation, first.outside_ports) == ("", ())
    assert (second.authorisation, first.expected) == ("a-1", planned().assets[0].expected)
    with pytest.raises(NotAuthorised, match="not this one"):
        make_plan(samples.register(), rules, samples.FACTS, Asked(assets=("oa-1",)), only_the_second)
    both = samples.register(samples.system("hr"), samples.system("oa"))
    with pytest.raises(NotAuthorised, match="not this one"):  # nothing of hr is allowed
        make_plan(both, rules, samples.FACTS, Asked(), only_the_second)


def test_a_plan_can_be_shown_without_an_authorisation() -> None:
    plan = make_plan(
        samples.register(), samples.content(), samples.FACTS, Asked(), lambda _system, _asset: None
    )
    assert {p.authorisation for p in plan.assets} == {""}
    assert {p.outside_ports for p in plan.assets} == {()}


def test_ports_are_looked_at_where_that_is_allowed() -> None:
    assets = (samples.host("a", services=samples.SERVICES), samples.host("b", "local"))
    register = samples.register(samples.system("oa", *assets))
    remote, local = planned(register, port_scan=True).assets
    assert remote.outside_ports == tuple(sorted({443, *HIGH_RISK_TCP_PORTS}))
    assert local.outside_ports == ()
    assert {p.outside_ports for p in planned(register).assets} == {()}
