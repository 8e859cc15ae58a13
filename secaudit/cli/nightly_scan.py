"""The scan of a night: what was left is gone on with, then every system that is due, each as far as it is allowed."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from secaudit import clock
from secaudit.audit import Asked, make_plan, resume_audit, run_audit
from secaudit.audit.running import Stopped
from secaudit.cli.accepted import accepted_on_record, covers_in
from secaudit.cli.nightly_tonight import Tonight
from secaudit.cli.nightly_words import labelled, listed
from secaudit.cli.progress import progress
from secaudit.cli.scan import Limited, steps_of
from secaudit.cli.tally import Tally, tally_of
from secaudit.cli.wiring import command, state_now
from secaudit.errors import SecauditError, UsageError
from secaudit.language import _
from secaudit.model.evidence import GapReason
from secaudit.model.pace import Pace
from secaudit.model.register import System
from secaudit.model.result import Verdict
from secaudit.model.run import Plan, RunState
from secaudit.register.registered import system_of
from secaudit.register.times import shown
from secaudit.schedule.fitting import local_assets
from secaudit.schedule.journal import End
from secaudit.schedule.owed import Why
from secaudit.schedule.stages import GAP, NOTHING_REACHED, Outcome, gravest
from secaudit.schedule.units import CONFINED
from secaudit.store import Store
from secaudit.transport import Secrets


def scan_due(tonight: Tonight) -> Outcome:
    """Scan what is due; a system that nobody allowed to scan keeps no other from being scanned."""
    with tonight.opened.open_store() as store:
        troubles = _go_on(tonight, store)
        due = [one.system for one in tonight.owed(store) if one.why is Why.DUE]
        if due and not troubles:
            troubles = _begin(tonight, store, due)
        return _outcome(tonight, store, troubles)


def planned(tonight: Tonight, due: Iterable[str]) -> tuple[list[Plan], dict[str, SecauditError]]:
    """A plan for each system that may be scanned now; system → why there is none."""
    opened, rules = tonight.opened, tonight.rules
    authorise = opened.authorised_at(clock.now())
    plans: list[Plan] = []
    refused: dict[str, SecauditError] = {}
    for system_id in due:
        try:
            _refuse_confined(system_of(opened.register, system_id))
            plans.append(
                make_plan(opened.register, rules.content, rules.facts, Asked((system_id,)), authorise)
            )
        except UsageError as error:
            refused[system_id] = error
    return plans, refused


def _refuse_confined(system: System) -> None:
    """A night that systemd confines sees this machine only in part: its verdicts would be wrong."""
    if os.environ.get(CONFINED) and (found := local_assets((system,))):
        told = _(
            "{assets}: this night is confined, and what it sees of this machine itself is not what it is"
        )
        raise UsageError(told.format(assets=", ".join(found)))


def _go_on(tonight: Tonight, store: Store) -> list[str]:
    """End the runs of this night that were interrupted; what stands in the way of that."""
    troubles: list[str] = []
    for run in reversed(tonight.runs(store)):
        if state_now(run) is not RunState.INTERRUPTED or not _may_visit(tonight):
            continue
        plan = store.run(run.id).plan
        owed = len(plan.assets) - len(store.visited(run.id))
        with progress(owed) as teller:
            steps = steps_of(
                tonight.opened, store, tonight.rules, _pace(tonight), _secrets(tonight, plan), teller
            )
            try:
                resume_audit(store, run.id, tonight.rules, steps)
            except Stopped as stopped:
                troubles.append(_stopped(store, stopped))
            except UsageError:
                continue  # begun with other checks, or allowed no more: its systems are scanned anew or refused
    return troubles


def _begin(tonight: Tonight, store: Store, due: Sequence[str]) -> list[str]:
    if not _may_visit(tonight):
        told = _("no visit begins after {time}: {systems} not scanned")
        return [told.format(time=shown(tonight.night.last_start), systems=", ".join(due))]
    plans, refused = planned(tonight, due)
    troubles = [_refusal(system_id, error) for system_id, error in refused.items()]
    if not plans:
        return troubles
    plan = _together(plans)
    with progress(len(plan.assets)) as teller:
        steps = steps_of(
            tonight.opened, store, tonight.rules, _pace(tonight), _secrets(tonight, plan), teller
        )
        try:
            run_audit(store, plan, tonight.rules, steps)
        except Stopped as stopped:
            troubles.append(_stopped(store, stopped))
    return troubles


def _refusal(system_id: str, error: SecauditError) -> str:
    """Why a system is not scanned, and the next step."""
    return labelled(system_id, f"{error} → {error.hint}" if error.hint else str(error))


def _together(plans: Sequence[Plan]) -> Plan:
    return Plan(
        plans[0].organisations,
        tuple(system for plan in plans for system in plan.systems),
        {name: profile for plan in plans for name, profile in plan.profiles.items()},
        tuple(asset for plan in plans for asset in plan.assets),
    )


def _secrets(tonight: Tonight, plan: Plan) -> Secrets:
    registered = [asset for system in tonight.opened.register.systems for asset in system.assets]
    return tonight.secrets([*registered, *(asset for system in plan.systems for asset in system.assets)])


def _may_visit(tonight: Tonight) -> bool:
    return tonight.ignores_window or clock.now() < tonight.night.last_start


def _pace(tonight: Tonight) -> Limited:
    return lambda: _limited(tonight.opened.settings.pace, tonight, clock.now())


def _limited(pace: Pace, tonight: Tonight, now: datetime) -> Pace:
    """No visit begins after the last start; of two ends of the run the earlier counts."""
    if tonight.ignores_window:
        return pace
    left_s = max(int((tonight.night.last_start - now).total_seconds()), 1)
    return replace(pace, run_s=min(left_s, pace.run_s or left_s))


def _stopped(store: Store, stopped: Stopped) -> str:
    told = _("run {id} stopped after {visited} of {planned} assets: {reason}")
    run = store.run(stopped.run_id)
    return told.format(
        id=run.id, visited=len(store.visited(run.id)), planned=len(run.plan.assets), reason=stopped
    )


def _outcome(tonight: Tonight, store: Store, troubles: Sequence[str]) -> Outcome:
    runs = tonight.counted_runs(store)
    if not runs and not troubles:
        known = tonight.opened.register.systems
        return Outcome(
            End.IDLE,
            _("no system is due") if known else _("no system is registered yet: secaudit system add"),
        )
    tallies = [_tally(tonight, store, run.id) for run in runs]
    code = code_of(tallies, troubled=bool(troubles))
    figures = {"runs": [run.id for run in runs], **_figures(tallies)}
    told = [*strangers(tonight.folder, tallies), *([_told(tallies)] if tallies else []), *troubles]
    return Outcome(End.FAILED if troubles else End.DONE, listed(told), code, figures)


def code_of(tallies: Sequence[Tally], *, troubled: bool) -> int:
    """Nothing was reached only where no run reached anything."""
    code = gravest([*(tally.exit_code for tally in tallies), *([GAP] if troubled else [])])
    reached = any(asset.gap is None for tally in tallies for asset in tally.assets)
    return GAP if code == NOTHING_REACHED and reached else code


def _tally(tonight: Tonight, store: Store, run_id: str) -> Tally:
    rules = tonight.rules
    accepted = accepted_on_record(tonight.opened, rules.content)
    covers = covers_in(accepted, store.run(run_id).plan.systems)
    return tally_of(store.records(run_id), rules.content.checks, rules.versions.plugins, covers)


def _figures(tallies: Sequence[Tally]) -> dict[str, int]:
    verdicts = sum((tally.verdicts for tally in tallies), Counter[Verdict]())
    assets = [asset for tally in tallies for asset in tally.assets]
    return {
        "assets": len(assets),
        "unreached": sum(asset.gap is not None for asset in assets),
        "verdicts": verdicts.total(),
        "failed": verdicts[Verdict.FAIL] + verdicts[Verdict.PARTIAL],
        "unknown": verdicts[Verdict.UNKNOWN],
        "accepted": sum(tally.accepted for tally in tallies),
    }


def strangers(workspace: Path, tallies: Sequence[Tally]) -> list[str]:
    """Assets behind another key than the trusted one: a new installation, or somebody in between."""
    names = [
        asset.asset_id
        for tally in tallies
        for asset in tally.assets
        if asset.gap is not None and asset.gap.reason is GapReason.HOST_KEY_MISMATCH
    ]
    if not names:
        return []
    told = _("HOST KEY CHANGED: {assets}; no login was tried, find out why: {command}")
    return [told.format(assets=", ".join(names), command=command(workspace, "hostkeys scan"))]


def _told(tallies: Sequence[Tally]) -> str:
    told = _(
        "{assets} assets, {unreached} not reached; {verdicts} verdicts, {failed} failed, {unknown} not judged"
    )
    return told.format(**_figures(tallies))
