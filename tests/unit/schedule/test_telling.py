"""What nobody was told of is told by the next night that can."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from secaudit.schedule.journal import End, Ended, Journal, Mode
from secaudit.schedule.telling import STAGE, TOLD, Untold, untold

FIRST = date(2026, 11, 1)
NOW = datetime(2026, 11, 1, 16, tzinfo=UTC)


def night(folder: Path, number: int, *ended: Ended, missed: int = 0, closed: bool = True) -> date:
    day = FIRST + timedelta(days=number)
    journal = Journal(folder, day, Mode.AUDIT)
    journal.begin("host/boot/1/2", [day - timedelta(days=back) for back in range(missed, 0, -1)], [], NOW)
    for one in ended:
        journal.enter(one, NOW)
    if closed:
        journal.close(0, NOW)
    return day


def notices(end: End, told: bool | None = None) -> Ended:
    return Ended(STAGE, end, "", figures={} if told is None else {TOLD: told})


def test_the_last_night_that_was_told_counts(tmp_path: Path) -> None:
    assert untold(tmp_path, FIRST) == Untold(None, ())
    told = night(tmp_path, 0, notices(End.DONE, told=True))
    night(tmp_path, 3, notices(End.FAILED, told=False), missed=2)
    night(tmp_path, 4, closed=False)
    found = untold(tmp_path, FIRST + timedelta(days=5))
    assert found.last is not None
    assert found.last.day == told
    assert [record.day.day for record in found.since] == [4, 5]
    assert found.missed == 3  # two that did not happen, one that was broken off


def test_a_mail_server_that_is_down_does_not_make_a_night_untold(tmp_path: Path) -> None:
    day = night(tmp_path, 0, notices(End.FAILED, told=True))
    found = untold(tmp_path, day + timedelta(days=1))
    assert found.last is not None
    assert found.missed == 0


def test_nights_when_nobody_was_to_be_told_are_no_news_later(tmp_path: Path) -> None:
    for ended in (notices(End.IDLE), notices(End.DONE)):
        day = night(tmp_path, 0, ended)
        last = untold(tmp_path, day + timedelta(days=1)).last
        assert last is not None


def test_a_night_of_which_only_the_failure_was_told_leaves_its_deadlines_to_the_next(tmp_path: Path) -> None:
    day = night(tmp_path, 0, notices(End.DONE, told=False))
    assert untold(tmp_path, day + timedelta(days=1)).last is None


def test_what_came_later_is_not_before(tmp_path: Path) -> None:
    day = night(tmp_path, 0, notices(End.DONE, told=True))
    assert untold(tmp_path, day) == Untold(None, ())


def test_a_backup_that_failed_after_the_notices_is_told_by_the_next_night(tmp_path: Path) -> None:
    fine, broken = (Ended("backup", end, "") for end in (End.DONE, End.FAILED))
    day = night(tmp_path, 0, Ended("scan", End.FAILED, ""), notices(End.DONE, told=True), fine)
    assert not untold(tmp_path, day + timedelta(days=1)).failed_later
    day = night(tmp_path, 1, notices(End.DONE, told=True), broken)
    assert untold(tmp_path, day + timedelta(days=1)).failed_later
    assert not untold(tmp_path, FIRST).failed_later
