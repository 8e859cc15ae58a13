"""What a scan means for the assets it visits: what the approver of an authorisation is told beforehand."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from secaudit.audit.planning import facts_of
from secaudit.content import Content
from secaudit.facts.fact import Fact, with_uses
from secaudit.facts.outside import OUTSIDE
from secaudit.model.evidence import BUNDLE, Observation, Probe
from secaudit.model.register import Asset, Authorisation, Blackout, System
from secaudit.model.run import AssetPlan, AssetRecord, Plan
from secaudit.model.text import Text
from secaudit.report.permission import permission_view
from secaudit.report.safe import shown, stamp

SCHEMA = "secaudit/impact-notice"
SCHEMA_VERSION = "1.0"

View = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """What the last visit of an asset took: from login to the last answer, its commands alone, and its answers."""

    visit_s: float
    commands_s: float
    answered_bytes: int


def measured(record: AssetRecord, observations: Sequence[Observation]) -> Measured | None:
    """The figures of a visit; None where the asset was not reached, or its evidence was carried to us."""
    if record.gap is not None or record.channel.get("transport") == BUNDLE:
        return None
    return Measured(
        visit_s=round((record.ended_at - record.started_at).total_seconds(), 1),
        commands_s=round(sum(seen.duration_ms for seen in observations) / 1000, 1),
        answered_bytes=sum(len(seen.output) for seen in observations),
    )


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the notice says beside the plan.

    ``authorisations`` are those on record, ``refusals`` asset id → why it may not be visited now, ``last``
    asset id → what its last visit took; ``visit_s`` is the most that a visit may take, ``jobs`` how many there
    are side by side, ``more_ports`` how many an asset may add to those that are looked at.
    """

    office: str
    now: datetime
    authorisations: Mapping[str, Authorisation]
    blackouts: Sequence[Blackout]
    refusals: Mapping[str, str]
    last: Mapping[str, Measured]
    jobs: int
    visit_s: float
    more_ports: int


def impact_of(plan: Plan, content: Content, facts: Mapping[str, Fact], about: Circumstances) -> View:
    """The notice as data, in both languages; every format is made from it."""
    used = sorted({planned.authorisation for planned in plan.assets} - {""})
    blackouts = [period for period in about.blackouts if period.end > about.now]
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "office": shown(about.office),
        "generated_at": stamp(about.now),
        "systems": [_system(system, plan, about) for system in plan.systems],
        "authorisations": [permission_view(about.authorisations[name]) for name in used],
        "blackouts": [_blackout(period) for period in blackouts],
        "secrets": _secrets(plan),
        "topics": list(_topics(plan, content, facts)),
        "load": _load(plan, about),
        "commands": [_commands(group) for group in alike(plan.assets)],
    }


def alike(plans: Iterable[AssetPlan]) -> list[list[AssetPlan]]:
    """Assets that are asked the same stand together, their commands once."""
    groups: dict[tuple[object, ...], list[AssetPlan]] = {}
    for planned in plans:
        checks = tuple(dict.fromkeys(expected.check_id for expected in planned.expected))
        groups.setdefault((planned.probes, checks), []).append(planned)
    return list(groups.values())


def on_asset(probes: Iterable[Probe]) -> list[Probe]:
    """The commands that run on the asset itself; its ports are looked at by us, from outside."""
    return [probe for probe in probes if probe.id != OUTSIDE.id]


def _system(system: System, plan: Plan, about: Circumstances) -> View:
    plans = {planned.asset_id: planned for planned in plan.assets if planned.system_id == system.id}
    return {
        "id": system.id,
        "name": shown(system.name),
        "grade": str(system.grade),
        "contacts": [
            {"role": c.role, "name": shown(c.name), "phone": shown(c.phone), "email": shown(c.email)}
            for c in system.contacts
        ],
        "assets": [_asset(asset, plans[asset.id], about) for asset in system.assets if asset.id in plans],
    }


