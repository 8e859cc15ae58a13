"""One night at a time: who holds the workspace is named, and what a dead holder left is recognised."""

import fcntl
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.audit.owner import this_process
from secaudit.errors import StoreError
from secaudit.schedule.lock import FILE, SILENT, Held, alone_in_night, holder_of, is_at_work

NOW = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
ELSEWHERE = "other/6f6f0000-0000-4000-8000-000000000000/4711/99"


def left_by(workspace: Path, process: str, seen: datetime = NOW) -> None:
    """What a holder that died wrote."""
    said = {"process": process, "user": "audit", "since": NOW.isoformat(), "seen": seen.isoformat()}
    (workspace / FILE).write_text(json.dumps(said))


def test_while_it_is_held_the_holder_is_named_and_then_nobody(tmp_path: Path) -> None:
    with alone_in_night(tmp_path, NOW) as hold:
        found = holder_of(tmp_path)
        assert found is not None
        assert (found.process, found.since, hold.stale) == (this_process(), NOW, None)
        assert is_at_work(found, NOW + timedelta(days=9))
        assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert holder_of(tmp_path) is None


def test_the_second_is_told_who_and_since_when(tmp_path: Path) -> None:
    with alone_in_night(tmp_path, NOW), pytest.raises(Held) as refused, alone_in_night(tmp_path, NOW):
        pass
    assert f"process {os.getpid()} of" in str(refused.value)
    assert "since 2026-11-27 23:30+08:00" in str(refused.value)
    assert "--status" in (refused.value.hint or "")
    with alone_in_night(tmp_path, NOW) as hold:
        assert hold.stale is None


def test_one_that_was_refused_does_not_free_what_another_holds(tmp_path: Path) -> None:
    with alone_in_night(tmp_path, NOW):
        for _again in range(2):
            with pytest.raises(Held), alone_in_night(tmp_path, NOW):
                pass
        assert holder_of(tmp_path) is not None


def test_a_holder_that_has_not_said_its_name_yet(tmp_path: Path) -> None:
    with (tmp_path / FILE).open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with (
            pytest.raises(Held, match="a process that has not said its name yet"),
            alone_in_night(tmp_path, NOW),
        ):
            pass


def test_a_killed_process_of_this_machine_left_a_stale_one(tmp_path: Path) -> None:
    machine, boot, _pid, _start = this_process().split("/")
    left_by(tmp_path, f"{machine}/{boot}/1/0")
    with alone_in_night(tmp_path, NOW) as hold:
        assert hold.stale is not None
        assert "process 1 of audit" in str(hold.stale)


def test_a_machine_that_was_started_anew_left_a_stale_one(tmp_path: Path) -> None:
    machine, _boot, pid, start = this_process().split("/")
    left_by(tmp_path, f"{machine}/6f6f0000-0000-4000-8000-000000000000/{pid}/{start}")
    with alone_in_night(tmp_path, NOW) as hold:
        assert hold.stale is not None


def test_another_container_on_this_kernel_is_known_by_the_lock(tmp_path: Path) -> None:
    _machine, boot, _pid, _start = this_process().split("/")
    left_by(tmp_path, f"container/{boot}/4711/99")
    with alone_in_night(tmp_path, NOW) as hold:
        assert hold.stale is not None


def test_another_machine_is_believed_for_a_day(tmp_path: Path) -> None:
    left_by(tmp_path, ELSEWHERE)
    late = NOW + SILENT - timedelta(seconds=1)
    with (
        pytest.raises(Held, match="process 4711 of audit on other") as refused,
        alone_in_night(tmp_path, late),
    ):
        pass
    assert "--take-over" in (refused.value.hint or "")
    with alone_in_night(tmp_path, NOW + SILENT) as hold:
        assert hold.stale is not None


def test_a_person_may_say_that_the_other_machine_is_gone(tmp_path: Path) -> None:
    left_by(tmp_path, ELSEWHERE)
    with alone_in_night(tmp_path, NOW, take_over=True) as hold:
        assert hold.stale is not None


def test_whoever_works_says_so(tmp_path: Path) -> None:
    with alone_in_night(tmp_path, NOW) as hold:
        hold.say(NOW + timedelta(hours=3))
        found = holder_of(tmp_path)
        assert found is not None
        assert (found.since, found.seen) == (NOW, NOW + timedelta(hours=3))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"process": 1}', b"\xff\xfe", b'"x"'])
def test_what_cannot_be_read_holds_nobody(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert holder_of(tmp_path) is None
    with alone_in_night(tmp_path, NOW) as hold:
        assert hold.stale is None


def test_an_error_frees_it(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), alone_in_night(tmp_path, NOW):
        raise KeyboardInterrupt
    assert holder_of(tmp_path) is None


def test_a_workspace_that_is_not_there_cannot_be_held(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="cannot be written: No such file"),
        alone_in_night(tmp_path / "gone", NOW),
    ):
        pass


def test_a_link_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError), alone_in_night(tmp_path, NOW):
        pass
    assert (tmp_path / "elsewhere").read_text() == "kept"
