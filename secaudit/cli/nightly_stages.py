"""The stages of a night after its scan: judging, assessing, reports, the ledger, packages. Each does nothing twice."""

from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Final

from secaudit import clock
from secaudit.assess.figures import template_for
from secaudit.assess.score import ObjectRule
from secaudit.audit import judge_again
from secaudit.cli.assessed import Assessed, each_of
from secaudit.cli.handover_build import Asked, build_package
from secaudit.cli.nightly_scan import scan_due
from secaudit.cli.nightly_telling import back_up, follow_findings, send_notices, take_away_old
from secaudit.cli.nightly_tonight import Tonight
from secaudit.cli.nightly_words import labelled, listed
from secaudit.cli.recorded import bring_up_to_date
from secaudit.cli.report import tell_broken, write_reports, writers_of
from secaudit.cli.sealing import agencies_of, signer_of
from secaudit.cli.viewed import Wanted, sources_of
from secaudit.cli.wiring import newest_run_of, tell_unreadable
from secaudit.errors import SecauditError, UsageError
from secaudit.handover.duties import Duty, duties
from secaudit.language import _
from secaudit.plugins.guard import PluginBroken
from secaudit.register.deliveries import load_deliveries
from secaudit.register.times import office_day
from secaudit.report.output import remove_left_over
from secaudit.schedule.journal import End
from secaudit.schedule.stages import GAP, Outcome, Stage
from secaudit.store import Store, UnreadableRun
from secaudit.transport.secrets import PROMPT

OPEN = "workspace"
# nobody takes that long for a report
_STILL_WRITTEN: Final = timedelta(hours=1)


def stages_of(tonight: Tonight) -> list[Stage]:
    """Those of a whole night, in their order."""
    acts = {
        "scan": scan_due,
        "judge": judge_outdated,
        "findings": follow_findings,
        "assess": assess_all,
        "reports": write_due_reports,
        "ledger": enter_ledger,
        "packages": build_due_packages,
    }
    return [
        Stage(OPEN, partial(open_all, tonight), repeats=True),
        *(Stage(name, partial(act, tonight), needs=(OPEN,)) for name, act in acts.items()),
        Stage("notices", partial(send_notices, tonight)),  # that a night failed is told, too
        Stage("retention", partial(take_away_old, tonight), needs=(OPEN,)),
        Stage("backup", partial(back_up, tonight), needs=(OPEN,)),
    ]


def open_all(tonight: Tonight) -> Outcome:
    """Read the workspace, the content and the database once: whatever is wrong there is one failure and not six."""
    opened, rules = tonight.opened, tonight.rules
    with opened.open_store():
        pass
    with suppress(SecauditError):  # what is wrong with notices: stops only their stage
        _taken = tonight.notice_secrets  # before any program of ours could inherit them
    told = _("{systems} systems registered, {checks} checks")
    return Outcome(
        End.DONE, told.format(systems=len(opened.register.systems), checks=len(rules.content.checks))
    )


def judge_outdated(tonight: Tonight) -> Outcome:
    """Judge the newest run of each system again where other checks judged it: no report mixes two contents."""
    judged: dict[str, int] = {}
    with tonight.opened.open_store() as store:
        newest = _newest_runs(tonight, store)
        for run_id in newest:
            if not store.latest_judgement(run_id).versions.judge_like(tonight.rules.versions):
                again = judge_again(store, run_id, tonight.rules, clock.now())
                judged[run_id] = len(again.changes)
    if not newest:
        return Outcome(End.IDLE, _("nothing was scanned yet"))
    if not judged:
        return Outcome(End.IDLE, _("all runs were judged with today's checks"))
    told = _("{runs} runs judged with today's checks, {changes} verdicts changed")
    shown = told.format(runs=len(judged), changes=sum(judged.values()))
    return Outcome(End.DONE, shown, figures={"judged": judged})


def _newest_runs(tonight: Tonight, store: Store) -> list[str]:
    found: dict[str, None] = {}
    for system in tonight.opened.register.systems:
        try:
            found[newest_run_of(store, system.id).id] = None
        except UsageError:
            continue  # it was never scanned
    return list(found)


