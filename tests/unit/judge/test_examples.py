"""Examples lead to the verdict they say, or it is said in which way they do not."""

from dataclasses import replace
from typing import Any

import pytest

from secaudit.judge import run_examples
from secaudit.model.content import Check, Example
from secaudit.model.result import Verdict
from tests.unit.judge.samples import AGE, FRESH

LONG: dict[str, Any] = {"accounts": [{"name": "a", "max_days": 99999}]}


def fault(check: Check, example: Example) -> str:
    """What is wrong with one example."""
    (outcome,) = run_examples(replace(check, examples=(example,)))
    return outcome.fault


@pytest.mark.parametrize(
    "example",
    [
        Example("passes", {"accounts": []}, "PASS"),
        Example("fails", LONG, "FAIL"),
        Example("fails with offenders", LONG, "FAIL", offenders=("a",)),
        Example("other limit", LONG, "PASS", parameters={"max_days": 99999}),
        Example("gap", {"accounts": {"gap": "no_permission"}}, "UNKNOWN"),
        Example("not given", {}, "UNKNOWN"),
    ],
)
def test_examples_that_hold(example: Example) -> None:
    assert fault(AGE, example) == ""


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (Example("a", LONG, "PASS"), "expected PASS, got FAIL"),
        (
            Example("a", {"accounts": {"gap": "no_tool"}}, "PASS"),
            "got UNKNOWN (no_tool: as the example says)",
        ),
        (Example("a", LONG, "FAIL", offenders=("b",)), "expected the offenders ['b'], got ['a']"),
        (Example("a", LONG, "FAIL", offenders=()), "expected the offenders [], got ['a']"),
        (Example("a", {"accounts": [{"name": "a"}]}, "UNKNOWN"), "expected a gap in a fact, got internal"),
        (Example("a", {"accounts": [{"name": "a"}]}, "FAIL"), "expected FAIL, got UNKNOWN (internal"),
    ],
)
def test_examples_that_do_not(example: Example, expected: str) -> None:
    assert expected in fault(AGE, example)


def test_an_example_may_say_what_is_around() -> None:
    check = replace(AGE, pass_when="system.level == 2 && system.s == 3 && asset.zone == 'dmz' && now == 7")
    given: dict[str, Any] = {"accounts": [], "system": {"level": 2}, "asset": {"zone": "dmz"}, "now": 7}
    assert fault(check, Example("around", given, "PASS")) == ""
    assert fault(check, Example("usual", {"accounts": []}, "FAIL")) == ""


def test_the_object_of_an_example() -> None:
    rows: dict[str, Any] = {"backups": [{"object": "old", "age_h": 30}, {"object": "new", "age_h": 1}]}
    assert fault(FRESH, Example("the first row", rows, "FAIL", offenders=("old",))) == ""
    assert fault(FRESH, Example("named", rows, "PASS", object_id="new")) == ""
    assert fault(FRESH, Example("nothing declared", {"backups": []}, "MANUAL")) == ""
    assert fault(FRESH, Example("no row", {"backups": []}, "UNKNOWN", object_id="x")) == ""
    assert fault(FRESH, Example("gap", {"backups": {"gap": "no_tool"}}, "UNKNOWN")) == ""


def test_an_outcome_carries_the_result() -> None:
    (outcome,) = run_examples(replace(AGE, examples=(Example("fails", LONG, "FAIL"),)))
    assert outcome.result.verdict is Verdict.FAIL
    assert outcome.example.name == "fails"
