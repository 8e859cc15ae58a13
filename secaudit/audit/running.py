"""The use case: create the run, visit, judge, journal each visit as it completes, close the run."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from secaudit.audit.judging import Rules, Subject, judge_evidence, moment_of, subjects_of
from secaudit.audit.owner import is_alive, is_elsewhere, machine_of, this_process
from secaudit.audit.permits import Permits
from secaudit.audit.planning import Authorise
from secaudit.collect import Allow
from secaudit.errors import NotAuthorised, SecauditError, StoreError, UsageError
from secaudit.language import _
from secaudit.model.evidence import Visit
from secaudit.model.result import Result
from secaudit.model.run import AssetPlan, Plan, Run, RunState
from secaudit.store import Store, StoredRun


@dataclass(frozen=True, slots=True)
class Steps:
    """What an audit is handed: how assets are visited, who allows it, what the time is, who hears of a visit.

    ``visits`` yields a visit for each plan, in the order in which they complete; it gets the plans, asset id →
    the asset as it is registered in the run, and what is to be asked before each visit begins.
    """

    visits: Callable[[Sequence[AssetPlan], Mapping[str, Subject], Allow], Iterator[Visit]]
    authorise: Authorise
    clock: Callable[[], datetime]
    on_visit: Callable[[Visit, Sequence[Result]], None]


class Stopped(UsageError):
    """Permission ended while a run was under way: no further visit began; what was visited is stored."""

    def __init__(self, run_id: str, reason: SecauditError) -> None:
        super().__init__(str(reason), hint=reason.hint)
        self.run_id = run_id


def run_audit(store: Store, plan: Plan, rules: Rules, steps: Steps) -> str:
    """Audit what is planned; returns the id of the run. What was done is stored whatever happens."""
    now = steps.clock()
    run = Run(new_id(now), RunState.RUNNING, now, None, plan, rules.versions)
    store.create_run(run, this_process())
    _carry_out(store, run.id, plan, plan.assets, rules, steps)
    return run.id


def resume_audit(store: Store, run_id: str, rules: Rules, steps: Steps) -> str:
    """Visit what an interrupted run still owes, under the authorisations of today.

    Raises UsageError: it was begun with other checks, or nothing of what it owes may be visited now.
    """
    run = store.run(run_id)
    if not run.versions.judge_like(rules.versions):
        raise UsageError(
            _("Run {id} was begun with other checks.").format(id=run_id),
            hint=_("Scan again; what the run has is kept: secaudit judge {id}").format(id=run_id),
        )
    done = set(store.visited(run_id))
    owed = [planned for planned in run.plan.assets if planned.asset_id not in done]
    _refuse_closed(owed, subjects_of(run.plan), steps.authorise)
    store.resume_run(run_id, this_process())
    _carry_out(store, run_id, run.plan, owed, rules, steps)
    return run_id


def interrupted_run(store: Store, systems: Sequence[str], *, take_over: bool = False) -> str:
    """The newest run (of these systems, if any are named) that was not finished and that nobody works on.

    A run whose systems were all audited since then, or are being audited by a run of this machine, is over. One
    that may go on elsewhere holds up no other. ``take_over``: nobody works on those of other machines any more.
    Raises UsageError.
    """
    since: list[StoredRun] = []
    busy: StoredRun | None = None
    for run in store.runs():
        if run.state is RunState.COMPLETE:
            since.append(run)
        elif (systems and not set(systems) & set(run.systems)) or _audited_since(store, run, since):
            continue
        elif not _is_worked_on(run, take_over=take_over):
            return run.id
        else:
            busy = busy or run
            if not is_elsewhere(run.owner):
                since.append(run)  # it will have audited them
    if busy is not None:
        raise _still_going(busy)
    raise UsageError(_("There is no interrupted run to resume."), hint=_("Start a new one: secaudit scan"))


def _is_worked_on(run: StoredRun, *, take_over: bool) -> bool:
    """Whether a process may be at work on a run; ``take_over``: on another machine none is."""
    if run.state is not RunState.RUNNING or not is_alive(run.owner):
        return False
    return not (take_over and is_elsewhere(run.owner))


def _audited_since(store: Store, run: StoredRun, since: Iterable[StoredRun]) -> bool:
    """Whether complete runs since then audited all its systems; a retest audits none."""
    left = set(run.systems)
    for later in since:
        if left & set(later.systems) and not store.run(later.id).plan.only:
            left -= set(later.systems)
    return not left


def _still_going(run: StoredRun) -> UsageError:
    if not is_elsewhere(run.owner):
        return UsageError(_("Run {id} is still going.").format(id=run.id), hint=_("Wait for it to end."))
    told = _("Run {id} was begun on {machine} and was not ended.")
    return UsageError(
        told.format(id=run.id, machine=machine_of(run.owner)),
        hint=_("If nothing works on it there any more: secaudit scan --resume --take-over"),
    )


def new_id(now: datetime) -> str:
    """An id that sorts by time: ``20261123-220000-3fa9``."""
    return f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"


def _refuse_closed(owed: Iterable[AssetPlan], subjects: Mapping[str, Subject], authorise: Authorise) -> None:
    """Raise NotAuthorised where no asset that was authorised when the plan was made is so now."""
    refusals: list[NotAuthorised] = []
    for planned in owed:
        if planned.authorisation:
            try:
                authorise(planned.system_id, subjects[planned.asset_id].asset)
            except NotAuthorised as refusal:
                refusals.append(refusal)
            else:
                return
    if refusals:
        raise refusals[0]


def _carry_out(
    store: Store, run_id: str, plan: Plan, owed: Sequence[AssetPlan], rules: Rules, steps: Steps
) -> None:
    subjects = subjects_of(plan)
    expected = {planned.asset_id: planned.expected for planned in owed}
    permits = Permits(steps.authorise, subjects)
    complete = False
    try:
        for ended in steps.visits(owed, subjects, permits.allow):
            visit = replace(ended, authorised=permits.given.get(ended.asset_id, ended.authorised))
            results = judge_evidence(
                subjects[visit.asset_id],
                expected.pop(visit.asset_id),
                visit.observations,
                moment_of(visit),
                rules,
            )
            store.save_visit(run_id, visit, results)
            steps.on_visit(visit, results)
        for refusal in permits.refusals.values():
            raise Stopped(run_id, refusal) from refusal
        assert not expected, "every planned asset was visited or has a gap"
        complete = True
    finally:
        if not complete:
            with suppress(StoreError):  # the error that ended the run is the one to tell
                store.finish_run(run_id, RunState.INTERRUPTED, steps.clock())
    store.finish_run(run_id, RunState.COMPLETE, steps.clock())
