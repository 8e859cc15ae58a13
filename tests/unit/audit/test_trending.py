"""What systems did over time, from stored runs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from secaudit.assess.trends import periods
from secaudit.audit import Asked, judge_again
from secaudit.audit.trending import Wanted, trends
from secaudit.model.trend import By, Per, Point, Trend
from secaudit.store import Store, open_store
from tests.unit.audit import samples
from tests.unit.audit.nights import Nights

MAIL = samples.register(samples.system("mail"))
BOTH = samples.register(samples.system(), samples.system("mail"))
LAST = date(2026, 11, 27)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/secaudit.db") as opened:
        yield opened


@pytest.fixture
def nights(store: Store) -> Nights:
    """The first is that of 2026-11-23."""
    return Nights(store)


def found(
    store: Store,
    by: By = By.SYSTEM,
    groups: Mapping[str, Sequence[str]] | None = None,
    registered: Sequence[str] = ("oa", "mail"),
) -> list[Trend]:
    wanted = Wanted(
        by, periods(Per.DAY, LAST, 5), groups or {"oa": ["oa"]}, registered, lambda moment: moment.date()
    )
    return trends(store, samples.content().checks, wanted)


def figures(trend: Trend, name: str) -> list[int | None]:
    return [point.figures.get(name, 0) if point else None for point in trend.points]


def test_each_period_has_what_its_last_audit_found(store: Store, nights: Nights) -> None:
    run = nights.run(12)
    nights.run(12, down=("oa-2",))
    nights.count = 4
    nights.run(5)
    (trend,) = found(store)
    assert figures(trend, "failing") == [2, 1, None, None, 0]
    assert figures(trend, "medium") == [2, 1, None, None, 0]
    assert figures(trend, "unknown") == [0, 1, None, None, 0]
    assert figures(trend, "reached") == [2, 1, None, None, 2]
    first = trend.points[0]
    assert isinstance(first, Point)
    assert (first.systems, first.audited, first.runs) == (1, 1, (run,))


def test_parts_of_a_system_and_runs_cut_short_are_no_state(store: Store, nights: Nights) -> None:
    nights.run(12)
    nights.run(5, asked=Asked(assets=("oa-1",)))
    nights.run(5, stop_after=1)
    (trend,) = found(store)
    assert figures(trend, "failing") == [2, None, None, None, None]


def test_what_is_still_registered_counts_until_it_is_audited_again(store: Store, nights: Nights) -> None:
    """No fall where one of two systems was not audited; where it is gone, it is gone."""
    nights.run(12, register=BOTH)
    nights.run(5)
    groups = {"office": ["mail", "oa"]}
    (carried,) = found(store, By.ORGANISATION, groups)
    assert figures(carried, "failing") == [4, 2, None, None, None]
    second = carried.points[1]
    assert second is not None
    assert (second.audited, second.systems, len(second.runs)) == (1, 2, 2)
    assert second.oldest.date() == date(2026, 11, 23)
    (left,) = found(store, By.ORGANISATION, groups, registered=("oa",))
    assert figures(left, "failing") == [4, 0, None, None, None]


def test_what_came_before_the_first_period_is_known(store: Store, nights: Nights) -> None:
    nights.run(12, register=MAIL)
    nights.count = 3
    nights.run(12)
    wanted = Wanted(
        *(By.ORGANISATION, periods(Per.DAY, LAST, 2), {"office": ["mail", "oa"]}, ("oa", "mail")),
        lambda moment: moment.date(),
    )
    (trend,) = trends(store, samples.content().checks, wanted)
    assert figures(trend, "failing") == [4, None]


def test_items_and_checks_have_trends_of_their_own(store: Store, nights: Nights) -> None:
    both = samples.rules(samples.YOUNG, samples.NAMED)
    nights.run(12, rules=both)
    nights.run(5, rules=both)
    by_check = found(store, By.CHECK, {"": ["oa"]})
    assert [(one.id, figures(one, "failing")) for one in by_check] == [
        ("linux.named", [2, 2, None, None, None]),
        ("linux.young", [2, 0, None, None, None]),
    ]
    (item,) = found(store, By.ITEM, {"": ["oa"]})
    assert (item.id, figures(item, "failing")) == ("ces.x.a", [2, 2, None, None, None])


def test_a_run_counts_as_it_was_judged_last(store: Store, nights: Nights) -> None:
    run = nights.run(5)
    strict = samples.rules(replace(samples.YOUNG, pass_when="age < 3"), content_hash="two")
    judge_again(store, run, strict, samples.NOW)
    (trend,) = found(store)
    assert figures(trend, "failing")[0] == 2


def test_what_was_never_audited_has_no_trend(store: Store, nights: Nights) -> None:
    assert found(store) == []
    nights.run()
    assert [one.id for one in found(store, groups={"oa": ["oa"], "mail": ["mail"]})] == ["oa"]
