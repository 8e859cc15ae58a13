"""The stages of a night that follow findings, tell people and take away what is old."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime

from secaudit import clock
from secaudit.cli.backup import backup_by_settings
from secaudit.cli.following import follow_all
from secaudit.cli.nightly_tonight import Tonight
from secaudit.cli.nightly_words import listed
from secaudit.cli.prune import pruned_by_settings
from secaudit.cli.sealing import agencies_of
from secaudit.handover.duties import duties
from secaudit.language import _
from secaudit.model.delivery import Event as Handed
from secaudit.model.finding import EventKind, Finding, Stage
from secaudit.model.night import Due, NightSummary, Returned, SystemNight
from secaudit.model.notice import NoticeCounts
from secaudit.model.result import Verdict
from secaudit.notify import deliver, enqueue_night, load_notices
from secaudit.register.deliveries import load_deliveries
from secaudit.register.times import office_day
from secaudit.schedule.journal import End, Ended, Journal, Mode, NightRecord
from secaudit.schedule.owed import Why
from secaudit.schedule.stages import GAP, Outcome
from secaudit.schedule.telling import TOLD, untold
from secaudit.store import Store
from secaudit.store.findings import UNSETTLED, Which
from secaudit.transport.secrets import PROMPT


def follow_findings(tonight: Tonight) -> Outcome:
    """Findings hear of this night's runs, and of any that an earlier one could not tell them."""
    opened = tonight.opened
    with opened.open_store() as store:
        happened = follow_all(opened, store, tonight.rules.content)
        unsettled = store.findings.count(Which(stages=UNSETTLED))
    counts = {kind.value: count for kind, count in happened.items() if count}
    told = _("{new} new, {again} open again, {closed} closed; {open} are open").format(
        new=happened[EventKind.OPENED],
        again=happened[EventKind.REOPENED],
        closed=happened[EventKind.CLOSED],
        open=unsettled,
    )
    return Outcome(End.DONE, told, figures={"happened": counts, "open": unsettled})


def send_notices(tonight: Tonight) -> Outcome:
    """Put what this night came to into the queue and work it off for a time; what cannot be sent stays there."""
    settings = load_notices(tonight.folder)
    if settings is None:
        return Outcome(End.IDLE, _("notices: in secaudit.yaml names nobody"))
    return tell(tonight, _summary(tonight, settings.remind_days[-1]))


def tell(tonight: Tonight, summary: NightSummary) -> Outcome:
    """Put a night into the queue and work it off for a time."""
    now = clock.now()
    entered = enqueue_night(tonight.folder, summary, now)
    done = deliver(tonight.folder, now, secrets=tonight.notice_secrets)
    told = _("{entered} put into the queue, {sent} sent, {waiting} waiting").format(
        entered=entered.messages, sent=done.sent, waiting=done.waiting
    )
    faults = [*entered.faults, *done.faults]
    if done.faults and done.waiting:
        faults.append(_("what waits goes out with the next night, or now by: secaudit notices send"))
    is_told = bool(summary.systems) and not entered.faults
    figures = {"sent": done.sent, "waiting": done.waiting, TOLD: is_told}
    if faults:
        return Outcome(End.FAILED, listed((told, *faults)), GAP, figures)
    return Outcome(End.DONE, told, figures=figures)


def take_away_old(tonight: Tonight) -> Outcome:
    """What ``retention:`` says."""
    done = pruned_by_settings(tonight.folder, clock.now())
    if not (done.runs or done.files):
        return Outcome(End.IDLE, _("nothing is old enough to go"))
    told = _("{runs} runs and {files} files taken away").format(runs=done.runs, files=done.files)
    return Outcome(End.DONE, told, figures={"runs": done.runs, "files": done.files})


def back_up(tonight: Tonight) -> Outcome:
    """What ``backup:`` says. Nobody is asked for a passphrase at night."""
    settings = tonight.opened.settings.backups
    if settings is None:
        return Outcome(End.IDLE, _("backup: in secaudit.yaml names no folder"))
    if settings.passphrase == PROMPT:
        told = _("the passphrase of backups is asked for at a terminal (backup: passphrase)")
        return Outcome(End.SKIPPED, told, GAP)
    made, gone = backup_by_settings(tonight.opened, clock.now(), _backup_before(tonight))
    told = _("{file}, read back and whole; {gone} older ones made room")
    shown = told.format(file=made.file, gone=len(gone))
    figures = {"file": str(made.file), "bytes": made.size_bytes}
    if not made.whole:
        shown = _("{file}, without the database, which a server keeps").format(file=made.file)
        return Outcome(End.DONE, shown, GAP, figures)
    return Outcome(End.DONE, shown, figures=figures)


