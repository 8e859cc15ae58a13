"""Whether what starts the nights is alive."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.cli.schedule_list import Scheduled, has_cron_daemon, state_of
from secaudit.schedule.calendar import calendar_from

NOW = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
ONE = Scheduled(
    Path("/w"), "systemd", "u", "audit", calendar_from("15:10"), UTC, NOW - timedelta(hours=24), True
)


@pytest.mark.parametrize(
    ("one", "hours", "state"),
    [
        (ONE, 0, "alive"),  # twenty minutes late is not late yet
        (ONE, 2, "late"),
        (replace(ONE, last=NOW), 2, "alive"),
        (replace(ONE, last=None), 2, "alive"),
        (replace(ONE, last=None, could_start=False), 0, "late"),
        (replace(ONE, calendar=None), 2, "alive"),
        (replace(ONE, alive=False), 2, "dead"),
        (replace(ONE, alive=None), 2, "unknown"),
    ],
)
def test_a_schedule_that_started_no_night_is_late(one: Scheduled, hours: int, state: str) -> None:
    assert state_of(one, NOW + timedelta(hours=hours)) == state


def test_a_cron_daemon_is_known_by_its_name(tmp_path: Path) -> None:
    for pid, name in (("1", "init\n"), ("7", "crontab\n"), ("self", "cron\n")):
        (tmp_path / pid).mkdir()
        (tmp_path / pid / "comm").write_text(name)
    (tmp_path / "9").mkdir()
    assert not has_cron_daemon(tmp_path)
    (tmp_path / "9" / "comm").write_text("cron\n")
    assert has_cron_daemon(tmp_path)
