"""A backup brings back what there was, or says what is wrong with it and brings back nothing."""

import os
import tarfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from secaudit.errors import UsageError
from secaudit.handover.certificate import read_certificate
from secaudit.handover.ledger import Ledger
from secaudit.handover.subjects import subjects_of
from secaudit.model.nightly import WATCH_DATABASE
from secaudit.store import open_store
from secaudit.upkeep import archive, backing_up, inventory
from secaudit.upkeep.alone import alone
from secaudit.upkeep.backing_up import make
from secaudit.upkeep.contents import Why
from secaudit.upkeep.restoring import check, restore
from secaudit.upkeep.sealed import ByKey, ByPassphrase, Seal, ToCertificate, Unseal, Unsealing
from tests.unit.handover.sealing import pair
from tests.unit.upkeep.backups import (
    NOW,
    WORDS,
    add_run,
    backed_up,
    files_of,
    filled,
    having,
    held,
    no_key,
    source,
    url_of,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return filled(tmp_path)


def test_what_is_restored_is_what_there_was(workspace: Path, tmp_path: Path) -> None:
    made = backed_up(workspace)
    assert made.file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in made.left_out] == ["keys/office.key"]
    (tmp_path / "new").mkdir()
    found = restore(made.file, tmp_path / "new", no_key)
    assert found == made.inventory
    before, after = files_of(workspace), files_of(tmp_path / "new")
    for name in ("keys/office.key", "secaudit.lock"):
        del before[name]
    assert set(before) == set(after)
    assert {name for name in before if before[name] != after[name]} <= {"secaudit.db"}
    assert held(tmp_path / "new") == held(workspace)
    assert (tmp_path / "new" / "empty").is_dir()
    report = Path("reports/oa-r1.html")
    assert int((tmp_path / "new" / report).stat().st_mtime) == int((workspace / report).stat().st_mtime)
    assert all(p.stat().st_mode & 0o077 == 0 for p in (tmp_path / "new").rglob("*"))
    assert not list(tmp_path.glob(".*"))


def test_the_nights_of_heavy_protection_are_in_it_while_one_is_written(
    workspace: Path, tmp_path: Path
) -> None:
    with open_store(f"sqlite:///{workspace}/{WATCH_DATABASE}") as store:
        add_run(store, "w1")
        assert (workspace / f"{WATCH_DATABASE}-wal").exists()
        made = backed_up(workspace)
    names = {part.name for part in made.inventory.files}
    assert {name for name in names if name.startswith(WATCH_DATABASE)} == {WATCH_DATABASE}
    restore(made.file, tmp_path / "back", no_key)
    with open_store(f"sqlite:///{tmp_path}/back/{WATCH_DATABASE}") as store:
        assert [run.id for run in store.runs()] == ["w1"]


def test_common_tools_open_a_plain_one(workspace: Path) -> None:
    with tarfile.open(backed_up(workspace).file) as tar:
        assert tar.getnames()[0] == "ledger.txt"
        assert tar.getnames()[-1] == inventory.NAME


@pytest.mark.parametrize("kind", ["passphrase", "certificate"])
def test_a_sealed_one_holds_the_keys_and_is_read_by_its_holder_alone(
    workspace: Path, tmp_path: Path, kind: str
) -> None:
    key_file, certificate_file = pair(tmp_path, "rsa")
    key = load_pem_private_key(key_file.read_bytes(), None)
    certificate = read_certificate(certificate_file)
    assert isinstance(key, rsa.RSAPrivateKey)
    other = rsa.generate_private_key(65537, 2048)
    ways: dict[str, tuple[Seal, Unseal, Unseal, Unseal]] = {
        "passphrase": (WORDS, WORDS, ByPassphrase(b"another horse battery"), ByKey(key)),
        "certificate": (ToCertificate(certificate), ByKey(key), ByKey(other), WORDS),
    }
    seal, opens, not_own, not_kind = ways[kind]
    made = backed_up(workspace, seal)
    assert (made.sealed, made.left_out) == (True, ())
    content = made.file.read_bytes()
    assert b"office" not in content
    for wrong in (having(not_own), having(not_kind), no_key):
        with pytest.raises(UsageError) as caught:
            restore(made.file, tmp_path / "new", wrong)
        assert "horse" not in str(caught.value)
        assert not (tmp_path / "new").exists()
    restore(made.file, tmp_path / "new", having(opens))
    assert (tmp_path / "new" / "keys" / "office.key").read_bytes() == (
        workspace / "keys/office.key"
    ).read_bytes()
    again = backing_up.make(source(workspace), tmp_path / "b2", seal, NOW)
    assert again.file.read_bytes()[200:] != content[200:]