def _backup_before(tonight: Tonight) -> str:
    """The backup that an earlier call of this night made; "" for none."""
    record = Journal(tonight.folder, tonight.night.day, Mode.AUDIT).read()
    before = record.stages.get("backup") if record else None
    return str(before.figures.get("file", "")) if before else ""


def _summary(tonight: Tonight, soon_days: int) -> NightSummary:
    return summary_of(tonight, Mode.AUDIT, lambda last: _systems(tonight, last, soon_days))


def summary_of(
    tonight: Tonight,
    mode: Mode,
    systems: Callable[[NightRecord | None], Iterable[SystemNight]],
    first: date = date.min,
) -> NightSummary:
    """The night in figures; of one whose workspace cannot be read only that it failed."""
    record = Journal(tonight.folder, tonight.night.day, mode).read()
    stages: Mapping[str, Ended] = record.stages if record else {}
    before = untold(tonight.folder, tonight.night.day, mode, first)
    readable = "workspace" in stages and stages["workspace"].end is End.DONE
    return NightSummary(
        night=tonight.night.day,
        systems=tuple(systems(before.last)) if readable else (),
        previous=before.last.day if before.last else None,
        missed=before.missed + (len(record.missed) if record else 0),
        failed=before.failed_later or any(one.end is End.FAILED for one in stages.values()),
        is_watch=mode is Mode.WATCH,
    )


def _systems(tonight: Tonight, last: NightRecord | None, soon_days: int) -> Iterable[SystemNight]:
    opened, day = tonight.opened, office_day()
    since = last.last if last else datetime.min.replace(tzinfo=UTC)
    packages = duties(
        agencies_of(opened.folder), opened.register.systems, load_deliveries(opened.folder), day
    )
    with opened.open_store() as store:
        looked = _looked_at(tonight, store)
        not_scanned = {one.system for one in tonight.owed(store) if one.why is Why.DUE}
        for system in opened.register.systems:
            counted = _Counted(store, since, day, soon_days)
            for finding in store.findings.all(Which(systems=(system.id,))):
                counted.add(finding)
            yield SystemNight(
                system.id,
                counted.counts(looked[system.id], failed=system.id in not_scanned),
                due=tuple(Due(doc, until, n) for (doc, until), n in sorted(counted.due.items())),
                packages=tuple(Due("", one.deadline) for one in packages if one.system == system.id),
                returned=tuple(_returned(tonight, system.id)),
            )


def _looked_at(tonight: Tonight, store: Store) -> Mapping[str, Counter[str]]:
    """System → ``gaps`` and ``unreached`` in the runs of this night."""
    found = {system.id: Counter[str]() for system in tonight.opened.register.systems}
    for run in tonight.counted_runs(store):
        owners = {asset.asset_id: asset.system_id for asset in store.run(run.id).plan.assets}
        for record in store.records(run.id):
            counted = found.setdefault(owners[record.asset_id], Counter())
            counted["unreached"] += record.gap is not None
            counted["gaps"] += sum(result.verdict is Verdict.UNKNOWN for result in record.results)
    return found


def _returned(tonight: Tonight, system_id: str) -> Iterable[Returned]:
    events = load_deliveries(tonight.folder)
    about = {event.number for event in events if system_id in event.systems}
    for event in events:
        if event.event is Handed.RETURNED and event.number in about:
            yield Returned(event.number, event.day)


class _Counted:
    """The findings of a system, counted one by one. New, closed and reopened are those since a moment."""

    def __init__(self, store: Store, since: datetime, day: date, soon_days: int) -> None:
        self._store, self._since, self._day, self._soon_days = store, since, day, soon_days
        self._kinds: Counter[str] = Counter()
        self.due: Counter[tuple[str, date]] = Counter()

    def add(self, finding: Finding) -> None:
        """Count one; advice that no notice demands is none, as in ``finding list``."""
        if finding.advisory and finding.deadline is None:
            return
        kinds = self._kinds
        kinds["new"] += finding.opened >= self._since
        if finding.closed is not None and finding.stage is Stage.CLOSED:
            kinds["closed"] += finding.closed.at >= self._since
            return
        kinds["open"] += 1
        kinds["overdue"] += finding.is_overdue(self._day)
        kinds["reopened"] += self._was_reopened(finding)
        if finding.deadline is not None:
            kinds["due_soon"] += 0 <= (finding.deadline - self._day).days <= self._soon_days
            self.due[finding.notice or finding.document, finding.deadline] += 1

    def counts(self, looked: Counter[str], *, failed: bool) -> NoticeCounts:
        """All together."""
        return NoticeCounts(
            **self._kinds, gaps=looked["gaps"], unreached=looked["unreached"], failed=int(failed)
        )

    def _was_reopened(self, finding: Finding) -> bool:
        if not finding.reopened or finding.failed_at < self._since:
            return False
        history = self._store.findings.with_history(finding.number).history
        return any(event.kind is EventKind.REOPENED and event.at >= self._since for event in history)
