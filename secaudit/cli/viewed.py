"""The view of a system on a run, from everything that the workspace holds: what reports and packages are made of."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from secaudit import clock
from secaudit.assess import assess, catalogue_for
from secaudit.assess.acceptances import Acceptances
from secaudit.assess.previous import Previous, last_assessed, previous
from secaudit.audit.planning import owed_again
from secaudit.cli.accepted import accepted_on_record
from secaudit.cli.assessed import weights_of
from secaudit.cli.content_source import content_of
from secaudit.cli.wiring import OnRecord, Workspace, judgement_of, on_record
from secaudit.content import Content
from secaudit.facts.fact import build_facts
from secaudit.model.evidence import Gap
from secaudit.model.register import Organisation, System
from secaudit.model.run import Run
from secaudit.model.weights import Weights
from secaudit.plugins import load_plugins
from secaudit.register.times import ending, in_zone
from secaudit.report import Material, complete_records, view_of
from secaudit.store import Store
from secaudit.store.findings import Which


@dataclass(frozen=True, slots=True)
class Wanted:
    """One system on one run."""

    system_id: str
    run_id: str


@dataclass(frozen=True, slots=True)
class Sources:
    """What views are made from, read once for all systems."""

    opened: Workspace
    content: Content
    answered: OnRecord
    accepted: Acceptances
    weights: Weights

    def view(self, store: Store, wanted: Wanted) -> dict[str, Any]:
        """The view of one system on one run. Raises UnreadableRun, UsageError where other content judged it."""
        return view_of(_material(self, store, wanted))

    def accounts(self, store: Store, wanted: Wanted) -> set[str]:
        """The names of the accounts on the hosts of one system, as far as its run could read them."""
        material = _material(self, store, wanted)
        found: set[str] = set()
        for record in material.records:
            asset = material.asset(record.asset_id)
            if asset.kind not in material.facts["accounts"].kinds:
                continue
            answers = {one.probe_id: one for one in material.observations(asset.id)}
            moment = record.target_time or record.started_at
            given = (material.facts, answers, asset, material.system, material.references, moment)
            built = build_facts(("accounts",), *given)["accounts"]
            found |= set() if isinstance(built, Gap) else {account.name for account in built}
        return found


def sources_of(opened: Workspace) -> Sources:
    """Raises ContentError with every mistake of the files."""
    content = content_of(opened.folder)
    accepted, weights = accepted_on_record(opened, content), weights_of(opened, content)
    return Sources(opened, content, on_record(opened), accepted, weights)


def _material(sources: Sources, store: Store, wanted: Wanted) -> Material:
    content, generated_at = sources.content, clock.now()
    run = store.run(wanted.run_id)
    system = next(system for system in run.plan.systems if system.id == wanted.system_id)
    own = {asset.id for asset in system.assets}
    visited = own & set(store.visited(run.id))
    records = complete_records(run, system.id, (r for r in store.records(run.id) if r.asset_id in own))
    judgement = judgement_of(store, run.id, content)
    catalogue = catalogue_for(content.catalogues, system.grade, system.extensions)
    assessment = assess(
        system, catalogue, content.checks, records, sources.answered.answers(system, catalogue)
    )
    return Material(
        office=sources.opened.settings.office,
        organisations=_path(run.plan.organisations, system),
        system=system,
        run=run,
        profile=run.plan.profiles[system.id].id,
        assessment=assessment,
        records=records,
        planned=_planned(run, system, content if judgement.number else None, visited),
        observations=lambda asset_id: store.observations(run.id, asset_id),
        checks=content.checks,
        facts=load_plugins().facts,
        references=content.references,
        judgement=judgement.number,
        judged_at=judgement.judged_at,
        judged_by=judgement.versions,
        generated_at=generated_at,
        acceptances=sources.accepted,
        weights=sources.weights,
        risks=sources.answered.risks(system, assessment, content),
        previous=_previous(store, system, run, generated_at),
    )


def _previous(store: Store, system: System, run: Run, now: datetime) -> Previous:
    """What was open when the system was last assessed or evaluated, and what became of it."""
    began = in_zone(run.started_at).date()
    since = last_assessed((system.evaluated_on, system.self_assessed_on), began)
    boundary = ending(since.isoformat()) if since else run.started_at
    found = store.findings.all(Which(systems=(system.id,)))
    known = previous(found, since, boundary, in_zone(now).date())
    moves = store.findings.first_moves([one.number for one in known.findings])
    return replace(known, moved={n: f"{one.from_system} / {one.from_asset}" for n, one in moves.items()})


def _planned(run: Run, system: System, content: Content | None, visited: Collection[str]) -> int:
    """How many verdicts are owed: by the plan, or by the content that judged what was visited again."""
    assets = {asset.id: asset for asset in system.assets}
    return sum(
        len(owed_again(run.plan, assets[plan.asset_id], system, content))
        if content is not None and plan.asset_id in visited
        else len(plan.expected)
        for plan in run.plan.assets
        if plan.system_id == system.id
    )


def _path(organisations: tuple[Organisation, ...], system: System) -> tuple[str, ...]:
    """The names of the owner and those above it, the top first."""
    by_id = {organisation.id: organisation for organisation in organisations}
    names: list[str] = []
    owner = by_id.get(system.organisation)
    while owner:
        names.insert(0, owner.name)
        owner = by_id.get(owner.parent or "")
    return tuple(names) or (system.organisation,)
