"""The one place where the parts are put together: workspace, content, facts, checks, database."""

import gc
import platform
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from secaudit import __version__, clock
from secaudit.assess.answers import Answers, answers_for
from secaudit.assess.risks import Risks, RiskTables, risks_of
from secaudit.audit import Rules
from secaudit.audit.owner import is_alive
from secaudit.audit.whole_runs import is_whole
from secaudit.cli.content_source import content_of
from secaudit.content import Content
from secaudit.errors import NoSuchRun, UsageError
from secaudit.judge import Judge
from secaudit.language import _
from secaudit.model.assessment import Assessment
from secaudit.model.attestation import Attestation
from secaudit.model.content import Catalogue
from secaudit.model.register import Asset, Authorisation, Organisation, Register, System
from secaudit.model.risk import RiskDecision
from secaudit.model.run import RunState, Versions
from secaudit.plugins import load_plugins
from secaudit.register import Settings, authorisation_for, load_register, load_settings
from secaudit.register.attestations import altered_files, load_attestations, supported
from secaudit.register.loading import with_permissions_of_now
from secaudit.register.risks import effective, load_risk_decisions
from secaudit.register.times import in_zone, office_day
from secaudit.store import Judgement, Store, StoredRun, UnreadableRun, is_absent, open_store


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace as its files say now."""

    folder: Path
    settings: Settings
    register: Register

    def open_store(self) -> Store:
        """Its database."""
        return open_store(self.settings.database)

    def open_scanned(self) -> Store:
        """Its database, where something was scanned: only looking creates none. Raises UsageError."""
        return open_scanned(self.settings)

    def authorise(self, system_id: str, asset: Asset) -> Authorisation:
        """Who allows the scan of an asset now, by the files as they are now.

        Raises NotAuthorised with what to do, ContentError when the files cannot be used.
        """
        current = with_permissions_of_now(self.register, self.folder)
        return authorisation_for(current, system_id, asset, clock.now())

    def authorised_at(self, now: datetime) -> Callable[[str, Asset], Authorisation]:
        """Who allows scans at that moment, by the files as they were read."""
        return lambda system_id, asset: authorisation_for(self.register, system_id, asset, now)


def open_scanned(settings: Settings) -> Store:
    """The database of a workspace, where something was scanned. Raises UsageError."""
    if is_absent(settings.database):
        raise nothing_scanned()
    return open_store(settings.database)


def open_workspace(folder: Path) -> Workspace:
    """Read the workspace; raises ContentError with every mistake of its files."""
    return Workspace(folder, load_settings(folder), load_register(folder))


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What people answered and decided and still rests on what it rested on, of a whole workspace, on a day."""

    attestations: Sequence[Attestation]
    organisations: Sequence[Organisation]
    day: date
    decisions: Sequence[RiskDecision] = ()

    def answers(self, system: System, catalogue: Catalogue) -> Answers:
        """What counts for a system that owes these items."""
        domains = {step.id: r.domain_abbr for r in catalogue.requirements for step in r.steps}
        return answers_for(system, self.organisations, self.attestations, domains, self.day)

    def risks(self, system: System, assessment: Assessment, content: Content) -> Risks:
        """The risks of a system, with what was decided on them."""
        tables = RiskTables(content.checks, content.high_risks, content.hazards)
        return risks_of(system, assessment, tables, self.decisions, self.day)


def on_record(opened: Workspace, day: date | None = None) -> OnRecord:
    """Answers and decisions of a workspace on a day (today); raises ContentError with every mistake of their files."""
    found = load_attestations(opened.folder, opened.register)
    usable = supported(found, altered_files(opened.folder, found))
    decisions = effective(opened.folder, load_risk_decisions(opened.folder, opened.register))
    on = day or office_day()
    return OnRecord(usable, opened.register.organisations, on, decisions)


def load_rules(folder: Path) -> Rules:
    """Content and facts that ship, that the workspace names and that plug-ins bring; the checks compiled."""
    content = content_of(folder)
    rules = Rules(content, load_plugins().facts, Judge(content.checks), versions_of(content))
    gc.freeze()  # content lives as long as the program: no collection need look through it again
    return rules


