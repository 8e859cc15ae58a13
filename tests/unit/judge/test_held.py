"""Judging asset after asset: what two have in common is handed over once, and nothing of one is seen by the next."""

from dataclasses import replace
from typing import Any

import cel
import pytest

from secaudit.judge import Judge
from secaudit.judge.compiled import Variables
from secaudit.judge.held import Held
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.result import Result, Verdict
from secaudit.model.run import Expected
from tests.unit.judge.samples import AGE, ASSET, NOW, PROFILE, SYSTEM, Account


def run(held: Held, expression: str, facts: dict[str, Any]) -> Any:
    return Variables(facts, {}, facts, held=held).run(cel.compile(expression))


def test_the_next_asset_has_values_of_its_own() -> None:
    held = Held()
    assert run(held, "days + other", {"days": 1, "other": 5}) == 6
    assert run(held, "days + other", {"days": 2, "other": 5}) == 7


def test_a_value_that_only_looks_the_same_is_another() -> None:
    held = Held()
    assert run(held, "value == 1 && type(value) == int", {"value": 1})
    assert run(held, "type(value) == bool", {"value": True})
    assert run(held, "type(value[0]) == double", {"value": [1.0]})


@pytest.mark.parametrize("after", [{}, {"days": Gap(GapReason.NO_PERMISSION)}])
def test_what_the_next_asset_has_not_is_unknown_there(after: dict[str, Any]) -> None:
    held = Held()
    assert run(held, "days", {"days": 1, "other": 2}) == 1
    with pytest.raises(RuntimeError, match="days"):
        run(held, "days", {"other": 2, **after})


def test_what_cel_cannot_hold_leaves_nothing_of_the_asset_before() -> None:
    held = Held()
    assert run(held, "name", {"name": "a", "other": 2}) == "a"
    variables = Variables({"other": 2, "name": "\ud800"}, {}, ("other", "name"), held=held)
    assert variables.run(cel.compile("other")) == 2
    with pytest.raises(RuntimeError, match="name"):
        variables.run(cel.compile("name"))


def test_what_is_no_plain_data_is_refused_each_time() -> None:
    held = Held()
    for _time in range(2):
        with pytest.raises(ValueError, match="object"):
            held.add("thing", object())


def test_rows_and_words_of_one_asset_are_not_those_of_the_next() -> None:
    held = Held()
    first = Variables({}, {}, held=held)
    first.set("each", {"days": 1})
    mark = held.sayings.say("甲", "a")
    second = Variables({}, {}, held=held)
    assert held.sayings.told(mark).zh == mark
    with pytest.raises(RuntimeError, match="each"):
        second.run(cel.compile("each"))


def judged(judge: Judge, facts: dict[str, Any]) -> tuple[Result, ...]:
    owed = [Expected(check_id, ASSET.id) for check_id in (AGE.id, "linux.other")]
    rests_on: dict[str, tuple[str, ...]] = {}
    return judge.judge_asset(owed, facts, ASSET, SYSTEM, PROFILE, NOW, rests_on)


def test_an_order_of_assets_changes_no_result() -> None:
    other = replace(AGE, id="linux.other", needs=("accounts", "extra"), pass_when="accounts.size() > 1")
    other = replace(other, offenders='[{"id": extra, "seen": "", "expected": ""}]')
    hosts: list[dict[str, Any]] = [
        {"accounts": (Account("a", 90),), "extra": "x"},
        {"accounts": (Account("b", 99999), Account("c", 1)), "extra": "y"},
        {"accounts": Gap(GapReason.NO_TOOL), "extra": "z"},
        {"accounts": (Account("a", 90),), "extra": "\ud800"},
        {"accounts": (Account("a", 90),), "extra": Gap(GapReason.NO_TOOL)},
    ]
    alone = [judged(Judge({AGE.id: AGE, other.id: other}), facts) for facts in hosts]
    assert {result.verdict for results in alone for result in results} >= {Verdict.PASS, Verdict.FAIL}
    one = Judge({AGE.id: AGE, other.id: other})
    for order in (hosts, hosts[::-1], hosts[::2] + hosts):
        assert [judged(one, facts) for facts in order] == [alone[hosts.index(facts)] for facts in order]
