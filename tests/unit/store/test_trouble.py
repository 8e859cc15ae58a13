"""A database that cannot be used says why, and what was stored before can still be read."""

import errno
import hashlib
import os
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from secaudit.errors import StoreError
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.result import Verdict
from secaudit.model.run import RunState
from secaudit.store import Store, UnreadableRun, address_of, open_store
from secaudit.store.codec import Codec
from secaudit.store.database import translated
from tests.unit.store import samples


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with a run and a visit, closed."""
    found = tmp_path / "secaudit.db"
    with open_store(f"sqlite:///{found}") as store:
        store.create_run(samples.run())
        store.save_visit("r1", samples.visit("h1"), samples.results("h1"))
    return found


@pytest.fixture
def full(path: Path) -> Iterator[Store]:
    """A store whose database may not grow: SQLite gives the same SQLITE_FULL as for a full disk."""
    store = open_store(f"sqlite:///{path}")
    event.listen(store._engine, "connect", _no_more_pages)
    store._engine.dispose()
    yield store
    store.close()


def _no_more_pages(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA max_page_count = 1")


def test_a_full_disk_loses_nothing_that_was_stored(full: Store) -> None:
    with pytest.raises(StoreError, match="full") as caught:
        full.save_visit("r1", samples.visit("h2", noise=os.urandom(200_000)), samples.results("h2"))
    assert caught.value.hint
    assert "--resume" in caught.value.hint
    assert full.visited("r1") == ("h1",)
    assert full.observations("r1", "h1") == samples.visit("h1").observations


@pytest.mark.parametrize(
    ("number", "told"), [(errno.EDQUOT, "quota of this account is used up"), (errno.EIO, "reports an error")]
)
def test_a_quota_that_is_used_up_is_no_fault_of_the_disk(
    path: Path, number: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite calls both an input or output error."""
    fault = sqlite3.OperationalError("disk I/O error")
    fault.sqlite_errorname = "SQLITE_IOERR_WRITE"

    def refused(_handle: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(StoreError, match=told), translated(URL.create("sqlite", database=str(path))):
        raise OperationalError("insert", None, fault)
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_read_only_database_is_read_and_not_written(path: Path) -> None:
    with open_store(f"sqlite:///file:{path}?mode=ro&uri=true") as store:
        assert next(store.records("r1")).results == samples.results("h1")
        with pytest.raises(StoreError, match="read-only"):
            store.finish_run("r1", RunState.COMPLETE, samples.START)


def test_a_locked_database_is_named(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_store(f"sqlite:///{path}", busy_timeout_s=0.01) as store:
        with pytest.raises(StoreError, match="locked"):
            store.finish_run("r1", RunState.COMPLETE, samples.START)
        assert store.runs()[0].state is RunState.RUNNING
        other.execute("ROLLBACK")
        store.finish_run("r1", RunState.COMPLETE, samples.START)
    other.close()


def test_a_newer_form_is_refused_and_left_alone(path: Path) -> None:
    _execute(path, "UPDATE alembic_version SET version_num = '9999'")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="newer version") as caught:
        open_store(f"sqlite:///{path}")
    assert "Upgrade" in str(caught.value.hint)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all, just text" * 200, b"\0" * 5000])
def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secaudit.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="not a database"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    _execute(path, "CREATE TABLE customers (name TEXT)")
    with pytest.raises(StoreError, match="another program"):
        open_store(f"sqlite:///{path}")


def test_damaged_pages_are_told(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 :] = b"\xa5" * (len(content) - 4096 * 3)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"), open_store(f"sqlite:///{path}") as store:
        list(store.records("r1"))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"\x00", "is damaged"), (b"garbage", "is damaged"), (zlib.compress(b"[]"), "is not what was stored")],
)
def test_an_altered_blob_is_told(path: Path, content: bytes, complaint: str) -> None:
    _execute(path, "UPDATE blobs SET content = ?", content)
    with open_store(f"sqlite:///{path}") as store, pytest.raises(StoreError, match=complaint):
        store.observations("r1", "h1")


def test_a_damaged_root_is_told_and_does_not_stop_the_next_night(path: Path) -> None:
    with open_store(f"sqlite:///{path}") as store:
        store.create_run(samples.run("r2"))
        store.save_visit("r2", samples.visit("h1", noise=b"more"), samples.results("h1"))
    _execute(
        path, "UPDATE blobs SET content = x'00' WHERE substr(content, 1, 1) <> x'01' AND length(content) > 9"
    )
    with open_store(f"sqlite:///{path}") as store:
        with pytest.raises(StoreError, match="damaged"):
            store.observations("r2", "h1")
        row = replace(samples.run("r3"), started_at=samples.START.replace(year=2027))
        store.create_run(row)
        changed = samples.visit("h1", noise=os.urandom(1000))
        store.save_visit("r3", changed, ())