def _asset(asset: Asset, planned: AssetPlan, about: Circumstances) -> View:
    last = about.last.get(asset.id)
    probes = on_asset(planned.probes)
    return {
        "id": asset.id,
        "name": shown(asset.name),
        "kind": asset.kind,
        "address": shown(asset.address),
        "port": asset.reach.port if asset.reach.transport == "ssh" else None,
        "zone": shown(asset.zone),
        "transport": asset.reach.transport,
        "user": shown(asset.reach.user),
        "sudo": asset.reach.sudo.value,
        "commands": len(probes),
        "as_root": sum(probe.root for probe in probes),
        "outside_ports": list(planned.outside_ports),
        "authorisation": planned.authorisation,
        "refusal": shown(about.refusals.get(asset.id, "")),
        "limit_bytes": sum(probe.limit_bytes for probe in probes),
        "last_visit_s": last.visit_s if last else None,
        "last_commands_s": last.commands_s if last else None,
        "last_bytes": last.answered_bytes if last else None,
    }


def _blackout(period: Blackout) -> View:
    return {
        "start": stamp(period.start),
        "end": stamp(period.end),
        "reason": shown(period.reason),
        "systems": list(period.systems),
        "zones": [shown(zone) for zone in period.zones],
    }


def _secrets(plan: Plan) -> list[View]:
    """How secrets are reduced before they leave an asset, each way once."""
    reduced: dict[Text, list[str]] = {}
    for planned in plan.assets:
        for probe in planned.probes:
            if probe.reduces and probe.id not in reduced.setdefault(probe.reduces, []):
                reduced[probe.reduces].append(probe.id)
    return [{"how": {"zh": how.zh, "en": how.en}, "commands": names} for how, names in reduced.items()]


def _topics(plan: Plan, content: Content, facts: Mapping[str, Fact]) -> Iterator[View]:
    """What is asked for, and by how many commands; each command under the first topic that it serves."""
    systems = {system.id: system for system in plan.systems}
    topics: dict[str, dict[str, Probe]] = {}
    told: set[str] = set()
    for planned in plan.assets:
        system = systems[planned.system_id]
        asset = next(asset for asset in system.assets if asset.id == planned.asset_id)
        for name in with_uses(facts_of(planned.expected, content), facts):
            own = topics.setdefault(name, {})
            for probe in on_asset((*facts[name].probes, *facts[name].probes_for(asset, system))):
                if probe.id not in told or probe.id in own:
                    own[probe.id] = probe
                    told.add(probe.id)
    for name, probes in topics.items():
        if probes:
            title, root = facts[name].title, sum(probe.root for probe in probes.values())
            yield {
                "title": {"zh": title.zh, "en": title.en},
                "commands": len(probes),
                "as_root": root,
            }


def _load(plan: Plan, about: Circumstances) -> View:
    """What is expected where every asset was visited before, and what the limits allow at most."""
    carried = {a.id for system in plan.systems for a in system.assets if a.reach.transport == BUNDLE}
    visited = [planned.asset_id for planned in plan.assets if planned.asset_id not in carried]
    seen = [about.last[asset_id] for asset_id in visited if asset_id in about.last]
    count = len(visited)
    jobs = max(min(about.jobs, count), 1)
    rounds = -(-count // jobs)
    expected = max([sum(last.visit_s for last in seen) / jobs, *(last.visit_s for last in seen)], default=0)
    return {
        "assets": count,
        "jobs": jobs,
        "visit_limit_s": about.visit_s,
        "at_most_s": round(rounds * about.visit_s),
        "measured_assets": len(seen),
        "expected_s": round(expected) or 1 if seen and len(seen) == count else None,
        "commands_s": max((last.commands_s for last in seen), default=None),
        "answered_bytes": max((last.answered_bytes for last in seen), default=None),
        "outside_ports": max(len(planned.outside_ports) for planned in plan.assets),
        "outside_ports_more": about.more_ports,
    }


def _commands(group: Sequence[AssetPlan]) -> View:
    return {
        "assets": [planned.asset_id for planned in group],
        "commands": [
            {
                "id": probe.id,
                "command": probe.command,
                "root": probe.root,
                "timeout_s": probe.timeout_s,
                "limit_bytes": probe.limit_bytes,
                "reduces": probe.reduces.en if probe.reduces else "",
            }
            for probe in on_asset(group[0].probes)
        ],
    }
