"""What goes and what stays: ages, months, and whatever rests on something."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from secaudit.errors import UsageError
from secaudit.model.content import Severity
from secaudit.model.delivery import Delivery, Event
from secaudit.model.finding import Finding, Source
from secaudit.model.retention import MONTHS, Kind
from secaudit.model.run import RunState
from secaudit.model.text import Text
from secaudit.store import StoredRun
from secaudit.upkeep import holding
from secaudit.upkeep.pruning import refuse_wrong_clock
from secaudit.upkeep.retention import Fate, Hold, Item, Reason, are_due, fates, limits_of
from secaudit.upkeep.stock import held_evidence, held_reports
from tests.unit.store import samples

NOW = datetime(2026, 8, 31, 2, 0, tzinfo=UTC)
SYSTEM = samples.system()


def run(id_: str, day: date, state: RunState = RunState.COMPLETE) -> StoredRun:
    at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)  # 23:00 of the office
    return StoredRun(id_, state, ("oa",), "host/boot/1/2", at, at + timedelta(minutes=9), 2)


def whole(*names: str) -> holding.Whole:
    return lambda run_id, _system: run_id in names


def test_months_end_on_the_last_day_of_a_month_that_has_no_such_day() -> None:
    before = limits_of({**MONTHS, Kind.LOGS: 6}, NOW).before
    assert before[Kind.LOGS] == datetime(2026, 2, 28, 2, 0, tzinfo=UTC)
    assert before[Kind.RUNS] == datetime(2023, 8, 31, 2, 0, tzinfo=UTC)


def test_an_age_that_is_asked_for_never_shortens_what_the_law_asks_of_logs_and_runs() -> None:
    before = limits_of(MONTHS, NOW, timedelta(days=180)).before
    assert set(before.values()) == {datetime(2026, 2, 28, 2, 0, tzinfo=UTC)}
    assert limits_of(MONTHS, NOW, timedelta(days=999)).before[Kind.LOGS] == NOW - timedelta(days=999)


@pytest.mark.parametrize(("before_s", "goes"), [(-1, False), (0, False), (1, True)])
def test_what_is_exactly_as_old_as_allowed_stays(before_s: int, goes: bool) -> None:
    limits = limits_of(MONTHS, NOW)
    item = Item(Kind.RUNS, "r", limits.before[Kind.RUNS] - timedelta(seconds=before_s))
    (fate,) = fates([item], {}, limits)
    assert fate.goes is goes


def test_runs_go_together_once_one_has_waited_for_a_week() -> None:
    limits = limits_of(MONTHS, NOW)
    over = limits.before[Kind.RUNS]

    def due(kind: Kind, days: int, hold: Reason = Reason.OVER) -> bool:
        return are_due([Fate(Item(kind, "r", over - timedelta(days=days, seconds=1)), Hold(hold))], limits)

    assert due(Kind.RUNS, 7)
    assert not due(Kind.RUNS, 6)
    assert not due(Kind.RUNS, 70, Reason.PACKAGE)
    assert not due(Kind.REPORTS, 70)
    assert not are_due([], limits)


def test_what_is_held_stays_whatever_its_age_and_says_why() -> None:
    item = Item(Kind.RUNS, "r", NOW - timedelta(days=9999))
    hold = Hold(Reason.PACKAGE, "2026-1")
    assert list(fates([item], {(Kind.RUNS, "r"): hold}, limits_of(MONTHS, NOW))) == [Fate(item, hold)]
    assert list(fates([item], {(Kind.REPORTS, "r"): hold}, limits_of(MONTHS, NOW))) == [
        Fate(item, Hold(Reason.OVER))
    ]


def test_the_newest_the_newest_complete_and_the_newest_whole_run_stay() -> None:
    runs = [
        run("broken", date(2022, 5, 4), RunState.INTERRUPTED),
        run("part", date(2022, 5, 3)),
        run("whole", date(2022, 5, 2)),
        run("older", date(2022, 5, 1)),
    ]
    assert set(holding.newest(runs, [SYSTEM], whole("whole", "older"))) == {"broken", "part", "whole"}
    assert holding.newest(runs, [], whole("whole")) == {}
    assert holding.newest(runs, [replace(SYSTEM, id="other")], whole("whole")) == {}


def test_a_run_that_goes_on_stays_and_one_whose_process_is_gone_does_not() -> None:
    runs = [run("r", date(2022, 5, 4), RunState.RUNNING)]
    assert holding.running(runs, lambda _owner: True) == {"r": Hold(Reason.RUNNING, "host")}
    assert holding.running(runs, lambda _owner: False) == {}


def test_an_open_finding_holds_the_run_that_opened_it_and_the_one_that_failed_last() -> None:
    finding = Finding(
        number=123,
        source=Source.SCAN,
        system="oa",
        asset="h1",
        check="linux.a",
        offender="",
        title=Text("口令", "Passwords"),
        severity=Severity.HIGH,
        advisory=False,
        opened=samples.START,
        opened_in="r1",
        failed_at=NOW,
        failed_in="r7",
    )
    other = replace(finding, number=124, opened_in="r7")
    assert holding.of_findings([finding, other]) == {
        "r1": Hold(Reason.FINDING, "F000123"),
        "r7": Hold(Reason.FINDING, "F000123"),
    }


def test_a_package_holds_the_whole_run_before_its_day_and_those_of_its_day() -> None:
    runs = [run(f"r{day}", date(2022, 5, day)) for day in (9, 8, 7, 6, 5, 4)]
    built = Delivery("2022-1", "police", Event.BUILT, date(2022, 5, 8), "a", sequence=1, systems=("oa",))
    held = holding.packaged(runs, [built], whole("r6", "r5"))
    assert set(held) == {"r8", "r7", "r6"}
    assert held["r6"] == Hold(Reason.PACKAGE, "2022-1")
    sent = replace(built, event=Event.SENT)
    assert holding.packaged(runs, [sent], whole("r6")) == {}
    named = replace(built, runs=("r7",))
    assert holding.packaged(runs, [named], whole("r6")) == {"r7": Hold(Reason.PACKAGE, "2022-1")}


def test_reports_of_packages_and_of_runs_that_stay_are_held() -> None:
    built = Delivery(
        "网安〔2022〕1号", "police", Event.BUILT, date(2022, 5, 8), "a", sequence=1, systems=("oa",)
    )
    names = (
        "网安〔2022〕1号-police.zip",
        "网安〔2022〕1号-police-公函.html",
        "oa-r1.html",
        "oa-r2.html",
        "x.html",
    )
    items = [Item(Kind.REPORTS, f"reports/{name}", NOW) for name in names]
    held = {item.id: hold for item, hold in held_reports(items, ["r1"], [built])}
    assert held == {
        f"reports/{names[0]}": Hold(Reason.PACKAGE, built.number),
        f"reports/{names[1]}": Hold(Reason.PACKAGE, built.number),
        "reports/oa-r1.html": Hold(Reason.REPORT_OF_KEPT, "r1"),
    }


def test_a_file_that_an_act_names_is_held() -> None:
    items = [Item(Kind.EVIDENCE, f"evidence/{letter * 64}", NOW) for letter in "ab"]
    held = dict(held_evidence(items, {"a" * 64: "attestations/oa-1.yaml"}))
    assert held == {items[0]: Hold(Reason.ACT, "attestations/oa-1.yaml")}


def test_a_clock_that_is_behind_or_far_ahead_prunes_nothing() -> None:
    runs = [run("r", date(2026, 8, 30))]
    refuse_wrong_clock(runs, NOW, asked=False)
    with pytest.raises(UsageError, match="still to come"):
        refuse_wrong_clock(runs, datetime(2026, 8, 1, tzinfo=UTC), asked=True)
    ahead = datetime(2036, 8, 30, tzinfo=UTC)
    with pytest.raises(UsageError, match="3652 days ago"):
        refuse_wrong_clock(runs, ahead, asked=False)
    refuse_wrong_clock(runs, ahead, asked=True)
    refuse_wrong_clock([], ahead, asked=False)
