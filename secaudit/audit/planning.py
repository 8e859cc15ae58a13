"""What an audit owes: for each asset the verdicts, and the probes that they rest on, each once."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from secaudit.assess.selection import catalogue_for, levels_of_steps
from secaudit.content import Content
from secaudit.errors import NotAuthorised, UsageError
from secaudit.facts.catalogue import HEAVY
from secaudit.facts.fact import Fact, probes_by_fact
from secaudit.facts.high_risk_ports import HIGH_RISK_TCP_PORTS
from secaudit.facts.outside import OUTSIDE
from secaudit.language import _
from secaudit.model.content import Check, Profile
from secaudit.model.evidence import Probe
from secaudit.model.register import Asset, Authorisation, Register, System
from secaudit.model.run import AssetPlan, Expected, Plan
from secaudit.register.registered import systems_of

# Says under which authorisation an asset of a system is scanned; raises NotAuthorised, or gives None where only a
# plan is shown.
Authorise = Callable[[str, Asset], Authorisation | None]

# the fact of the ports that listen
LISTENERS: Final = "listeners"

# the one transport from whose side ports are looked at: an asset is not scanned from itself
REMOTE: Final = "ssh"


@dataclass(frozen=True, slots=True)
class Asked:
    """What to audit: systems (all, when none is named), assets (all of them), another profile."""

    systems: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    profile: str | None = None


def make_plan(
    register: Register, content: Content, facts: Mapping[str, Fact], asked: Asked, authorise: Authorise
) -> Plan:
    """The plan for what is asked. An asset that nobody allowed to scan now stays in it, without authorisation.

    A system that is named and has nothing to visit is planned without visits: people alone judge it. Raises
    UsageError: nothing of that name, nothing to visit, nothing of a system authorised (NotAuthorised).
    """
    systems = _systems(register, asked)
    profiles = {system.id: _profile(content, system, asked.profile) for system in systems}
    plans: list[AssetPlan] = []
    for system in systems:
        assets = [a for a in system.assets if is_visited(a) and (not asked.assets or a.id in asked.assets)]
        for asset, authorisation in _authorised(system, assets, authorise):
            plans.append(_asset_plan(asset, system, content, facts, profiles[system.id], authorisation))
    if not plans and (asked.assets or not asked.systems):
        raise UsageError(
            _("There is nothing to visit: no asset of {systems} says how it is reached.").format(
                systems=", ".join(system.id for system in systems) or _("any system")
            ),
            hint=_(
                "Give assets a transport (local, ssh or bundle) in systems/*.yaml; a system that people alone judge"
                " is named: secaudit scan SYSTEM"
            ),
        )
    return Plan(register.organisations, systems, profiles, tuple(plans))


def _authorised(
    system: System, assets: Iterable[Asset], authorise: Authorise
) -> list[tuple[Asset, Authorisation | None]]:
    """Assets with what allows to visit them; raises NotAuthorised where that is none of them."""
    found: list[tuple[Asset, Authorisation | None]] = []
    refusals: list[NotAuthorised] = []
    for asset in assets:
        try:
            found.append((asset, authorise(system.id, asset)))
        except NotAuthorised as refusal:
            found.append((asset, None))
            refusals.append(refusal)
    if refusals and len(refusals) == len(found):
        raise refusals[0]
    return found


def is_visited(asset: Asset) -> bool:
    """Whether the register says how the asset is reached: by us, or by a person who carries a bundle."""
    return asset.reach.transport != "none"


def _systems(register: Register, asked: Asked) -> tuple[System, ...]:
    chosen = systems_of(register, asked.systems)
    if asked.assets:
        _refuse_unknown_assets(chosen, asked.assets)
        return tuple(s for s in chosen if any(asset.id in asked.assets for asset in s.assets))
    return chosen


def _refuse_unknown_assets(systems: Iterable[System], asked: Iterable[str]) -> None:
    known = {asset.id: asset for system in systems for asset in system.assets}
    for asset_id in asked:
        if asset_id not in known:
            raise UsageError(
                _("Asset {id} is not registered in these systems.").format(id=asset_id),
                hint=_("See what is registered with: secaudit system show SYSTEM"),
            )
        if not is_visited(known[asset_id]):
            raise UsageError(
                _("Asset {id} cannot be visited: its transport is none.").format(id=asset_id),
                hint=_("Say how it is reached in systems/*.yaml."),
            )


def _profile(content: Content, system: System, asked: str | None) -> Profile:
    name = asked or system.profile or f"level-{system.level}"
    found = content.profiles.get(name)
    if found is None:
        raise UsageError(
            _("There is no profile {name}.").format(name=name),
            hint=_("Known profiles: {names}").format(names=", ".join(sorted(content.profiles))),
        )
    if found.level != system.level:
        raise UsageError(
            _("Profile {name} is for level {level}; system {id} is of level {own}.").format(
                name=name, level=found.level, id=system.id, own=system.level
            ),
            hint=_("Leave --profile out, or scan the systems of each level apart."),
        )
    return found


def expected_of(asset: Asset, system: System, content: Content, profile: Profile) -> tuple[Expected, ...]:
    """The verdicts owed on an asset, by check id; a check for each data set is owed on each that is declared.

    Checks that rest on a heavy search are owed where the profile has them made.
    """
    levels = levels_of_steps(catalogue_for(content.catalogues, system.grade, system.extensions))
    return tuple(
        Expected(check.id, object_id)
        for check in sorted(content.checks.values(), key=lambda check: check.id)
        if check.applies_to == asset.kind and _is_owed(check, system, levels)
        if profile.heavy_searches or HEAVY.isdisjoint(check.needs)
        for object_id in _objects(check, asset, system)
    )


def owed_again(plan: Plan, asset: Asset, system: System, content: Content) -> tuple[Expected, ...]:
    """The verdicts that today's content owes on an asset of a plan: of a retest those of its checks alone."""
    owed = expected_of(asset, system, content, plan.profiles[system.id])
    return tuple(one for one in owed if not plan.only or one.check_id in plan.only)


