"""Stages of a night: what is done is not done again, what fails stops only what needs it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from secaudit.errors import StoreError, UsageError
from secaudit.schedule.journal import End, Ended, Journal, Mode
from secaudit.schedule.stages import Outcome, Stage, carry_out, gravest, is_over

NOW = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path, date(2026, 11, 27), Mode.AUDIT)


def carried(journal: Journal, *stages: Stage) -> dict[str, Ended]:
    """As the command does it: with what the journal says before."""
    before = journal.read()
    told: list[Ended] = []
    ended = carry_out(stages, journal, before.stages if before else {}, lambda: NOW, told.append)
    assert [ended[one.stage] for one in told] == told
    return ended


class Counted:
    """An act that counts how often it was called."""

    def __init__(self, outcome: Outcome | Exception) -> None:
        self.calls = 0
        self.outcome = outcome

    def __call__(self) -> Outcome:
        self.calls += 1
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


def done(code: int = 0) -> Counted:
    return Counted(Outcome(End.DONE, "well", code))


def test_what_is_done_is_not_done_again(journal: Journal) -> None:
    first, second = done(1), Counted(Outcome(End.IDLE, "nothing"))
    for _again in range(3):
        ended = carried(journal, Stage("first", first), Stage("second", second))
    assert (first.calls, second.calls) == (1, 1)
    assert (ended["first"].code, is_over(ended, ["first", "second"])) == (1, True)


def test_what_follows_one_that_did_something_is_done_again(journal: Journal) -> None:
    first, second, third = Counted(StoreError("full")), Counted(Outcome(End.IDLE, "nothing")), done()
    stages = Stage("first", first), Stage("second", second), Stage("third", third)
    carried(journal, *stages)
    first.outcome = second.outcome = Outcome(End.DONE, "well")
    carried(journal, *stages)
    assert (first.calls, second.calls, third.calls) == (2, 2, 2)
    carried(journal, *stages)
    assert (first.calls, second.calls, third.calls) == (2, 2, 2)


def test_also_where_a_kill_came_in_between(journal: Journal) -> None:
    first, second = Counted(StoreError("full")), Counted(Outcome(End.IDLE, "nothing"))
    carried(journal, Stage("first", first), Stage("second", second))
    first.outcome = second.outcome = Outcome(End.DONE, "well")

    def killed() -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carried(journal, Stage("first", first), Stage("second", killed))
    carried(journal, Stage("first", first), Stage("second", second))
    assert (first.calls, second.calls) == (2, 2)


def test_what_prepares_the_others_always_runs(journal: Journal) -> None:
    prepares = done()
    for _again in range(2):
        carried(journal, Stage("workspace", prepares, repeats=True))
    assert prepares.calls == 2


@pytest.mark.parametrize(
    ("error", "code", "told"),
    [
        (StoreError("full", hint="make room"), 5, "full make room"),
        (UsageError("no key"), 3, "no key"),
        (ZeroDivisionError("by zero"), 3, "internal error: ZeroDivisionError: by zero"),
    ],
)
def test_a_failing_stage_is_named_and_stops_only_what_needs_it(
    journal: Journal, error: Exception, code: int, told: str
) -> None:
    fails, needs, other = Counted(error), done(), done()
    ended = carried(
        journal, Stage("fails", fails), Stage("needs", needs, needs=("fails",)), Stage("other", other)
    )
    assert (ended["fails"].end, ended["fails"].code, ended["fails"].told) == (End.FAILED, code, told)
    assert (ended["needs"].end, ended["needs"].code, ended["needs"].told) == (
        End.SKIPPED,
        3,
        "not begun: it needs fails",
    )
    assert (ended["other"].end, needs.calls, other.calls) == (End.DONE, 0, 1)
    assert not is_over(ended, ["fails"])
    fails.outcome = Outcome(End.DONE, "mended")
    again = carried(
        journal, Stage("fails", fails), Stage("needs", needs, needs=("fails",)), Stage("other", other)
    )
    assert {one.end for one in again.values()} == {End.DONE}
    assert (fails.calls, needs.calls, other.calls) == (2, 1, 2)


@pytest.mark.parametrize("place", range(3))
def test_a_kill_between_two_stages_begins_with_the_next(journal: Journal, place: int) -> None:
    acts = [done() for _each in range(3)]
    stages = [Stage(str(number), act) for number, act in enumerate(acts)]

    def killed() -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carried(journal, *stages[:place], Stage(str(place), killed))
    assert set(carried(journal, *stages)) == {"0", "1", "2"}
    assert [act.calls for act in acts] == [1, 1, 1]


def test_a_record_without_room_stops_no_stage_and_is_told(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_anything: object) -> None:
        raise StoreError("no room")

    monkeypatch.setattr(Journal, "enter", full)
    first, second = done(), done()
    ended = carried(journal, Stage("first", first), Stage("second", second))
    assert (first.calls, second.calls) == (1, 1)
    assert (ended["first"].code, ended["first"].told) == (5, "well; no room")


@pytest.mark.parametrize(
    ("codes", "worst"),
    [([], 0), ([0, 1], 1), ([1, 3], 3), ([3, 4, 1], 4), ([5, 4], 5), ([6, 1], 6), ([70, 4], 4)],
)
def test_the_gravest_code_is_told(codes: list[int], worst: int) -> None:
    assert gravest(codes) == worst