def versions_of(content: Content) -> Versions:
    """What judges today."""
    plugins = load_plugins().versions_with(content)
    return Versions(__version__, platform.python_version(), content.content_hash, plugins)


def nothing_scanned() -> UsageError:
    """The error of every command that looks at what a scan has stored."""
    return UsageError(_("Nothing was scanned yet."), hint=_("Begin with: secaudit scan"))


def find_run(store: Store, name: str | None) -> StoredRun:
    """The run of that id; for ``latest`` or nothing the newest complete one, or the newest where none is.

    Raises UsageError.
    """
    runs = store.runs()
    if not runs:
        raise nothing_scanned()
    if name in (None, "latest"):
        return next((run for run in runs if run.state is RunState.COMPLETE), runs[0])
    for run in runs:
        if run.id == name:
            return run
    raise NoSuchRun(_("There is no run {id}.").format(id=name), str(name))


def state_now(run: StoredRun) -> RunState:
    """How far a run is: one whose process is gone goes on no more, whatever it said last."""
    if run.state is RunState.RUNNING and not is_alive(run.owner):
        return RunState.INTERRUPTED
    return run.state


def newest_run_of(store: Store, system_id: str, day: date | None = None) -> StoredRun:
    """The newest complete run of the whole system; of a part of it where there is no other. Raises UsageError.

    ``day``: only runs that had begun by then.
    """
    runs = [run for run in store.runs() if run.state is RunState.COMPLETE and system_id in run.systems]
    hint = _("Scan it: secaudit scan {id}").format(id=system_id)
    if not runs:
        raise UsageError(_("System {id} has no complete run.").format(id=system_id), hint=hint)
    if day is not None and not (runs := [run for run in runs if in_zone(run.started_at).date() <= day]):
        told = _("System {id} has no complete run of {day} or before.")
        raise UsageError(told.format(id=system_id, day=day.isoformat()), hint=hint)
    whole = (run for run in runs if is_whole(store, run.id, system_id))
    if found := next(whole, None):
        return found
    return next((run for run in runs if not store.run(run.id).plan.only), runs[0])


def tell_newer(store: Store, run: StoredRun, system_id: str, day: date | None = None) -> None:
    """Say on standard error that a newer run of the system is not the one that is shown, and how to see it.

    ``day``: the last one that was asked for.
    """
    found = (other for other in store.runs() if system_id in other.systems)
    newest = next(other for other in found if day is None or in_zone(other.started_at).date() <= day)
    if newest.id != run.id:
        told = _(
            "run {newer} of {system} is newer and covers only a part; shown is {run}; see it with: {command}"
        )
        shown = f"secaudit report {newest.id}"
        click.echo(told.format(newer=newest.id, system=system_id, run=run.id, command=shown), err=True)


def tell_unreadable(errors: Sequence[UnreadableRun]) -> None:
    """Raise one error for all runs that could not be read, once everything else is done."""
    if errors:
        hints = dict.fromkeys(error.hint or "" for error in errors)
        raise UnreadableRun("\n".join(dict.fromkeys(map(str, errors))), hint=" ".join(hints))


def command(folder: Path, arguments: str) -> str:
    """A command for the same workspace, to be typed."""
    named = "" if folder == Path() else f"--workspace {shlex.quote(str(folder))} "
    return f"secaudit {named}{arguments}"


def judgement_of(store: Store, run_id: str, content: Content) -> Judgement:
    """The latest judgement of a run; verdicts count for the content and the plug-ins that judged them.

    Raises UsageError where today's is another.
    """
    judgement = store.latest_judgement(run_id)
    if not judgement.versions.judge_like(versions_of(content)):
        raise UsageError(
            _("Run {id} was judged with other checks than today's.").format(id=run_id),
            hint=_("Judge its evidence again: secaudit judge {id}").format(id=run_id),
        )
    return judgement