def retest_plan(
    plan: Plan, wanted: Mapping[str, Set[str]], content: Content, facts: Mapping[str, Fact]
) -> Plan:
    """The plan with nothing but what decides these checks: asset → checks. An asset that owes none is left out."""
    systems = {system.id: system for system in plan.systems}
    narrow = []
    for planned in plan.assets:
        checks = wanted.get(planned.asset_id, frozenset())
        expected = tuple(one for one in planned.expected if one.check_id in checks)
        if expected:
            system = systems[planned.system_id]
            asset = next(asset for asset in system.assets if asset.id == planned.asset_id)
            probes = _probes(facts_of(expected, content), facts, asset, system)
            if any(probe.id == OUTSIDE.id for probe in probes):  # it looks at the ports that listen, too
                probes = _probes((*facts_of(expected, content), LISTENERS), facts, asset, system)
            narrow.append(replace(planned, expected=expected, probes=probes))
    only = sorted({one.check_id for planned in narrow for one in planned.expected})
    return replace(plan, assets=tuple(narrow), only=tuple(only))


def _is_owed(check: Check, system: System, levels: Mapping[str, int]) -> bool:
    """A check is owed at the level at which the system owes a step that it proves (S, A and G may differ)."""
    if check.advisory:
        return system.level in check.levels
    return any(levels.get(step) in check.levels for step in check.proves)


def _objects(check: Check, asset: Asset, system: System) -> Sequence[str]:
    declared = [data_set.id for data_set in system.data_sets_of(asset.id)] if check.each else []
    return declared or [asset.id]


def facts_of(expected: Iterable[Expected], content: Content) -> tuple[str, ...]:
    """The facts that these verdicts need, each once."""
    owed = [content.checks[e.check_id] for e in expected if e.check_id in content.checks]
    return tuple(dict.fromkeys(name for check in owed for name in check.needs))


def _asset_plan(
    asset: Asset,
    system: System,
    content: Content,
    facts: Mapping[str, Fact],
    profile: Profile,
    authorisation: Authorisation | None,
) -> AssetPlan:
    expected = expected_of(asset, system, content, profile)
    return AssetPlan(
        system_id=system.id,
        asset_id=asset.id,
        probes=_probes(facts_of(expected, content), facts, asset, system),
        expected=expected,
        authorisation=authorisation.id if authorisation else "",
        outside_ports=outside_ports(asset, authorisation),
    )


def _probes(
    names: Iterable[str], facts: Mapping[str, Fact], asset: Asset, system: System
) -> tuple[Probe, ...]:
    """What these facts need to be asked, each once."""
    asked = probes_by_fact(tuple(names), facts, asset, system)
    probes = {probe.id: probe for probes in asked.values() for probe in probes}
    return heavy_last(probes.values())


def heavy_last(probes: Iterable[Probe]) -> tuple[Probe, ...]:
    """A search through all files may use up the time of a visit: what is quick is asked before."""
    return tuple(sorted(probes, key=lambda probe: probe.heavy))


def outside_ports(asset: Asset, authorisation: Authorisation | None) -> tuple[int, ...]:
    """TCP ports to look at from outside, those that listen still to come; none where it is not allowed."""
    if authorisation is None or not authorisation.port_scan or asset.reach.transport != REMOTE:
        return ()
    declared = {s.port for s in asset.services if s.protocol.lower() == "tcp" and s.port}
    return tuple(sorted(declared | set(HIGH_RISK_TCP_PORTS)))
