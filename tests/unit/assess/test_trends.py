"""Figures over time: periods, what counts in which, and what an asset adds."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.assess.trends import figures_of, items_of, known_in, objects_by, periods
from secaudit.model.content import Check, Severity
from secaudit.model.result import Verdict
from secaudit.model.text import Text
from secaudit.model.trend import Per

TEXT = Text("文", "text")
A = Check("a", TEXT, Severity.HIGH, "linux", (), TEXT, proves=("ces.x.a#1", "ces.x.a#2", "ces.y.b#1"))
B = replace(A, id="b", severity=Severity.LOW, proves=("ces.x.a#3",))
CHECKS = {"a": A, "b": B}


@dataclass(frozen=True, slots=True)
class Brief:
    """A verdict as it is stored."""

    check_id: str
    verdict: Verdict
    offenders: tuple[str, ...] = ()
    object_id: str = ""


def test_an_asset_adds_its_failures_by_severity() -> None:
    found = figures_of(
        [
            Brief("a", Verdict.FAIL, ("x", "y")),
            Brief("b", Verdict.PARTIAL),
            Brief("retired", Verdict.FAIL, ("z",)),
            Brief("b", Verdict.PASS, object_id="db"),
            Brief("b", Verdict.NOT_APPLICABLE),
            Brief("b", Verdict.UNKNOWN),
            Brief("b", Verdict.MANUAL),
        ],
        CHECKS,
    )
    assert found == {
        "assets": 1,
        "reached": 1,
        "failing": 3,
        "high": 1,
        "low": 1,
        "unrated": 1,
        "offenders": 4,
        "judged": 5,
        "unknown": 1,
        "manual": 1,
    }


def test_an_asset_of_which_nothing_is_known_was_not_reached() -> None:
    found = figures_of([Brief("a", Verdict.UNKNOWN), Brief("b", Verdict.MANUAL)], CHECKS)
    assert found == {"assets": 1, "reached": 0, "unknown": 1, "manual": 1}


def test_objects_count_once_an_item() -> None:
    judged = [
        Brief("a", Verdict.FAIL),
        Brief("b", Verdict.UNKNOWN),
        Brief("b", Verdict.UNKNOWN, object_id="db"),
        Brief("a", Verdict.PASS, object_id="db"),
        Brief("retired", Verdict.FAIL),
    ]
    assert items_of(CHECKS) == {"a": ("ces.x.a", "ces.y.b"), "b": ("ces.x.a",)}
    assert objects_by(judged, items_of(CHECKS)) == {
        ("ces.x.a", "failing"): 1,
        ("ces.y.b", "failing"): 1,
        ("ces.x.a", "unknown"): 1,
    }


@pytest.mark.parametrize(
    ("per", "spans"),
    [
        (Per.DAY, ["2026-02-28 2026-03-01", "2026-03-01 2026-03-02"]),
        (Per.WEEK, ["2026-02-16 2026-02-23", "2026-02-23 2026-03-02"]),
        (Per.MONTH, ["2026-02-01 2026-03-01", "2026-03-01 2026-04-01"]),
        (Per.QUARTER, ["2025-10-01 2026-01-01", "2026-01-01 2026-04-01"]),
    ],
)
def test_periods_follow_the_calendar(per: Per, spans: list[str]) -> None:
    """2026-03-01 is a Sunday, the last day of its week."""
    assert [f"{one.begin} {one.end}" for one in periods(per, date(2026, 3, 1), 2)] == spans


@given(st.sampled_from(Per), st.dates(date(1990, 1, 1), date(2200, 1, 1)), st.integers(1, 30))
def test_periods_lie_side_by_side_and_hold_the_last_day(per: Per, until: date, count: int) -> None:
    found = periods(per, until, count)
    assert len(found) == count
    assert all(one.end == following.begin for one, following in pairwise(found))
    assert all(one.begin < one.end for one in found)
    assert found[-1].begin <= until < found[-1].end


def test_the_last_audit_before_the_end_of_a_period_counts() -> None:
    first = date(2026, 1, 1)
    spans = periods(Per.DAY, date(2026, 1, 5), 5)
    audited = [first + timedelta(days=day) for day in (3, 1, 1)]
    carried = [(1, True), (1, False), (0, True), (0, False)]
    assert list(known_in(spans, audited, carried=True)) == [None, *carried]
    gone = [(1, True), None, (0, True), None]
    assert list(known_in(spans, audited, carried=False)) == [None, *gone]
    assert list(known_in(spans, [], carried=True)) == [None] * 5
