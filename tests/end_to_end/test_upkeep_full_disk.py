"""Pruning, backup and restore on a disk that is full, in a dozen places: it is told, nothing is lost, it goes on."""

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from secaudit.errors import SecauditError, UsageError
from secaudit.handover.ledger import Ledger, differences
from secaudit.handover.subjects import subjects_of
from secaudit.model.retention import MONTHS
from secaudit.model.run import RunState
from secaudit.store import open_store
from secaudit.upkeep.alone import alone
from secaudit.upkeep.backing_up import Source, make
from secaudit.upkeep.deciding import Known, decide
from secaudit.upkeep.notes import note, read_notes
from secaudit.upkeep.pruning import Pruned, prune
from secaudit.upkeep.restoring import restore
from secaudit.upkeep.retention import limits_of
from secaudit.upkeep.sealed import Unseal
from tests.end_to_end.filling import BALLAST, fill
from tests.unit.store import samples

pytestmark = pytest.mark.end_to_end

NOW = samples.START + timedelta(days=1500)
NIGHTS = 3
PRUNE = {
    "the lock": ("secaudit.upkeep.alone:os.open", 1),
    "the entries of the ledger": ("secaudit.handover.ledger:Ledger._append", 1),
    "the note that contents are left": ("secaudit.upkeep.pruning:note", 1),
    "the rows of the runs": ("secaudit.store.store:Store.forget_runs", 1),
    "the contents": ("secaudit.store.forgetting:_take_away_some", 1),
    "the smaller file": ("secaudit.store.store:Store.give_back", 1),
}
BACKUP = {
    "the copy of the database": ("secaudit.upkeep.backing_up:copy_to", 1),
    "its first file": ("secaudit.upkeep.backing_up:_add_ledger", 1),
    "a later file": ("secaudit.upkeep.backing_up:_add_file", 2),
    "its inventory": ("secaudit.upkeep.archive:Writer.close", 1),
}
RESTORE = {
    "the first file": ("secaudit.upkeep.restoring:_keep", 1),
    "the database": ("secaudit.upkeep.restoring:_keep", 2),
}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs", str(place)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode:
        reason = f"no disk of its own can be mounted: {mounted.stderr.decode(errors='replace').strip()}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def workspace(disk: Path) -> Path:
    """Runs of three nights, years ago, each on record, and a report of some size."""
    folder = disk / "w"
    (folder / "reports").mkdir(parents=True)
    (folder / "reports" / "oa.html").write_bytes(os.urandom(1_000_000))
    with open_store(url_of(folder)) as store:
        for night in range(NIGHTS):
            at = samples.START + timedelta(days=night)
            store.create_run(samples.run(f"r{night}", started_at=at))
            for name in ("h1", "h2"):
                visit = samples.visit(name, at, os.urandom(50_000))
                store.save_visit(f"r{night}", visit, samples.results(name))
            store.finish_run(f"r{night}", RunState.COMPLETE, at)
        Ledger(folder / "ledger.txt").enter(subjects_of(folder, store), samples.START)
    return folder


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder}/secaudit.db"


def filled_before(monkeypatch: pytest.MonkeyPatch, step: str, call: int, folder: Path) -> None:
    """From here on that call of the function finds a full disk."""
    module, _separator, path = step.partition(":")
    *parents, name = path.split(".")
    owner: Any = import_module(module)
    for parent in parents:
        owner = getattr(owner, parent)
    real, calls = getattr(owner, name), count(1)

    def filled(*arguments: Any, **named: Any) -> Any:
        if next(calls) == call:
            monkeypatch.undo()
            fill(folder)
        return real(*arguments, **named)

    monkeypatch.setattr(owner, name, filled)


def emptied(disk: Path) -> None:
    (disk / BALLAST).unlink()  # it must have come to that step


def pruned(folder: Path) -> Pruned:
    """As the command does it, its ledger at the end included."""
    ledger = Ledger(folder / "ledger.txt")
    with alone(folder), open_store(url_of(folder)) as store:
        known = Known(folder, (samples.system(),), (), lambda _owner: False)
        done = prune(folder, store, decide(known, store, limits_of(MONTHS, NOW)), ledger, NOW)
        ledger.enter(subjects_of(folder, store), NOW)
        return done


def backed_up(folder: Path, disk: Path) -> Path:
    return make(Source(folder, url_of(folder), "局", "1.0", "3.11"), disk / "b", None, NOW).file


def no_key() -> Unseal:
    raise UsageError("The backup is encrypted.")


def told_of(act: Callable[[], object]) -> str:
    with pytest.raises(SecauditError) as caught:
        act()
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize("place", PRUNE)
def test_a_prune_is_told_loses_nothing_and_is_finished_by_the_next(
    workspace: Path, disk: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled_before(monkeypatch, *PRUNE[place], disk)
    if place == "the smaller file":
        kept = pruned(workspace).kept
        assert kept is not None
        assert "MiB are free" in str(kept)
    elif place == "the lock":  # an empty file needs no room here; then the ledger has none
        told_of(partial(pruned, workspace))
    else:
        assert "No space left" in (told := told_of(partial(pruned, workspace))) or "disk is full" in told
    emptied(disk)
    with open_store(url_of(workspace)) as store:
        for run in store.runs():
            assert all(store.observations(run.id, host) for host in store.visited(run.id))
        assert f"r{NIGHTS - 1}" in {run.id for run in store.runs()}
    pruned(workspace)
    with open_store(url_of(workspace)) as store:
        assert [run.id for run in store.runs()] == [f"r{NIGHTS - 1}"]
        assert store.sweep() == 0
        entries, chain = Ledger(workspace / "ledger.txt").entries()
        assert (chain.fault, list(differences(entries, subjects_of(workspace, store)))) == (None, [])
    assert not read_notes(workspace).sweep


@pytest.mark.parametrize("place", BACKUP)
def test_a_backup_is_told_and_leaves_nothing_behind(
    workspace: Path, disk: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(path.name for path in disk.iterdir())
    filled_before(monkeypatch, *BACKUP[place], disk)
    told = told_of(partial(backed_up, workspace, disk))
    assert "No space left" in told or "disk is full" in told
    assert str(disk) in told
    emptied(disk)
    assert sorted(path.name for path in disk.iterdir()) == before
    restore(backed_up(workspace, disk), disk / "new", no_key)


@pytest.mark.parametrize("place", RESTORE)
def test_a_restore_is_told_and_leaves_nothing_behind(
    workspace: Path, disk: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = backed_up(workspace, disk)
    filled_before(monkeypatch, *RESTORE[place], disk)
    assert "No space left" in told_of(lambda: restore(file, disk / "new", no_key))
    emptied(disk)
    assert sorted(path.name for path in disk.iterdir()) == ["b", "w"]
    restore(file, disk / "new", no_key)


def test_what_is_noted_stays_where_there_is_no_room_for_more(workspace: Path, disk: Path) -> None:
    note(workspace, sweep=True)
    fill(disk)
    with pytest.raises(UsageError, match="No space left"):
        note(workspace, sweep=False)
    assert read_notes(workspace).sweep
