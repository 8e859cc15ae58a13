"""A check with its expressions compiled, and what they give with the facts of one asset."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import cel
from cel import stdlib

from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.content import Check
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.result import Offender, Verdict
from secaudit.model.schema import plain

# What the rules of content allow beyond the functions that ``cel`` has of its own.
FUNCTIONS: dict[str, Callable[..., Any]] = {"join": stdlib.join, "lowerAscii": stdlib.lower_ascii}
EXPRESSIONS = ("applies_when", "manual_when", "pass_when", "partial_when", "offenders")


@dataclass(frozen=True, slots=True)
class CompiledCheck:
    """A check and its programs by the name of the field; a field that is empty has none."""

    check: Check
    programs: Mapping[str, cel.Program]


def compile_check(check: Check) -> CompiledCheck:
    """The check ready to judge; raises ContentError when an expression is not CEL."""
    return CompiledCheck(
        check, {field: _compiled(check, field) for field in EXPRESSIONS if getattr(check, field)}
    )


def _compiled(check: Check, field: str) -> cel.Program:
    text: str = getattr(check, field)
    try:
        return cel.compile(text)
    except ValueError as error:
        problem = Problem(check.file, 0, field, text, _("a CEL expression expected"))
        raise ContentError((problem,)) from error


class Variables:
    """The variables of one asset in one CEL context; a fact becomes plain data once, when a check first needs it.

    For one thread: a context is not thread-safe. Text must hold no lone surrogates, numbers fit 64 bits.
    """

    def __init__(self, facts: Mapping[str, Any], surroundings: Mapping[str, Any]) -> None:
        self._facts = facts
        self._plain: dict[str, Any] = {}
        self._context = cel.Context(variables=dict(surroundings), functions=FUNCTIONS)

    def gap_of(self, name: str) -> Gap | None:
        """The gap that a fact is; None when it is whole."""
        value = self._facts.get(name, Gap(GapReason.NOT_COLLECTED, "no such fact was built"))
        return value if isinstance(value, Gap) else None

    def plain(self, name: str) -> Any:
        """A whole fact as plain data, known to expressions from here on."""
        if name not in self._plain:
            self._plain[name] = plain(self._facts[name])
            self._context.add_variable(name, self._plain[name])
        return self._plain[name]

    def set(self, name: str, value: Any) -> None:
        """Set ``params`` or ``each`` for the check that is judged next."""
        self._context.add_variable(name, value)

    def holds(self, compiled: CompiledCheck, field: str) -> bool:
        """Whether a condition is true; raises TypeError when it is no condition."""
        value = compiled.programs[field].execute(self._context)
        if not isinstance(value, bool):
            raise TypeError(f"{compiled.check.id}: {field} gives {type(value).__name__}, not a bool")
        return value

    def offenders(self, compiled: CompiledCheck) -> tuple[Offender, ...]:
        """What the check's expression for offenders gives; none when it has no such expression."""
        if "offenders" not in compiled.programs:
            return ()
        rows: list[dict[str, Any]] = compiled.programs["offenders"].execute(self._context)
        return tuple(Offender(shown(r["id"]), shown(r["seen"]), shown(r["expected"])) for r in rows)


def verdict_of(compiled: CompiledCheck, variables: Variables) -> Verdict:
    """The verdict once every needed fact is whole: applies, a person's, passes, passes in part, else fails."""
    check = compiled.check
    if check.applies_when and not variables.holds(compiled, "applies_when"):
        return Verdict.NOT_APPLICABLE
    if check.manual_when and variables.holds(compiled, "manual_when"):
        return Verdict.MANUAL
    if variables.holds(compiled, "pass_when"):
        return Verdict.PASS
    if check.partial_when and variables.holds(compiled, "partial_when"):
        return Verdict.PARTIAL
    return Verdict.FAIL


def shown(value: Any) -> str:
    """A value as an offender shows it: ``true``, ``90``, ``aes128-cbc, 3des-cbc``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    return str(value)
