"""Readers need nothing but the file: neither a folder that may be written to nor room on the disk."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from secaudit.errors import StoreError
from secaudit.model.run import RunState
from secaudit.store import database, open_store
from tests.unit.store import samples


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with a run and a visit, closed."""
    return _filled(tmp_path)


def _filled(folder: Path) -> Path:
    found = folder / "sec #1%.db"
    with open_store(f"sqlite:///{found}") as store:
        store.create_run(samples.run())
        store.save_visit("r1", samples.visit("h1"), samples.results("h1"))
    return found


@pytest.fixture
def read_only(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As on a read-only file system; SQLite is kept from writing by a folder in place of its -shm file."""
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    path.with_name(f"{path.name}-shm").mkdir()
    return path


def test_a_read_only_workspace_is_read(read_only: Path) -> None:
    with open_store(f"sqlite:///{read_only}") as store:
        assert next(store.records("r1")).results == samples.results("h1")
        with pytest.raises(StoreError, match="read-only") as caught:
            store.finish_run("r1", RunState.COMPLETE, samples.START)
    assert str(read_only) in str(caught.value)


def test_newer_pages_beside_the_file_are_read_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(f"sqlite:///{path}") as writer:
        writer.finish_run("r1", RunState.COMPLETE, samples.START)
        monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
        with open_store(f"sqlite:///{path}") as reader:
            assert reader.runs()[0].state is RunState.COMPLETE


def test_a_full_disk_is_read_and_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_has_room", lambda _path: False)
    path.with_name(f"{path.name}-shm").mkdir()
    with open_store(f"sqlite:///{path}") as store:
        assert next(store.records("r1")).results == samples.results("h1")
        with pytest.raises(StoreError, match="The disk is full"):
            store.finish_run("r1", RunState.COMPLETE, samples.START)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own of 1 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


if os.geteuid() == 0:

    def test_a_disk_that_is_really_full(small_disk: Path) -> None:
        path = _filled(small_disk)
        with (small_disk / "rest").open("wb", buffering=0) as rest, suppress(OSError):
            while True:
                rest.write(bytes(4096))
        with open_store(f"sqlite:///{path}") as store:
            assert next(store.records("r1")).results == samples.results("h1")
            with pytest.raises(StoreError, match="The disk is full"):
                store.finish_run("r1", RunState.COMPLETE, samples.START)