def test_it_is_whole_while_a_scan_writes(workspace: Path, tmp_path: Path) -> None:
    """Every run in the copy is read whole, and the ledger names none that is not there."""
    ended = threading.Event()

    def scan() -> None:
        with open_store(url_of(workspace)) as store:
            for number in range(2, 30):
                add_run(store, f"r{number}")
                Ledger(workspace / "ledger.txt").enter(subjects_of(workspace, store), NOW)
                if ended.is_set():
                    return

    writer = threading.Thread(target=scan)
    writer.start()
    try:
        made = backed_up(workspace)
    finally:
        ended.set()
        writer.join()
    restore(made.file, tmp_path / "new", no_key)
    with open_store(url_of(tmp_path / "new")) as store:
        runs = {run.id for run in store.runs()}
        for run in store.runs():
            assert all(store.observations(run.id, host) for host in store.visited(run.id))
    entries, chain = Ledger(tmp_path / "new" / "ledger.txt").entries()
    assert chain.fault is None
    assert {entry.id for entry in entries if entry.kind == "run"} <= runs


def test_what_is_not_there_is_said(workspace: Path) -> None:
    (workspace / "link").symlink_to("/etc/passwd")
    os.mkfifo(workspace / "pipe")
    (workspace / "a\nb").write_text("x", encoding="utf-8")
    (workspace / "id_rsa").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n", encoding="utf-8")
    assert {one.name: one.why for one in backed_up(workspace).left_out} == {
        "keys/office.key": Why.SECRET,
        "id_rsa": Why.SECRET,
        "link": Why.LINK,
        "pipe": Why.SPECIAL,
        "a\nb": Why.NAME,
    }


def test_a_database_of_a_server_is_left_to_its_own_tools(workspace: Path) -> None:
    made = make(
        replace(source(workspace), database="postgresql+psycopg://u@host/d"),
        workspace.parent / "b",
        None,
        NOW,
    )
    assert (made.whole, made.inventory.database) == (False, "server")
    assert check(made.file, no_key) == made.inventory


def test_no_database_yet_is_no_lack(workspace: Path) -> None:
    (workspace / "secaudit.db").unlink()
    assert backed_up(workspace).whole


def test_what_is_there_is_never_overwritten(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="there already"):
        backed_up(workspace)
    (tmp_path / "b").unlink()
    (tmp_path / "b").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="there already"):
        backed_up(workspace)


def test_a_disk_that_spoils_what_is_written_is_noticed(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = archive.read

    def spoilt(file: Path, unsealing: Unsealing, keep: archive.Keep | None = None) -> inventory.Inventory:
        return replace(real(file, unsealing, keep), office="other")

    monkeypatch.setattr(archive, "read", spoilt)
    with pytest.raises(UsageError, match="the disk may be bad"):
        backed_up(workspace)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["审计"]


def test_a_disk_that_is_too_small_is_named_before_anything_is_written(
    workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backed_up(workspace)
    found = os.statvfs_result([4096, 4096, 10, 1, 1, 9, 9, 9, 0, 255])
    monkeypatch.setattr(os, "statvfs", lambda _path: found)
    with pytest.raises(UsageError, match="0 MiB are free"):
        make(source(workspace), tmp_path / "b2", None, NOW)
    with pytest.raises(UsageError, match="0 MiB are free"):
        restore(made.file, tmp_path / "new", no_key)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "审计"]


def test_a_backup_needs_no_room_in_a_workspace_that_is_read_only(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_arguments: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "open", read_only)
    with alone(workspace, reading=True):
        pass
    with pytest.raises(UsageError, match="Read-only file system"), alone(workspace):
        pass
