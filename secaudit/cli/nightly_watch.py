"""A night of a heavy-protection period: only what is exposed and what changed, apart from audits, and its report."""

from collections import Counter, defaultdict
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
from secaudit.cli.nightly_telling import summary_of, take_away_old, tell
from secaudit.cli.nightly_tonight import Tonight
from secaudit.cli.wiring import Workspace, load_rules, open_workspace
from secaudit.content.folder import content_dir
from secaudit.content.watch import load_watched
from secaudit.errors import UsageError
from secaudit.judge import Judge
from secaudit.language import _
from secaudit.model.difference import DARKER, WORSE, Difference, Kind
from secaudit.model.night import SystemNight
from secaudit.model.nightly import EVERY_NIGHT, WATCH_DATABASE, Nightly, Rhythm, WatchPeriod
from secaudit.model.notice import NoticeCounts
from secaudit.model.result import Verdict
from secaudit.model.run import RunState
from secaudit.notify import load_notices
from secaudit.report.watch import TEMPLATE, Watched, write_watch
from secaudit.schedule.journal import End, Mode
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

    @cached_property
    def looked(self) -> "Looked":
        """What was seen, compared once for report and notices."""
        with self.opened.open_store() as store:
            return _looked(self, store)


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
    """Look, compare with the night before, write the report, tell, take away what is old."""
    return [
        Stage(OPEN, partial(open_all, tonight), repeats=True),
        Stage("watch", partial(scan_due, tonight), needs=(OPEN,)),
        Stage("document", partial(write_document, tonight), needs=(OPEN,)),
        Stage("notices", partial(send_watch, tonight)),  # that a night failed is told, too
        Stage("retention", partial(take_away_old, tonight), needs=(OPEN,)),
    ]


def write_document(tonight: WatchTonight) -> Outcome:
    """The daily report. It is written where nothing could be looked at, too: then it says so."""
    opened, watched = tonight.opened, tonight.looked.watched
    folder = (opened.folder / tonight.settings.reports).resolve()
    files = write_watch(watched, folder, opened.settings.language)
    code = {"zero": FINE, "changed": FINDINGS}.get(watched.verdict, GAP)
    told = {
        "zero": _("nothing new is exposed, nothing changed: {files}"),
        "changed": _("{count} changes: {files}"),
        "unverified": _("something could not be verified: {files}"),
    }[watched.verdict]
    shown = told.format(count=len(watched.differences), files=_("; ").join(map(str, files)))
    figures = {"verdict": watched.verdict, "files": [str(file) for file in files]}
    dark = watched.unreached or watched.unknown or any(one.kind in DARKER for one in watched.differences)
    return Outcome(End.DONE, shown, GAP if dark else code, figures)


def send_watch(tonight: WatchTonight) -> Outcome:
    """Tell what this night came to, by the rules of notices of an audit."""
    if load_notices(tonight.folder) is None:
        return Outcome(End.IDLE, _("notices: in secaudit.yaml names nobody"))
    first = tonight.period.begin
    return tell(tonight, summary_of(tonight, Mode.WATCH, lambda _last: tonight.looked.systems, first))


@dataclass(frozen=True, slots=True)
class Looked:
    """What a night came to: for its report, and system by system for notices."""

    watched: Watched
    systems: tuple[SystemNight, ...]


def _looked(tonight: WatchTonight, store: Store) -> Looked:
    runs, before = tonight.complete_runs(store), _before(tonight, store)
    differences, standing = _compared(tonight, store, runs, before)
    counts = _counted(store, runs)
    opened, period = tonight.opened, tonight.period
    names = {one.id: one.name for one in opened.register.systems}
    wanted = period.systems or tuple(names)
    not_seen = [system for system in wanted if system not in {name for run in runs for name in run.systems}]
    total = sum(counts.values(), Counter[str]())
    watched = Watched(
        office=opened.settings.office,
        night=tonight.night.day,
        begin=period.begin,
        end=period.end,
        systems=[names.get(system, system) for system in wanted],
        person=period.person,
        assets=total["assets"],
        unreached=total["unreached"] + len(not_seen),
        unknown=total["unknown"],
        standing=standing,
        compared_with=night_of(tonight.settings, before.started_at).day if before else None,
        differences=differences,
        checks=tonight.rules.content.checks,
    )
    compared = set(before.systems) if before else set()
    systems = (
        _system(watched, name, counts[name], name in compared, failed=name in not_seen) for name in wanted
    )
    return Looked(watched, tuple(systems))


def _counted(store: Store, runs: Sequence[StoredRun]) -> defaultdict[str, Counter[str]]:
    """System → assets, and how many of them were not reached, and verdicts that are not known."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for run in runs:
        owners = {asset.asset_id: asset.system_id for asset in store.run(run.id).plan.assets}
        for record in store.records(run.id):
            own = counts[owners[record.asset_id]]
            own["assets"] += 1
            own["unreached"] += record.gap is not None
            own["unknown"] += sum(result.verdict is Verdict.UNKNOWN for result in record.results)
    return counts


def _system(
    watched: Watched, system: str, counted: Counter[str], compared: bool, *, failed: bool
) -> SystemNight:
    own = [one for one in watched.differences if one.system_id == system]
    kinds = Counter(one.kind for one in own)
    alone = replace(
        watched,
        differences=own,
        unreached=counted["unreached"] + failed,
        unknown=counted["unknown"],
        compared_with=watched.compared_with if compared else None,
    )
    counts = NoticeCounts(
        new=sum(kinds[kind] for kind in WORSE),
        closed=kinds[Kind.FIXED],
        gaps=counted["unknown"] + kinds[Kind.UNDECIDED],
        unreached=counted["unreached"],
        failed=int(failed),
    )
    return SystemNight(system, counts, verdict=alone.verdict)


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
