"""Workspaces to back up, and how they are backed up and restored in tests."""

import os
from datetime import UTC, datetime
from pathlib import Path

from secaudit.errors import UsageError
from secaudit.handover.ledger import Ledger
from secaudit.handover.subjects import subjects_of
from secaudit.model.run import RunState
from secaudit.store import Store, open_store
from secaudit.upkeep.backing_up import Made, Source, make
from secaudit.upkeep.sealed import ByPassphrase, Seal, Unseal, Unsealing
from tests.unit.store import samples

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
WORDS = ByPassphrase(b"correct horse battery")


def no_key() -> Unseal:
    raise UsageError("The backup is encrypted.")


def having(unseal: Unseal) -> Unsealing:
    return lambda: unseal


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder}/secaudit.db"


def add_run(store: Store, name: str) -> None:
    store.create_run(samples.run(name))
    for host in ("h1", "h2"):
        store.save_visit(name, samples.visit(host), samples.results(host))
    store.finish_run(name, RunState.COMPLETE, samples.START)


def source(folder: Path) -> Source:
    return Source(folder, url_of(folder), "局", "1.0", "3.11")


def backed_up(folder: Path, seal: Seal | None = None) -> Made:
    return make(source(folder), folder.parent / "b", seal, NOW)


def files_of(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def held(folder: Path) -> object:
    with open_store(url_of(folder)) as store:
        return store.runs(), store.run("r1"), tuple(store.records("r1")), store.observations("r1", "h1")


def filled(tmp_path: Path) -> Path:
    """Files of every kind, a database with a run, a ledger."""
    folder = tmp_path / "审计"
    for name in ("systems", "reports", "keys", "empty"):
        (folder / name).mkdir(parents=True)
    (folder / "secaudit.yaml").write_text("office: 局\n", encoding="utf-8")
    (folder / "systems" / ("门户" * 40 + ".yaml")).write_text("id: oa\n", encoding="utf-8")
    (folder / "reports" / "oa-r1.html").write_bytes(os.urandom(300_000))
    (folder / "keys" / "office.key").write_text("-----BEGIN PRIVATE KEY-----\n", encoding="utf-8")
    (folder / "keys" / "office.crt").write_text("-----BEGIN CERTIFICATE-----\n", encoding="utf-8")
    (folder / "secaudit.lock").touch()
    with open_store(url_of(folder)) as store:
        add_run(store, "r1")
        Ledger(folder / "ledger.txt").enter(subjects_of(folder, store), NOW)
    return folder
