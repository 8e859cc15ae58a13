"""Takes away what has been kept long enough: files, then runs with all that only they name, then gives room back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from secaudit.errors import StoreError, UsageError
from secaudit.handover.ledger import Ledger
from secaudit.language import _
from secaudit.model.retention import Kind
from secaudit.register.times import shown
from secaudit.store import Store, StoredRun
from secaudit.upkeep.notes import note, read_notes
from secaudit.upkeep.retention import Fate

# a clock that runs ahead would take away everything
IDLE: Final = timedelta(days=400)
APART: Final = timedelta(minutes=1)
# below this share of unused room nothing is rewritten: coming nights use it
UNUSED_SHARE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was taken away. ``given_back_bytes`` of the database; ``kept`` says why its file is no smaller."""

    runs: int
    files: int
    file_bytes: int
    given_back_bytes: int
    kept: StoreError | None = None


def refuse_wrong_clock(runs: Iterable[StoredRun], now: datetime, *, asked: bool) -> None:
    """Raises UsageError where the newest run is still to come, or so old that the clock may be wrong.

    ``asked``: an age was asked for, so somebody has looked.
    """
    newest = max((run.started_at for run in runs), default=None)
    if newest is None:
        return
    if newest > now + APART:
        told = _("The newest run began at {moment}, which is still to come: nothing was pruned.")
        raise UsageError(
            told.format(moment=shown(newest)), hint=_("Set the clock of this machine: timedatectl; date -u")
        )
    if now - newest > IDLE and not asked:
        told = _("The newest run is of {moment}, {days} days ago: nothing was pruned.")
        raise UsageError(
            told.format(moment=shown(newest), days=(now - newest).days),
            hint=_("Look whether the clock is right; if it is, say an age with --older-than."),
        )


def prune(
    workspace: Path,
    store: Store | None,
    fates: Iterable[Fate],
    ledger: Ledger,
    now: datetime,
    *,
    writing: bool = False,
) -> Pruned:
    """Do what was decided. Files go first: they make room for what a database needs to forget.

    ``writing``: a scan goes on, so the database is not rewritten. Runs are entered in the ledger as pruned before
    they are. Whatever it is killed in, the next one goes on.
    """
    going = [fate.item for fate in fates if fate.goes]
    files = [item for item in going if item.kind is not Kind.RUNS]
    for item in files:
        _take_away(workspace / item.id)
    runs = [item.id for item in going if item.kind is Kind.RUNS]
    room, kept = 0, None
    if store is not None:
        _forget(workspace, store, runs, ledger, now)
        room, kept = given_back(store, writing=writing)
    return Pruned(len(runs), len(files), sum(item.size_bytes or 0 for item in files), room, kept)


def _take_away(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(
            _("{path} cannot be taken away: {reason}.").format(path=file, reason=reason),
            hint=_("Check who owns its folder; what is left goes the next time."),
        ) from error


def _forget(workspace: Path, store: Store, runs: Sequence[str], ledger: Ledger, now: datetime) -> None:
    if runs:
        judged = {run_id: count for run_id, _state, count in store.runs_on_record()}
        named = [("run", run_id) for run_id in runs]
        named += [("judgement", f"{run_id}#{n}") for run_id in runs for n in range(1, judged[run_id] + 1)]
        ledger.prune(named, now)
        note(workspace, sweep=True)
        store.forget_runs(runs)
    if read_notes(workspace).sweep:
        store.sweep()
        note(workspace, sweep=False)


def given_back(store: Store, *, writing: bool) -> tuple[int, StoreError | None]:
    """Bytes by which the file is smaller, or why it is not: there is no room, or somebody is writing."""
    before = store.room()
    if before is None or before.unused_bytes < before.size_bytes * UNUSED_SHARE:
        return 0, None
    if writing:
        told = _(
            "A scan is writing: the database keeps its size, and new nights use the room that is free in it."
        )
        return 0, StoreError(told, hint=_("Prune again when no scan goes on to give the room back."))
    try:
        store.give_back()
    except StoreError as error:
        return 0, error
    after = store.room()
    return before.size_bytes - after.size_bytes if after else 0, None
