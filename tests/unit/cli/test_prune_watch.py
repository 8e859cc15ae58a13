"""The runs of heavy protection are kept by the rule of the others, in a database of their own."""

from datetime import timedelta
from pathlib import Path

import pytest

from secaudit.cli.prune_watch import watch_runs, with_watch
from secaudit.cli.wiring import open_workspace
from secaudit.model.nightly import WATCH_DATABASE
from secaudit.model.retention import MONTHS, Kind
from secaudit.model.run import RunState
from secaudit.register.starting import start_workspace
from secaudit.store import open_store
from secaudit.upkeep.pruning import Pruned
from secaudit.upkeep.retention import Reason, limits_of
from tests.unit.store import samples

NOW = samples.START + timedelta(days=1500)
LIMITS = limits_of(MONTHS, NOW)
SYSTEM = """\
id: oa
name: 办公系统
organisation: office
grade: S3A2G3
assets:
  - {id: h1, kind: linux, name: 主机, reach: {transport: bundle}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace that watched three nights, years ago, and one of now."""
    start_workspace(tmp_path, "局", "zh")
    (tmp_path / "systems" / "oa.yaml").write_text(SYSTEM, encoding="utf-8")
    with open_store(f"sqlite:///{tmp_path / WATCH_DATABASE}") as store:
        for night, at in enumerate([*(samples.START + timedelta(days=day) for day in range(3)), NOW]):
            store.create_run(samples.run(f"w{night}", started_at=at))
            store.save_visit(f"w{night}", samples.visit("h1", at), samples.results("h1"))
            store.finish_run(f"w{night}", RunState.COMPLETE, at)
    return tmp_path


def stored(folder: Path) -> list[str]:
    with open_store(f"sqlite:///{folder / WATCH_DATABASE}") as store:
        return [one.id for one in store.runs()]


def test_old_ones_go_and_those_that_something_rests_on_stay(folder: Path) -> None:
    opened = open_workspace(folder)
    found = watch_runs(opened, LIMITS, frozenset(Kind))
    assert [fate.item.id for fate in found.told if fate.goes][:1] == [f"{WATCH_DATABASE}: w0"]
    done = with_watch(Pruned(1, 2, 3, 0), opened, found)
    assert (done.runs, done.files) == (1 + sum(fate.goes for fate in found.fates), 2)
    assert stored(folder)[0] == "w3"
    assert "w0" not in stored(folder)
    again = watch_runs(opened, LIMITS, frozenset(Kind))
    assert not any(fate.goes for fate in again.fates)
    assert with_watch(done, opened, again) == done
    assert {fate.hold.reason for fate in again.fates} <= {Reason.NEWEST, Reason.NEWEST_VISIT, Reason.YOUNG}


def test_none_is_looked_at_where_other_kinds_are_asked_for_or_nobody_watched(folder: Path) -> None:
    opened = open_workspace(folder)
    assert watch_runs(opened, LIMITS, {Kind.REPORTS}).fates == ()
    (folder / WATCH_DATABASE).unlink()
    assert watch_runs(opened, LIMITS, frozenset(Kind)).fates == ()
    assert not (folder / WATCH_DATABASE).exists()
