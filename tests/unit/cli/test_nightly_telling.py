"""What a night tells of the findings of a system: the same as ``finding list``."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from secaudit.cli.nightly_telling import _Counted
from secaudit.model.content import Severity
from secaudit.model.finding import CloseReason, Closing, Finding, Source, Stage
from secaudit.model.notice import NoticeCounts
from secaudit.model.text import Text
from secaudit.store import Store

DAY = date(2026, 11, 28)
SINCE = datetime(2026, 11, 27, 20, tzinfo=UTC)
BEFORE, AFTER = SINCE - timedelta(days=9), SINCE + timedelta(hours=3)


def finding(opened: datetime, **more: Any) -> Finding:
    fields: dict[str, Any] = {
        "number": 1,
        "source": Source.SCAN,
        "system": "oa",
        "asset": "h1",
        "check": "linux.identity.x",
        "offender": "",
        "title": Text("题", "title"),
        "severity": Severity.HIGH,
        "advisory": False,
        "opened": opened,
        "opened_in": "run",
        "failed_at": opened,
        "failed_in": "run",
    }
    return Finding(**{**fields, **more})


def counted(*findings: Finding) -> tuple[NoticeCounts, dict[tuple[str, date], int]]:
    made = _Counted(cast(Store, None), SINCE, DAY, 7)
    for one in findings:
        made.add(one)
    return made.counts(Counter(gaps=2, unreached=1), failed=True), dict(made.due)


def test_new_closed_open_overdue_and_due_soon() -> None:
    closed = {"stage": Stage.CLOSED, "closed": Closing(AFTER, CloseReason.PASSED, "run")}
    soon, late, far = (DAY + timedelta(days=days) for days in (7, -1, 8))
    counts, due = counted(
        finding(AFTER),
        finding(BEFORE, **closed),
        finding(BEFORE, **{**closed, "closed": Closing(BEFORE, CloseReason.PASSED, "run")}),
        finding(BEFORE, deadline=soon, notice="2026-1"),
        finding(BEFORE, deadline=soon, notice="2026-1"),
        finding(BEFORE, deadline=late, notice="2026-1", document="公网安〔2026〕1号"),
        finding(BEFORE, deadline=far, document="公网安〔2026〕1号"),
    )
    assert counts == NoticeCounts(
        new=1, closed=1, open=5, overdue=1, due_soon=2, gaps=2, unreached=1, failed=1
    )
    assert due == {("2026-1", soon): 2, ("2026-1", late): 1, ("公网安〔2026〕1号", far): 1}


def test_advice_counts_where_a_notice_demands_it() -> None:
    counts, due = counted(
        finding(AFTER, advisory=True), finding(AFTER, advisory=True, deadline=DAY, notice="2026-2")
    )
    assert (counts.new, counts.open, counts.due_soon) == (1, 1, 1)
    assert due == {("2026-2", DAY): 1}
