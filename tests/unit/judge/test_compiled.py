"""Compiling checks, and values as offenders show them."""

import gc
import weakref
from dataclasses import replace
from typing import Any

import cel
import pytest

from secaudit.errors import ContentError
from secaudit.judge import Judge
from secaudit.judge.compiled import CompiledCheck, Variables, shown
from secaudit.judge.sayings import Sayings
from secaudit.model.result import Offender
from secaudit.model.text import Text
from tests.unit.judge.samples import AGE


def test_an_expression_that_is_not_cel_is_named() -> None:
    broken = replace(AGE, file="checks/linux/x.yaml", partial_when="accounts.all(a,")
    with pytest.raises(ContentError, match=r"checks/linux/x\.yaml: partial_when: a CEL expression expected"):
        Judge({broken.id: broken})


def test_variables_are_freed_with_their_asset() -> None:
    class Fact(dict[str, int]):
        """Can be watched."""

    fact = Fact(days=3)
    variables = Variables({"fact": fact}, {}, ["fact"])
    variables.set("each", {"days": 3})
    assert variables.run(cel.compile("fact.days == each.days && say('是', 'yes') != ''"))
    watched = weakref.ref(fact)
    del variables, fact
    gc.collect()
    assert watched() is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (1.5, "1.5"),
        ("x", "x"),
        ([1, True, "a"], "1, true, a"),
        ([], ""),
    ],
)
def test_values_as_text(value: Any, text: str) -> None:
    assert shown(value) == text


def test_words_stand_in_a_text_whatever_a_host_writes() -> None:
    sayings = Sayings()
    first, second = sayings.say("甲", "a"), sayings.say("乙", "b")
    assert sayings.told(f"0{first}1{second}{first}") == Text("0甲1乙甲", "0a1ba")
    assert sayings.told(Sayings().say("甲", "a")).zh != "甲"
    assert sayings.told("") == Text("", "")


def test_a_fact_that_only_offenders_name_is_known_when_a_check_fails() -> None:
    variables = Variables({"rows": ({"name": "x"},)}, {}, ())
    offenders = 'rows.map(r, {"id": r.name, "seen": "", "expected": say("无", "none")})'
    compiled = CompiledCheck(
        replace(AGE, needs=("rows",), offenders=offenders, pass_when="false"), "params_0"
    )
    assert compiled.decides == ()
    assert variables.offenders(compiled) == (Offender("x", Text("", ""), Text("无", "none")),)