def test_a_damaged_output_does_not_stop_the_next_night(path: Path) -> None:
    """The new output is stored whole, since the one that it resembles cannot be read."""
    big = max(samples.visit("h1").observations, key=lambda answer: len(answer.output))
    with sqlite3.connect(path) as connection:
        hash_ = hashlib.sha256(big.output).digest()
        connection.execute("UPDATE blobs SET content = x'0000' WHERE hash = ?", [hash_])
    connection.close()
    with open_store(f"sqlite:///{path}") as store:
        store.create_run(replace(samples.run("r2"), started_at=samples.START.replace(year=2027)))
        visit = samples.visit("h1")
        visit = replace(visit, observations=(replace(big, output=big.output + b"!"),))
        store.save_visit("r2", visit, ())
        assert store.observations("r2", "h1") == visit.observations


@pytest.mark.parametrize("where", ["substr(content, 1, 1) <> x'01'", "substr(content, 1, 1) = x'01'", "1"])
def test_damaged_content_is_mended_by_a_run_that_has_the_same(path: Path, where: str) -> None:
    """Roots, differences, or all of them: what the new run stores again can be read again, in old runs too."""
    with open_store(f"sqlite:///{path}") as store:
        store.create_run(samples.run("r2", started_at=samples.START.replace(year=2027)))
        store.save_visit("r2", samples.visit("h1", noise=b"more"), samples.results("h1"))
    _execute(path, f"UPDATE blobs SET content = x'00' WHERE {where} AND length(content) > 9")
    with open_store(f"sqlite:///{path}") as store:
        with pytest.raises(StoreError, match="damaged"):
            store.observations("r2", "h1")
        store.create_run(samples.run("r3", started_at=samples.START.replace(year=2028)))
        for noise, run in ((b"", "r3"), (b"more", "r4")):
            if run == "r4":
                store.create_run(samples.run("r4", started_at=samples.START.replace(year=2029)))
            store.save_visit(run, samples.visit("h1", noise=noise), samples.results("h1"))
        assert store.observations("r1", "h1") == samples.visit("h1").observations
        assert store.observations("r2", "h1") == samples.visit("h1", noise=b"more").observations


def test_a_missing_blob_is_told(path: Path) -> None:
    _execute(path, "DELETE FROM blobs WHERE hash IN (SELECT observations FROM visits)")
    with open_store(f"sqlite:///{path}") as store, pytest.raises(StoreError, match="is missing"):
        store.observations("r1", "h1")


@pytest.mark.parametrize("timings", [b"no zlib", zlib.compress(b"["), zlib.compress(b"[[1,2]]")])
def test_altered_times_are_told(path: Path, timings: bytes) -> None:
    _execute(path, "UPDATE visits SET timings = ?", timings)
    with open_store(f"sqlite:///{path}") as store, pytest.raises(StoreError, match="times of a visit"):
        store.observations("r1", "h1")


def test_content_of_another_form_is_told(path: Path) -> None:
    _execute(path, "UPDATE runs SET plan = versions")
    with open_store(f"sqlite:///{path}") as store, pytest.raises(UnreadableRun, match="plan of run r1"):
        store.run("r1")


def test_results_of_another_form_leave_evidence_and_other_runs_readable(path: Path) -> None:
    with open_store(f"sqlite:///{path}") as store:
        store.create_run(samples.run("r2"))
        store.save_visit("r2", samples.visit("h2"), samples.results("h2", Verdict.PASS))
    _execute(path, "UPDATE visits SET results = circumstances WHERE run_id = 'r1'")
    with open_store(f"sqlite:///{path}") as store:
        with pytest.raises(UnreadableRun, match="results of run r1") as caught:
            list(store.records("r1"))
        assert "secaudit judge r1" in str(caught.value.hint)
        assert [record.results for record in store.records_to_judge("r1")] == [()]
        assert store.observations("r1", "h1") == samples.visit("h1").observations
        assert next(store.records("r2")).results == samples.results("h2", Verdict.PASS)


def test_a_field_more_or_one_with_a_default_less_is_read() -> None:
    codec = Codec[Gap](Gap)
    assert codec.decode(b'{"reason": "failed", "later": 1}') == Gap(GapReason.FAILED)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be created"):
        open_store(f"sqlite:///{tmp_path}/nowhere/secaudit.db")


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("url", ["", "secaudit.db", "nonsense://x", "postgresql+nodriver://u:secret@h/d"])
def test_a_url_that_leads_nowhere(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert "secret" not in str(caught.value)
    assert caught.value.hint


def test_a_password_is_never_told() -> None:
    url = URL.create("postgresql", "audit", "secret", "db.example", 5432, "audit")
    engine = create_engine("sqlite://")
    with (
        pytest.raises(StoreError) as caught,
        translated(url),
        engine.connect() as connection,
    ):
        connection.execute(text("SELECT * FROM nothing"))
    assert "db.example" in str(caught.value)
    assert "secret" not in str(caught.value)


def _execute(path: Path, statement: str, *values: bytes) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(statement, values)
    connection.close()


def test_the_address_of_a_server_is_told_without_its_password() -> None:
    told = address_of("postgresql+psycopg://audit:geheim@db.example:5432/secaudit?sslmode=require")
    assert told == "postgresql://audit@db.example:5432/secaudit?sslmode=require"
