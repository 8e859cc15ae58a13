"""Samples: the rule that chooses, and what is kept of a choice."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.errors import ContentError, UsageError
from secaudit.model.register import Asset
from secaudit.model.scope import Sample
from secaudit.register import load_register
from secaudit.register.sampling import choose, drop_sample, keep_sample
from tests.unit.register.test_scope_file import OTHER, SAMPLE, SETTINGS, SYSTEM
from tests.unit.register.workspaces import make

CHOSEN = Sample("linux", ("web1",), "李四", date(2026, 4, 1), "更重要")


def host(name: str, zone: str = "", importance: str = "") -> Asset:
    return Asset(name, "linux", name, zone=zone, importance=importance)


def test_the_most_important_of_each_zone_come_first() -> None:
    assets = [host("a", "dmz"), host("b", "dmz", "high"), host("c", "core", "low"), host("d", "core", "low")]
    assert choose(assets, 1) == ("b",)
    assert choose(assets, 2) == ("b", "c")
    assert choose(assets, 3) == ("a", "b", "c")
    assert choose(assets, 9) == ("a", "b", "c", "d")


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from(["", "x", "y"]), st.sampled_from(["", "low", "high"])),
        unique_by=lambda row: row[0],
        min_size=1,
    ),
    count=st.integers(1, 12),
    data=st.data(),
)
def test_the_choice_does_not_depend_on_the_order_and_grows(
    rows: list[tuple[int, str, str]], count: int, data: st.DataObject
) -> None:
    assets = [host(f"h{number:02}", zone, importance) for number, zone, importance in rows]
    chosen = choose(assets, count)
    assert choose(data.draw(st.permutations(assets)), count) == chosen
    assert len(chosen) == min(count, len(assets))
    assert set(chosen) <= set(choose(assets, count + 1))
    zones = {asset.zone for asset in assets}
    assert len({asset.zone for asset in assets if asset.id in chosen}) == min(len(zones), len(chosen))


def test_a_choice_is_kept_in_place_of_the_one_before(tmp_path: Path) -> None:
    make(tmp_path, "# ours\n" + SYSTEM + SAMPLE + "# end\n", OTHER, settings=SETTINGS)
    system = load_register(tmp_path).systems[0]
    file = keep_sample(tmp_path, system, CHOSEN)
    assert load_register(tmp_path).systems[0].samples == (CHOSEN,)
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# ours\n" + SYSTEM)
    drop_sample(tmp_path, load_register(tmp_path).systems[0], "linux")
    assert load_register(tmp_path).systems[0].samples == ()


def test_a_choice_that_is_wrong_is_not_kept(tmp_path: Path) -> None:
    make(tmp_path, SYSTEM, OTHER, settings=SETTINGS)
    system = load_register(tmp_path).systems[0]
    with pytest.raises(ContentError):
        keep_sample(tmp_path, system, replace(CHOSEN, assets=("db",)))
    assert load_register(tmp_path).systems[0] == system


def test_what_was_not_sampled_cannot_be_forgotten(tmp_path: Path) -> None:
    make(tmp_path, SYSTEM, OTHER, settings=SETTINGS)
    with pytest.raises(UsageError, match="judged already"):
        drop_sample(tmp_path, load_register(tmp_path).systems[0], "linux")
