"""Whoever names a run that was pruned is told so, and where its digest stands."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.cli.pruned import hint_of
from secaudit.errors import NoSuchRun
from secaudit.handover.ledger import FILE, Ledger, Subject
from secaudit.register.times import use_zone

NOW = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)
RUN = "20261128-153213-3141"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """One run on record."""
    use_zone("Asia/Shanghai")
    found = Ledger(tmp_path / FILE)
    found.enter([Subject("run", RUN, lambda: "0" * 64, "complete", True)], NOW)
    return found


def test_a_pruned_run_is_told_from_one_that_never_was(ledger: Ledger, tmp_path: Path) -> None:
    error = NoSuchRun("gone", RUN)
    assert hint_of(tmp_path, error) == error.hint
    ledger.prune([("run", RUN)], NOW)
    hint = hint_of(tmp_path, error)
    assert hint is not None
    assert "2026-11-28 23:00+08:00" in hint
    assert "entry 2" in hint
    assert hint.endswith("secaudit results --runs")
    other = NoSuchRun("gone", "20261128-153213-ffff")
    assert hint_of(tmp_path, other) == other.hint


def test_without_a_ledger_that_can_be_read_the_usual_hint_stands(tmp_path: Path) -> None:
    error = NoSuchRun("gone", RUN)
    assert hint_of(tmp_path, error) == error.hint
    (tmp_path / FILE).mkdir()
    assert hint_of(tmp_path, error) == error.hint
