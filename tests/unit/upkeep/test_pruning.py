"""A workspace is pruned: files, runs, ledger; whatever fails is told and gone on from."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from secaudit.cli.finding_evidence import result_in
from secaudit.errors import StoreError, UsageError
from secaudit.handover.entry import Change
from secaudit.handover.ledger import Ledger, differences
from secaudit.handover.subjects import subjects_of
from secaudit.model.content import Severity
from secaudit.model.finding import Finding, Source
from secaudit.model.retention import MONTHS, Kind
from secaudit.model.run import RunState
from secaudit.model.text import Text
from secaudit.store import Store, open_store
from secaudit.upkeep.alone import alone
from secaudit.upkeep.deciding import Known, decide
from secaudit.upkeep.notes import read_notes
from secaudit.upkeep.pruning import prune
from secaudit.upkeep.retention import Fate, Reason, limits_of
from tests.unit.store import samples

NOW = samples.START + timedelta(days=1500)
NIGHTS = 4


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Runs of four nights, years ago, each on record."""
    with open_store(f"sqlite:///{tmp_path}/secaudit.db") as made:
        for night in range(NIGHTS):
            at = samples.START + timedelta(days=night)
            made.create_run(samples.run(f"r{night}", started_at=at))
            for name in ("h1", "h2"):
                visit = samples.visit(name, at, os.urandom(9_000))
                made.save_visit(f"r{night}", visit, samples.results(name))
            made.finish_run(f"r{night}", RunState.COMPLETE, at)
        made.save_judgement("r1", [("h1", samples.results("h1"))], samples.VERSIONS, samples.START)
        ledger(tmp_path).enter(subjects_of(tmp_path, made), samples.START)
        yield made


def ledger(folder: Path) -> Ledger:
    return Ledger(folder / "ledger.txt")


def decided(folder: Path, store: Store | None) -> list[Fate]:
    known = Known(folder, (samples.system(),), (), lambda _owner: False)
    return decide(known, store, limits_of(MONTHS, NOW))


