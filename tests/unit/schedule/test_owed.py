"""Which systems a night owes a scan."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from secaudit.model.nightly import Nightly, Rhythm
from secaudit.schedule.nights import night_of
from secaudit.schedule.owed import Why, owed_by
from tests.unit.audit.samples import system

# a Friday, 23:30 in Shanghai
NOW = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
SETTINGS = Nightly(
    systems={"weekly": Rhythm(nights=7), "saturday": Rhythm((5,)), "never": Rhythm(())},
)
SYSTEMS = [system(name) for name in ("portal", "weekly", "saturday", "never")]


def whys(last: dict[str, datetime], now: datetime = NOW) -> dict[str, Why]:
    return {one.system: one.why for one in owed_by(SETTINGS, SYSTEMS, last, night_of(SETTINGS, now))}


def test_what_was_never_scanned_is_due_on_its_days() -> None:
    assert whys({}) == {
        "portal": Why.DUE,
        "weekly": Why.DUE,
        "saturday": Why.OTHER_DAYS,
        "never": Why.NEVER,
    }


def test_what_was_scanned_this_night_is_done() -> None:
    assert whys({"portal": NOW - timedelta(hours=1)})["portal"] is Why.DONE


def test_a_night_later_it_is_due_again() -> None:
    assert whys({"portal": NOW - timedelta(hours=24)})["portal"] is Why.DUE


def test_weekly_means_seven_nights_later_and_a_missed_one_is_made_up() -> None:
    assert whys({"weekly": NOW - timedelta(days=6)})["weekly"] is Why.RECENT
    assert whys({"weekly": NOW - timedelta(days=7)})["weekly"] is Why.DUE
    assert whys({"weekly": NOW - timedelta(days=8)})["weekly"] is Why.DUE


def test_what_a_clock_that_ran_ahead_left_holds_nothing_back() -> None:
    assert whys({name: NOW + timedelta(days=3) for name in ("portal", "weekly")}) == {
        **whys({}),
        "portal": Why.DUE,
        "weekly": Why.DUE,
    }


def test_the_rhythm_of_the_workspace_counts_for_systems_without_one() -> None:
    settings = replace(SETTINGS, rhythm=Rhythm(nights=7))
    last = {"portal": NOW - timedelta(days=2)}
    (found, *_rest) = owed_by(settings, SYSTEMS, last, night_of(settings, NOW))
    assert (found.why, found.last, night_of(settings, NOW).day) == (
        Why.RECENT,
        last["portal"],
        date(2026, 11, 27),
    )
