"""What a kill left of a report goes; what is being written, and every file of somebody else, stays."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.report.output import _replacing, remove_left_over

NOW = datetime(2026, 11, 27, 15, 10, tzinfo=UTC)


def test_only_old_leftovers_go(tmp_path: Path) -> None:
    names = {
        ".oa-20261127-r.html.ab3d_x9z": 2,
        ".oa-20261127-r.json.zzzz0000": 0,
        ".gitkeep": 9,
        ".oa.html": 9,
        "oa-20261127-r.html": 9,
        ".notes.txt.KEEP": 9,
    }
    for name, hours in names.items():
        (tmp_path / name).touch()
        moment = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(tmp_path / name, (moment, moment))
    assert remove_left_over(tmp_path, NOW - timedelta(hours=1)) == 1
    assert {file.name for file in tmp_path.iterdir()} == names.keys() - {".oa-20261127-r.html.ab3d_x9z"}
    assert remove_left_over(tmp_path / "gone", NOW) == 0


def test_a_killed_writer_leaves_what_is_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "unlink", lambda _self, missing_ok=False: None)  # as a kill does
    with pytest.raises(KeyboardInterrupt), _replacing(tmp_path / "oa-r.en.html"):
        raise KeyboardInterrupt
    monkeypatch.undo()
    assert len(list(tmp_path.iterdir())) == 1
    assert remove_left_over(tmp_path, datetime.now(UTC) + timedelta(hours=1)) == 1
