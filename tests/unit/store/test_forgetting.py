"""Runs are taken away with all that only they name; what stays is read as before, whatever is stored meanwhile."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from secaudit.errors import StoreError
from secaudit.model.run import RunState
from secaudit.store import Store, forgetting, open_store
from secaudit.store.blobs import DIFFERENCE
from secaudit.store.database import transaction
from secaudit.store.schema import BLOBS, METADATA
from tests.unit.store import samples

HOSTS = ("h1", "h2")
# what each night adds to the first answer: it drifts away twice, so there are several roots
NOISE = {0: os.urandom(50_000), 1: b"a" * 400, 2: b"b" * 500, 3: os.urandom(50_000), 4: b"c" * 600}


def fill(store: Store) -> None:
    for night in NOISE:
        add(store, night)


def add(store: Store, night: int) -> None:
    at = samples.START + timedelta(days=night)
    store.create_run(samples.run(f"r{night}", started_at=at))
    for name in HOSTS:
        store.save_visit(f"r{night}", samples.visit(name, at, NOISE[night]), samples.results(name))
    store.finish_run(f"r{night}", RunState.COMPLETE, at)


def is_whole(store: Store, night: int) -> bool:
    at = samples.START + timedelta(days=night)
    return all(
        store.observations(f"r{night}", name) == samples.visit(name, at, NOISE[night]).observations
        for name in HOSTS
    ) and [record.results for record in store.records(f"r{night}")] == [
        samples.results(name) for name in HOSTS
    ]


def stored(store: Store) -> dict[bytes, bytes]:
    with transaction(store._engine) as connection:
        return {row.hash: row.content for row in connection.execute(select(BLOBS))}


def contents(store: Store) -> int:
    with transaction(store._engine) as connection:
        return connection.execute(select(func.count()).select_from(BLOBS)).scalar_one()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = open_store(f"sqlite:///{tmp_path}/secaudit.db")
    fill(made)
    return made


def test_nothing_goes_while_everything_is_named(store: Store) -> None:
    before = contents(store)
    assert store.sweep() == 0
    assert contents(store) == before


def test_a_database_after_pruning_holds_what_one_does_that_never_had_those_runs(
    store: Store, tmp_path: Path
) -> None:
    store.forget_runs(["r0", "r1", "r3"])
    assert store.sweep() > 0
    assert [run.id for run in store.runs()] == ["r4", "r2"]
    assert all(is_whole(store, night) for night in (2, 4))
    with open_store(f"sqlite:///{tmp_path}/other.db") as other:
        add(other, 2)
        add(other, 4)
        here, there = stored(store), stored(other)
    roots = {content[1:33] for content in here.values() if content[:1] == DIFFERENCE}
    assert set(there) <= set(here) | roots
    assert set(here) - set(there) <= roots  # a root may be of a run that went
    assert store.sweep() == 0


def test_all_runs_gone_leave_nothing_and_the_file_shrinks(store: Store) -> None:
    before = store.room()
    assert before is not None
    store.forget_runs([f"r{night}" for night in NOISE])
    store.sweep()
    assert contents(store) == 0
    store.give_back()
    after = store.room()
    assert after is not None
    assert (after.unused_bytes, after.size_bytes < before.size_bytes / 2) == (0, True)
    with transaction(store._engine) as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    assert mode == "wal"


@pytest.mark.parametrize("step", ["_read_some", "_mark_rows"])
def test_what_a_scan_stores_while_contents_are_marked_is_kept(
    store: Store, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new visit that names contents of a run that goes, stored just after a step of a sweep."""
    real, at = getattr(forgetting, step), samples.START + timedelta(days=9)
    left = iter([samples.visit("h1", at, NOISE[0])])

    def with_a_visit(connection: object) -> object:
        done = real(connection)
        for visit in left:
            store.create_run(samples.run("new", started_at=at))
            store.save_visit("new", visit, samples.results("h1"))
        return done

    monkeypatch.setattr(forgetting, step, with_a_visit)
    store.forget_runs(["r0"])
    store.sweep()
    assert store.observations("new", "h1") == samples.visit("h1", at, NOISE[0]).observations
    assert is_whole(store, 4)


def test_sets_that_cannot_be_read_stop_a_sweep_before_anything_goes(store: Store) -> None:
    """What a damaged set names is not known, so it may be anything."""
    with transaction(store._engine, writes=True) as connection:
        visits = METADATA.tables["visits"]
        hash_ = (
            connection.execute(select(visits.c.observations).where(visits.c.run_id == "r4")).scalars().first()
        )
        connection.execute(update(BLOBS).where(BLOBS.c.hash == hash_).values(content=b"spoilt"))
    before = contents(store)
    store.forget_runs(["r0"])
    with pytest.raises(StoreError, match="damaged"):
        store.sweep()
    assert contents(store) == before


def test_a_judgement_that_is_being_stored_is_waited_for_by_nobody(store: Store) -> None:
    """Its results are stored, and named only at its end."""

    def judged() -> object:
        yield "h1", samples.results("h1")
        with open_store(str(store._engine.url)) as other, pytest.raises(StoreError, match="judged again"):
            other.sweep()
        with pytest.raises(StoreError, match="judged again"):
            store.forget_runs(["r1"])
        yield "h2", samples.results("h2")

    assert store.save_judgement("r1", judged(), samples.VERSIONS, samples.START) == 1  # type: ignore[arg-type]
    assert store.sweep() == 0


def test_a_disk_without_room_is_told_before_the_file_is_rewritten(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = os.statvfs_result([4096, 4096, 10, 1, 1, 9, 9, 9, 0, 255])
    monkeypatch.setattr(os, "statvfs", lambda _path: full)
    with pytest.raises(StoreError, match="0 MiB are free") as caught:
        store.give_back()
    assert caught.value.hint
    assert is_whole(store, 4)


def test_pruning_that_is_killed_at_any_statement_loses_nothing_and_is_gone_on_from(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.unit.store.killing_forgetting", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 8