def assess_all(tonight: Tonight) -> Outcome:
    """The range of each system's conclusion, and what is open."""
    unreadable: list[UnreadableRun] = []
    with tonight.opened.open_store() as store:
        if not _newest_runs(tonight, store):
            return Outcome(End.IDLE, _("nothing was scanned yet"))
    day = office_day()
    found = {one.system.id: _assessed(one) for one in each_of(tonight.opened, (), unreadable, day)}
    tell_unreadable(unreadable)
    final = sum(one["final"] for one in found.values())
    told = _("{systems} systems assessed, {final} with a final conclusion, {open} steps open")
    shown = told.format(
        systems=len(found), final=final, open=sum(one["open_steps"] for one in found.values())
    )
    return Outcome(End.DONE, shown, figures={"systems": found})


def _assessed(one: Assessed) -> dict[str, Any]:
    figures = one.figures(template_for(office_day()), ObjectRule.MEAN)
    return {
        "run": one.run.id,
        "predicted": list(figures.predicted),
        "final": figures.final,
        "open_steps": figures.open_steps,
        "undecided": len(figures.undecided),
    }


def write_due_reports(tonight: Tonight) -> Outcome:
    """The reports of the systems that were scanned this night, each on its run of this night."""
    opened, settings = tonight.opened, tonight.settings
    formats = writers_of(settings.formats, opened.folder)
    folder = (opened.folder / settings.reports).resolve()
    remove_left_over(folder, clock.now() - _STILL_WRITTEN)
    files: list[str] = []
    broken: list[PluginBroken] = []
    with opened.open_store() as store:
        systems = tonight.systems_scanned(store)
        sources = sources_of(opened) if systems else None
        for system_id, run_id in systems.items():
            assert sources is not None
            wanted = Wanted(system_id, run_id)
            view = sources.view(store, wanted)
            language = opened.settings.language
            files += map(str, write_reports(view, wanted, formats, folder, language, broken))
    tell_broken(broken)
    if not files:
        return Outcome(End.IDLE, _("no system was scanned this night"))
    told = _("{count} files of {systems} systems in {folder}")
    shown = told.format(count=len(files), systems=len(systems), folder=folder)
    return Outcome(End.DONE, shown, figures={"files": files})


def enter_ledger(tonight: Tonight) -> Outcome:
    """Enter what the night has brought."""
    entries = bring_up_to_date(tonight.folder, clock.now())
    return Outcome(End.DONE, _("{count} entries added to the ledger").format(count=entries))


def build_due_packages(tonight: Tonight) -> Outcome:
    """A package for each agency that is due one. Nobody is asked for a password at night."""
    opened, person = tonight.opened, tonight.settings.packages_by
    due = _due_packages(tonight)
    if not due:
        return Outcome(End.IDLE, _("no package is due"))
    if reason := _no_packages(tonight):
        told = _("{count} packages are due and were not built: {reason}")
        return Outcome(End.SKIPPED, told.format(count=len(due), reason=reason))
    signer, agencies = signer_of(opened), agencies_of(opened.folder)
    systems = {system.id: system for system in opened.register.systems}
    built, troubles = list[str](), list[str]()
    asked = Asked(person, (opened.folder / tonight.settings.reports).resolve())
    for agency_id in dict.fromkeys(duty.agency for duty in due):
        about = [systems[duty.system] for duty in due if duty.agency == agency_id]
        try:
            built += map(str, build_package(opened, agencies[agency_id], signer, about, asked))
        except UsageError as error:
            troubles.append(labelled(agency_id, str(error)))
    told = _("{count} files of packages written").format(count=len(built))
    figures = {"files": built}
    if troubles:
        return Outcome(End.FAILED, listed((told, *troubles)), GAP, figures)
    return Outcome(End.DONE, told, figures=figures)


def _due_packages(tonight: Tonight) -> list[Duty]:
    opened = tonight.opened
    day = office_day()
    return duties(agencies_of(opened.folder), opened.register.systems, load_deliveries(opened.folder), day)


def _no_packages(tonight: Tonight) -> str:
    """Why no package can be built at night; "" where it can."""
    sealing = tonight.opened.settings.sealing
    if not tonight.settings.packages_by:
        return _("nightly: packages_by in secaudit.yaml names nobody who builds them")
    if sealing is None:
        return _("no key is set that could seal a package")
    if sealing.password == PROMPT:
        return _("the password of the key is asked for at a terminal (handover: password)")
    return ""
