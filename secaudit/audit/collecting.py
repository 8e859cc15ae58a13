"""Which questions a collector carries: those of one registered asset, or of any asset at a profile's level."""

from dataclasses import dataclass

from secaudit.audit.judging import Rules
from secaudit.audit.planning import Asked, expected_of, facts_of, heavy_last, make_plan
from secaudit.collect.outside import OUTSIDE_ID
from secaudit.errors import UsageError
from secaudit.facts.fact import probes_of
from secaudit.language import _
from secaudit.model.content import Profile
from secaudit.model.evidence import Probe
from secaudit.model.register import Asset, Grade, Register, System


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked, and for whom; ``system`` and ``asset`` are "" where the same questions serve many."""

    probes: tuple[Probe, ...]
    profile: str
    kind: str
    system: str = ""
    asset: str = ""


def questions_for_profile(rules: Rules, name: str, kind: str) -> Questions:
    """What can be asked without a register: nothing about declared backups. Raises UsageError."""
    profile = _profile(rules, name)
    system = System("", "", "", Grade(profile.level, profile.level))
    asset = Asset("", kind, "")
    probes: dict[str, Probe] = {}
    for fact in facts_of(expected_of(asset, system, rules.content, profile), rules.content):
        probes |= {probe.id: probe for probe in probes_of(fact, rules.facts, asset, system)}
    return Questions(_inside(heavy_last(probes.values()), kind), profile.id, kind)


def questions_for_asset(
    rules: Rules, register: Register, system_id: str, asset_id: str, profile: str | None
) -> Questions:
    """All that a scan would ask this asset itself. Raises UsageError."""
    asked = Asked((system_id,), (asset_id,), profile)
    plan = make_plan(register, rules.content, rules.facts, asked, lambda _system, _asset: None)
    kind = next(a.kind for s in plan.systems for a in s.assets if a.id == asset_id)
    probes = _inside(plan.assets[0].probes, kind)
    return Questions(probes, plan.profiles[system_id].id, kind, system_id, asset_id)


def _profile(rules: Rules, name: str) -> Profile:
    found = rules.content.profiles.get(name)
    if found is None:
        raise UsageError(
            _("There is no profile {name}.").format(name=name),
            hint=_("Known profiles: {names}").format(names=", ".join(sorted(rules.content.profiles))),
        )
    return found


def _inside(probes: tuple[Probe, ...], kind: str) -> tuple[Probe, ...]:
    """Without the view from outside, which no machine has of itself."""
    inside = tuple(probe for probe in probes if probe.id != OUTSIDE_ID)
    if not inside:
        raise UsageError(_("There is nothing to ask an asset of kind {kind}.").format(kind=kind))
    return inside
