"""How a unit of GB/T 28448-2019 is judged from its steps: a rule is an expression over step numbers.

``all`` is ``1&2&…``, ``any`` is ``1|2|…``; ``1|(2&3)`` stands as it is. States are ordered NOT_MET < PARTLY < MET,
and every rule is monotone: a better step never makes a worse item. Where no step applies, the unit does not; where
all that apply are met, it is. Else a step that does not apply says nothing if every way to meet the unit needs it;
if another way does without it, its own way is no way: ``1|(2&3)`` is not met by step 3 because 2 does not apply.
"""

import re
from collections.abc import Sequence
from typing import Final

from secaudit.model.assessment import Conclusion, StepState

MET, PARTLY, NOT_MET = StepState.MET, StepState.PARTLY, StepState.NOT_MET
NOT_APPLICABLE = StepState.NOT_APPLICABLE

CONCLUSIONS: Final = {
    MET: Conclusion.COMPLIANT,
    PARTLY: Conclusion.PARTLY,
    NOT_MET: Conclusion.NOT_COMPLIANT,
    NOT_APPLICABLE: Conclusion.NOT_APPLICABLE,
}

# a unit of one step, or one that says so, knows no 部分符合
BINARY: Final = ("binary", "any-binary")

_TOKEN = re.compile(r"\d+|[&|()]")


def conclude(rule: str, states: Sequence[StepState]) -> Conclusion:
    """The conclusion of a unit whose steps are all decided (none is OPEN)."""
    state = _state(_expression(rule, len(states)), states)
    if rule in BINARY and state is PARTLY:
        return Conclusion.NOT_COMPLIANT
    return CONCLUSIONS[state]


def _state(expression: str, states: Sequence[StepState]) -> StepState:
    kinds = set(states) - {NOT_APPLICABLE}
    if kinds <= {MET}:
        return MET if kinds else NOT_APPLICABLE
    return _Rule(expression, _counted(expression, states)).value()


def _counted(expression: str, states: Sequence[StepState]) -> list[StepState]:
    """A step that does not apply, and without which the unit could be met, counts as not met."""
    needed = [
        state is not NOT_APPLICABLE or _is_needed(expression, place, len(states))
        for place, state in enumerate(states)
    ]
    return [state if wanted else NOT_MET for state, wanted in zip(states, needed, strict=True)]


def _is_needed(expression: str, place: int, steps: int) -> bool:
    """Whether the unit is not met where all steps but this one are."""
    return (
        _Rule(expression, [NOT_MET if other == place else MET for other in range(steps)]).value() is not MET
    )


def _expression(rule: str, steps: int) -> str:
    numbers = [str(number) for number in range(1, steps + 1)]
    match rule:
        case "all" | "binary" | "single-partial":
            return "&".join(numbers)
        case "any" | "any-binary":
            return "|".join(numbers)
        case _:
            return rule


class _Rule:
    """Evaluates ``1|(2&3)``; ``&`` binds stronger than ``|``. The loader of the content admits only such texts."""

    def __init__(self, expression: str, states: Sequence[StepState]) -> None:
        self._tokens = _TOKEN.findall(expression)
        self._states = states

    def value(self) -> StepState:
        return either(self._operands("|"))

    def _operands(self, operator: str) -> list[StepState]:
        operands = [self._operand(operator)]
        while self._tokens and self._tokens[0] == operator:
            self._tokens.pop(0)
            operands.append(self._operand(operator))
        return operands

    def _operand(self, operator: str) -> StepState:
        return both(self._operands("&")) if operator == "|" else self._atom()

    def _atom(self) -> StepState:
        token = self._tokens.pop(0)
        if token == "(":
            inner = self.value()
            self._tokens.pop(0)
            return inner
        return self._states[int(token) - 1]


def both(states: Sequence[StepState]) -> StepState:
    """All that apply met → MET, none even partly → NOT_MET, else PARTLY."""
    kinds = set(states) - {NOT_APPLICABLE}
    if not kinds:
        return NOT_APPLICABLE
    return kinds.pop() if len(kinds) == 1 else PARTLY


def either(states: Sequence[StepState]) -> StepState:
    """The best of them."""
    return max(states, key=(NOT_APPLICABLE, NOT_MET, PARTLY, MET).index)
