"""Which backups stay in a folder that several workspaces may share."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from secaudit.upkeep.rotation import backups_in, name_of, rotate, supersede

NOW = datetime(2026, 11, 28, 3, tzinfo=UTC)
HERE, OTHER = Path("/srv/audit"), Path("/home/audit")


def test_the_oldest_make_room_and_nothing_else_does(tmp_path: Path) -> None:
    for day in range(5):
        (tmp_path / name_of(HERE, NOW + timedelta(days=day), sealed=day % 2 == 0)).touch()
        (tmp_path / name_of(OTHER, NOW + timedelta(days=day), sealed=False)).touch()
    (tmp_path / "secaudit-old.tar.gz").touch()
    newest = backups_in(tmp_path, HERE)[0]
    gone = rotate(tmp_path, HERE, 3, newest)
    assert [path.name.rsplit("-", 1)[-1][:8] for path in gone] == ["20261129", "20261128"]
    assert len(backups_in(tmp_path, HERE)) == 3
    assert len(backups_in(tmp_path, OTHER)) == 5  # of another workspace with the same folder for backups
    assert (tmp_path / "secaudit-old.tar.gz").exists()
    assert backups_in(tmp_path / "gone", HERE) == []
    set_back = tmp_path / name_of(HERE, NOW - timedelta(days=99), sealed=False)
    set_back.touch()
    rotate(tmp_path, HERE, 1, set_back)  # made on a clock that was set back: the newest by its making stays
    assert set_back.exists()


def test_what_an_earlier_call_of_the_night_made_is_superseded_and_nothing_else(tmp_path: Path) -> None:
    first, second, other = (
        tmp_path / name_of(*named, sealed=False)
        for named in ((HERE, NOW), (HERE, NOW + timedelta(hours=1)), (OTHER, NOW))
    )
    for path in (first, second, other):
        path.touch()
    assert supersede(other, second, HERE) == []
    assert supersede(tmp_path / "secaudit.yaml", second, HERE) == []
    assert supersede(second, second, HERE) == []
    assert supersede(first, second, HERE) == [first]
    assert backups_in(tmp_path, HERE) == [second]
    assert other.exists()


def test_who_repeats_a_night_loses_no_earlier_day(tmp_path: Path) -> None:
    moments = [
        NOW - timedelta(days=2),
        NOW - timedelta(days=1),
        *(NOW + timedelta(minutes=n) for n in range(4)),
    ]
    for moment in moments:
        (tmp_path / name_of(HERE, moment, sealed=True)).touch()
    rotate(tmp_path, HERE, 3, backups_in(tmp_path, HERE)[0])
    left = [path.name for path in backups_in(tmp_path, HERE)]
    assert left == [name_of(HERE, moment, sealed=True) for moment in reversed([*moments[:2], moments[-1]])]
