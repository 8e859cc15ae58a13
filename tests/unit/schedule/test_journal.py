"""What was done in a night stands on the disk, line by line, and survives what cuts a line short."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from secaudit.errors import StoreError
from secaudit.schedule.journal import End, Ended, Journal, Mode, nights_on_record

NOW = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
DAY = date(2026, 11, 27)
SCAN = Ended("scan", End.DONE, "两台资产", 3, {"runs": ["r1"]})


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path, DAY, Mode.AUDIT)


def test_a_night_that_did_not_begin_is_none(journal: Journal) -> None:
    assert journal.read() is None
    assert nights_on_record(journal.workspace) == []


def test_it_says_what_was_entered(journal: Journal) -> None:
    journal.begin("m/b/1/2", [date(2026, 11, 25)], ["the clock"], NOW)
    journal.enter(SCAN, NOW + timedelta(minutes=1))
    record = journal.read()
    assert record is not None
    assert (record.code, record.process, record.began) == (None, "m/b/1/2", NOW)
    assert (record.missed, record.noted) == ((date(2026, 11, 25),), ("the clock",))
    assert record.stages == {"scan": SCAN}
    journal.close(3, NOW + timedelta(minutes=2))
    closed = journal.read()
    assert closed is not None
    assert (closed.code, closed.last) == (3, NOW + timedelta(minutes=2))
    assert journal.file.stat().st_mode & 0o777 == 0o600
    assert journal.file.parent.stat().st_mode & 0o777 == 0o700


def test_the_last_end_of_a_stage_counts_and_a_night_begun_again_is_open(journal: Journal) -> None:
    journal.begin("m/b/1/2", [], [], NOW)
    journal.enter(Ended("scan", End.FAILED, "no"), NOW)
    journal.close(3, NOW)
    journal.begin("m/b/9/9", [], ["again"], NOW)
    journal.enter(SCAN, NOW)
    record = journal.read()
    assert record is not None
    assert (record.code, record.process, dict(record.stages), record.noted) == (
        None,
        "m/b/9/9",
        {"scan": SCAN},
        ("again",),
    )


@settings(max_examples=30)
@given(cut=st.integers(1, 400))
def test_a_line_that_was_cut_short_is_passed_over(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    journal = Journal(tmp_path_factory.mktemp("cut"), DAY, Mode.AUDIT)
    journal.begin("m/b/1/2", [], [], NOW)
    whole = journal.file.stat().st_size
    journal.enter(SCAN, NOW)
    os.truncate(journal.file, max(journal.file.stat().st_size - cut, whole))
    journal.enter(Ended("judge", End.IDLE, "nothing"), NOW)
    record = journal.read()
    assert record is not None
    assert record.process == "m/b/1/2"
    assert "judge" in record.stages
    assert set(record.stages) <= {"scan", "judge"}


@settings(max_examples=30)
@given(content=st.binary(max_size=300))
def test_whatever_a_file_holds_is_read_or_passed_over(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    journal = Journal(tmp_path_factory.mktemp("any"), DAY, Mode.AUDIT)
    journal.begin("m/b/1/2", [], [], NOW)
    with journal.file.open("ab") as stream:
        stream.write(content)
    record = journal.read()
    assert record is not None
    assert record.process == "m/b/1/2"


@pytest.mark.parametrize(
    "line",
    [
        '{"at": "2026-11-27T15:30:00+00:00"}',
        '{"at": "2026-11-27T15:30:00+00:00", "event": "stage"}',
        '{"at": "2026-11-27T15:30:00+00:00", "event": "stage", "stage": "scan", "end": "no", "told": "", "code": 0}',
        '{"at": "2026-11-27T15:30:00+00:00", "event": "begun", "process": "x", "missed": ["x"], "noted": []}',
        '{"at": "2026-11-27T15:30:00+00:00", "event": "ended", "code": "3"}',
        '{"at": "2026-11-27T15:30:00+00:00", "event": "ended"}',
        '{"at": 5, "event": "ended", "code": 3}',
        "[1, 2]",
        "7",
    ],
)
def test_a_line_of_another_form_is_passed_over(journal: Journal, line: str) -> None:
    journal.begin("m/b/1/2", [], [], NOW)
    with journal.file.open("a") as stream:
        stream.write(line + "\n")
    record = journal.read()
    assert record is not None
    assert (record.code, record.stages, record.process) == (None, {}, "m/b/1/2")


def test_modes_have_files_of_their_own(tmp_path: Path) -> None:
    Journal(tmp_path, DAY, Mode.AUDIT).begin("a", [], [], NOW)
    Journal(tmp_path, date(2026, 11, 28), Mode.WATCH).begin("b", [], [], NOW)
    (tmp_path / "nights" / "notes.jsonl").write_text("")
    (tmp_path / "nights" / "2026-11-29.txt").write_text("")
    assert nights_on_record(tmp_path) == [DAY]
    assert nights_on_record(tmp_path, Mode.WATCH) == [date(2026, 11, 28)]


def test_a_disk_without_room_leaves_the_file_as_it_was(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.begin("m/b/1/2", [], [], NOW)
    before = journal.file.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left on device"):
        journal.enter(SCAN, NOW)
    assert journal.file.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "nights").write_text("a file")
    with pytest.raises(StoreError, match="nights"):
        Journal(tmp_path, DAY, Mode.AUDIT).begin("a", [], [], NOW)