def old_file(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    moment = (NOW - timedelta(days=1400)).timestamp()
    os.utime(path, (moment, moment))
    return path


def test_old_runs_go_and_the_ledger_says_so_and_stays_whole(tmp_path: Path, store: Store) -> None:
    done = prune(tmp_path, store, decided(tmp_path, store), ledger(tmp_path), NOW)
    assert (done.runs, done.kept) == (3, None)
    assert done.given_back_bytes > 0
    assert [run.id for run in store.runs()] == ["r3"]
    entries, chain = ledger(tmp_path).entries()
    pruned = {entry.id: entry.digest for entry in entries if entry.change is Change.PRUNED}
    entered = {entry.id: entry.digest for entry in entries if entry.change is Change.ENTERED}
    assert set(pruned) == {"r0", "r1", "r2", "r1#1"}
    assert all(entered[id_] == digest for id_, digest in pruned.items())
    assert chain.fault is None
    assert list(differences(entries, subjects_of(tmp_path, store))) == []


def test_a_finding_that_outlives_its_run_is_shown_without_what_failed_then(store: Store) -> None:
    finding = Finding(
        number=1,
        source=Source.SCAN,
        system="oa",
        asset="h1",
        check="linux.a",
        offender="",
        title=Text("口令", "Passwords"),
        severity=Severity.HIGH,
        advisory=False,
        opened=samples.START,
        opened_in="r0",
        failed_at=samples.START,
        failed_in="r0",
    )
    assert result_in(store, "r0", finding) is not None
    store.forget_runs(["r0"])
    assert result_in(store, "r0", finding) is None


def test_a_run_that_was_taken_away_by_hand_is_gone_and_not_pruned(tmp_path: Path, store: Store) -> None:
    store.forget_runs(["r0"])
    entries, _chain = ledger(tmp_path).entries()
    assert list(differences(entries, subjects_of(tmp_path, store))) == [(Change.GONE, "run", "r0")]


def test_pruning_twice_does_nothing_the_second_time(tmp_path: Path, store: Store) -> None:
    prune(tmp_path, store, decided(tmp_path, store), ledger(tmp_path), NOW)
    before = ledger(tmp_path).file.read_bytes()
    again = prune(tmp_path, store, decided(tmp_path, store), ledger(tmp_path), NOW)
    assert (again.runs, again.files) == (0, 0)
    assert ledger(tmp_path).file.read_bytes() == before


@pytest.mark.parametrize("step", ["forget_runs", "sweep", "give_back"])
def test_a_prune_that_fails_is_finished_by_the_next(
    tmp_path: Path, store: Store, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise StoreError("The disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(Store, step, fails)
        if step == "give_back":
            kept = prune(tmp_path, store, decided(tmp_path, store), ledger(tmp_path), NOW).kept
            assert str(kept) == "The disk is full"
        else:
            with pytest.raises(StoreError, match="full"):
                prune(tmp_path, store, decided(tmp_path, store), ledger(tmp_path), NOW)
            assert read_notes(tmp_path).sweep
    ledger(tmp_path).enter(subjects_of(tmp_path, store), NOW)  # as every command does at its end
    prune(tmp_path, store, decided(tmp_path, store), ledger(tmp_path), NOW)
    assert [run.id for run in store.runs()] == ["r3"]
    assert not read_notes(tmp_path).sweep
    room = store.room()
    assert room is not None
    assert room.unused_bytes < room.size_bytes / 10
    entries, chain = ledger(tmp_path).entries()
    assert (chain.fault, list(differences(entries, subjects_of(tmp_path, store)))) == (None, [])


def test_a_ledger_that_cannot_be_written_stops_it_before_a_run_goes(tmp_path: Path, store: Store) -> None:
    found = decided(tmp_path, store)
    (tmp_path / "ledger.txt").unlink()
    (tmp_path / "ledger.txt").mkdir()
    with pytest.raises(UsageError, match="ledger"):
        prune(tmp_path, store, found, ledger(tmp_path), NOW)
    assert len(store.runs()) == NIGHTS


def test_files_go_by_age_and_stay_where_something_names_them(tmp_path: Path) -> None:
    named, unnamed = "a" * 64, "b" * 64
    old_file(tmp_path / "evidence" / named)
    old_file(tmp_path / "evidence" / unnamed)
    (tmp_path / "attestations").mkdir()
    (tmp_path / "attestations" / "oa-1.yaml").write_text(f"files: [{{sha256: {named}}}]", encoding="utf-8")
    old_file(tmp_path / "reports" / "oa-r0.html")
    young = tmp_path / "reports" / "oa-r9.html"
    young.write_text("x", encoding="utf-8")
    os.utime(young, (NOW.timestamp(), NOW.timestamp()))
    outside = old_file(tmp_path / "kept.html")
    (tmp_path / "reports" / "link.html").symlink_to(outside)
    done = prune(tmp_path, None, decided(tmp_path, None), ledger(tmp_path), NOW)
    assert (done.files, done.file_bytes) == (2, 2)
    left = sorted(path.name for folder in ("evidence", "reports") for path in (tmp_path / folder).iterdir())
    assert left == [named, "link.html", "oa-r9.html"]
    assert outside.exists()


def test_the_report_of_a_run_that_stays_is_held(tmp_path: Path, store: Store) -> None:
    for night in (0, NIGHTS - 1):
        old_file(tmp_path / "reports" / f"oa-r{night}.html")
    reasons = {
        fate.item.id: fate.hold.reason for fate in decided(tmp_path, store) if fate.item.kind is Kind.REPORTS
    }
    assert reasons == {"reports/oa-r0.html": Reason.OVER, "reports/oa-r3.html": Reason.REPORT_OF_KEPT}


def test_a_scan_that_goes_on_is_not_disturbed(tmp_path: Path, store: Store) -> None:
    done = prune(tmp_path, store, decided(tmp_path, store), ledger(tmp_path), NOW, writing=True)
    assert (done.runs, done.given_back_bytes) == (3, 0)
    assert "scan is writing" in str(done.kept)


def test_two_at_once_are_told_apart(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(UsageError, match="at this moment"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass
    assert (tmp_path / "upkeep.lock").stat().st_mode & 0o777 == 0o600


def test_notes_that_somebody_spoilt_count_as_none(tmp_path: Path) -> None:
    for text in ("", "[]", "{", '{"sweep": "yes"}', '{"backup_at": 7}', "[" * 9999):
        (tmp_path / "upkeep.json").write_text(text, encoding="utf-8")
        assert read_notes(tmp_path).sweep is False
