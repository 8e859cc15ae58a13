"""A night of a heavy-protection period: only what is exposed and what changed, apart from audits, and its report."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Final

from secaudit.audit import Rules
from secaudit.audit.comparing import compare
from secaudit.audit.sides import Scope
from secaudit.cli.nightly_scan import scan_due
from secaudit.cli.nightly_stages import OPEN, open_all
from secaudit.cli.nightly_tonight import Tonight
from secaudit.cli.wiring import Workspace, load_rules, open_workspace
from secaudit.content.folder import content_dir
from secaudit.content.watch import load_watched
from secaudit.errors import UsageError
from secaudit.judge import Judge
from secaudit.language import _
from secaudit.model.difference import DARKER, Difference, Kind
from secaudit.model.nightly import EVERY_NIGHT, WATCH_DATABASE, Nightly, Rhythm, WatchPeriod
from secaudit.model.result import Verdict
from secaudit.model.run import RunState
from secaudit.report.watch import TEMPLATE, Watched, write_watch
from secaudit.schedule.journal import End
from secaudit.schedule.nights import Night, night_of
from secaudit.schedule.stages import FINDINGS, FINE, GAP, Outcome, Stage
from secaudit.store import Store, StoredRun

NO_PERIOD: Final = WatchPeriod(date.max, date.min)


@dataclass(frozen=True)
class WatchTonight(Tonight):
    """A night of that period."""

    period: WatchPeriod = NO_PERIOD

    @cached_property
    def opened(self) -> Workspace:
        """With the database of the watch."""
        opened = open_workspace(self.folder)
        database = f"sqlite:///{self.folder.resolve() / WATCH_DATABASE}"
        return replace(opened, settings=replace(opened.settings, database=database))

    @cached_property
    def rules(self) -> Rules:
        """With the checks of the watch alone."""
        rules = load_rules(self.folder)
        names = _watched_checks(self.period, rules.content.checks)
        checks = {name: rules.content.checks[name] for name in names}
        return replace(rules, content=replace(rules.content, checks=checks), judge=Judge(checks))


def _watched_checks(period: WatchPeriod, known: Collection[str]) -> tuple[str, ...]:
    """Those that the period names, else those that ship; raises SecauditError."""
    if not period.checks:
        return load_watched(content_dir("reports") / TEMPLATE / "checks.yaml", known)
    if unknown := [name for name in period.checks if name not in known]:
        raise UsageError(
            _("nightly: watch: checks in secaudit.yaml: {names} is no check.").format(
                names=", ".join(unknown)
            ),
            hint=_("List them with: secaudit checks list"),
        )
    return tuple(dict.fromkeys(period.checks))


def watch_tonight(folder: Path, settings: Nightly, night: Night, *, any_time: bool) -> WatchTonight | None:
    """The night; None where only other days are watched; raises UsageError where none is.

    Every system that is watched is due in every night.
    """
    period = next((one for one in settings.watches if one.begin <= night.day <= one.end), None)
    if period is None and settings.watches:
        return None
    if period is None:
        raise UsageError(
            _("No period of heavy protection covers the night of {day}.").format(day=night.day),
            hint=_("Set it in secaudit.yaml: nightly: {{watch: [{{from: {day}, until: {day}}}]}}").format(
                day=night.day
            ),
        )
    never = Rhythm(())
    rhythm = never if period.systems else EVERY_NIGHT
    watched = replace(settings, rhythm=rhythm, systems=dict.fromkeys(period.systems, EVERY_NIGHT))
    return WatchTonight(folder, watched, night, any_time, period=period)


def watch_stages(tonight: WatchTonight) -> list[Stage]:
    """Look, compare with the night before, write the report."""
    return [
        Stage(OPEN, partial(open_all, tonight), repeats=True),
        Stage("watch", partial(scan_due, tonight), needs=(OPEN,)),
        Stage("document", partial(write_document, tonight), needs=(OPEN,)),
    ]


def write_document(tonight: WatchTonight) -> Outcome:
    """The daily report. It is written where nothing could be looked at, too: then it says so."""
    opened = tonight.opened
    with opened.open_store() as store:
        watched = _watched(tonight, store)
    folder = (opened.folder / tonight.settings.reports).resolve()
    files = write_watch(watched, folder, opened.settings.language)
    code = {"zero": FINE, "changed": FINDINGS}.get(watched.verdict, GAP)
    told = {
        "zero": _("nothing new is exposed, nothing changed: {files}"),
        "changed": _("{count} changes: {files}"),
        "unverified": _("something could not be verified: {files}"),
    }[watched.verdict]
    shown = told.format(count=len(watched.differences), files=", ".join(map(str, files)))
    figures = {"verdict": watched.verdict, "files": [str(file) for file in files]}
    dark = watched.unreached or watched.unknown or any(one.kind in DARKER for one in watched.differences)
    return Outcome(End.DONE, shown, GAP if dark else code, figures)


def _watched(tonight: WatchTonight, store: Store) -> Watched:
    opened, period = tonight.opened, tonight.period
    runs, before = tonight.complete_runs(store), _before(tonight, store)
    differences, standing = _compared(tonight, store, runs, before)
    counts = Counter[str]()
    for run in runs:
        for record in store.records(run.id):
            counts["assets"] += 1
            counts["unreached"] += record.gap is not None
            counts["unknown"] += sum(result.verdict is Verdict.UNKNOWN for result in record.results)
    names = {one.id: one.name for one in opened.register.systems}
    seen = {system for run in runs for system in run.systems}
    wanted = period.systems or tuple(names)
    return Watched(
        office=opened.settings.office,
        night=tonight.night.day,
        begin=period.begin,
        end=period.end,
        systems=[names.get(system, system) for system in wanted],
        person=period.person,
        assets=counts["assets"],
        unreached=counts["unreached"] + sum(system not in seen for system in wanted),
        unknown=counts["unknown"],
        standing=standing,
        compared_with=night_of(tonight.settings, before.started_at).day if before else None,
        differences=differences,
        checks=tonight.rules.content.checks,
    )


def _before(tonight: WatchTonight, store: Store) -> StoredRun | None:
    """The newest complete look of a night before, within the period."""
    for run in store.runs():
        night = night_of(tonight.settings, run.started_at).day
        if run.state is RunState.COMPLETE and tonight.period.begin <= night < tonight.night.day:
            return run
    return None


def _compared(
    tonight: WatchTonight, store: Store, runs: Sequence[StoredRun], before: StoredRun | None
) -> tuple[list[Difference], int]:
    """What differs from the night before, and how much fails in both."""
    found: list[Difference] = []
    standing = 0
    for run in runs:
        if before is None or set(run.systems).isdisjoint(before.systems):
            continue
        comparison = compare(store, before.id, run.id, lambda: tonight.rules, Scope(frozenset(run.systems)))
        found += comparison.differences()
        standing += comparison.counts[Kind.PERSISTING]
    return found, standing
