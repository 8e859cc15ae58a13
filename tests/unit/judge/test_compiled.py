"""Compiling checks, and values as offenders show them."""

from dataclasses import replace
from typing import Any

import pytest

from secaudit.errors import ContentError
from secaudit.judge import Judge
from secaudit.judge.compiled import shown
from tests.unit.judge.samples import AGE


def test_an_expression_that_is_not_cel_is_named() -> None:
    broken = replace(AGE, file="checks/linux/x.yaml", partial_when="accounts.all(a,")
    with pytest.raises(ContentError, match=r"checks/linux/x\.yaml: partial_when: a CEL expression expected"):
        Judge({broken.id: broken})


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
