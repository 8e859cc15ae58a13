"""A check with its expressions compiled, and what they give with the facts of one asset."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

from secaudit.content.engine import cel
from secaudit.errors import ContentError, Problem
from secaudit.judge.held import Held
from secaudit.judge.rows import Rows, rows_of
from secaudit.language import _
from secaudit.model.content import Check
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.result import Offender, Verdict
from secaudit.model.schema import plain

# ``params`` as a name of its own, or a text in quotes before it could be one.
_PARAMS = re.compile(
    r"""(?P<quoted>\"{3}(?:\\.|(?!\"{3}).)*\"{3}|'{3}(?:\\.|(?!'{3}).)*'{3}|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|(?<![.\w])params\b""",
    re.DOTALL,
)
_FIELD = re.compile(r"\.\s*(\w+)")
_NAME = re.compile(r"\w+")
# the field of a row that names its object
OBJECT = "object"
NOTHING_KNOWN: Mapping[str, frozenset[str]] = MappingProxyType({})
NOTHING_SET: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
NOT_BUILT = Gap(GapReason.NOT_COLLECTED, "no such fact was built")
CONDITIONS = ("applies_when", "manual_when", "pass_when", "partial_when")
EXPRESSIONS = (*CONDITIONS, "offenders")


class CompiledCheck:
    """A check and its programs by the name of the field; a field that is empty has none.

    Its expressions find their parameters under ``parameters``, a name that no other check has: so those of all
    checks are known at once.
    """

    def __init__(self, check: Check, parameters: str) -> None:
        """Raises ContentError when an expression is not CEL."""
        self.check = check
        self.parameters = parameters
        self.programs = {field: self._compiled(field) for field in EXPRESSIONS if getattr(check, field)}

    @cached_property
    def offender_rows(self) -> Rows:
        """How the offenders are listed; found out when the check first fails."""
        return rows_of(self._text("offenders"))

    @property
    def fields(self) -> frozenset[str]:
        """The names that its expressions have behind a dot: the fields that they can see, and more."""
        named = _FIELD.findall(" ".join(getattr(self.check, field) for field in EXPRESSIONS))
        return frozenset([*named, OBJECT] if self.check.each else named)

    @cached_property
    def decides(self) -> tuple[str, ...]:
        """The facts that its conditions name; the others are wanted only where it fails."""
        named = set(_NAME.findall(" ".join(getattr(self.check, field) for field in CONDITIONS)))
        return tuple(name for name in self.check.needs if name in named or name == self.check.each)

    def _compiled(self, field: str) -> cel.Program:
        try:
            return cel.compile(self._text(field))
        except ValueError as error:
            text: str = getattr(self.check, field)
            problem = Problem(self.check.file, 0, field, text, _("a CEL expression expected"))
            raise ContentError((problem,)) from error

    def _text(self, field: str) -> str:
        """The expression with its own name for ``params``; texts in quotes stay as they are."""
        text: str = getattr(self.check, field)
        return _PARAMS.sub(lambda found: found["quoted"] or self.parameters, text)


class Variables:
    """The variables of one asset.

    ``cel`` copies all it holds once something was added to it: facts and parameters are added all at once, and
    what changes (``each``, the row of a macro) is looked up. For one thread.
    """

    def __init__(
        self,
        facts: Mapping[str, Any],
        surroundings: Mapping[str, Any],
        names: Iterable[str] = (),
        fields: Mapping[str, frozenset[str]] = NOTHING_KNOWN,
        parameters: Mapping[str, Mapping[str, Any]] = NOTHING_SET,
        held: Held | None = None,
    ) -> None:
        """``names`` are the facts that will be used; a gap among them is no variable.

        Other facts become known where they are asked for, which makes ``cel`` copy all it has once more.
        ``fields`` are those that expressions name of a fact: the others are not handed over, which costs the most.
        ``parameters`` of checks by the names they have; ``held`` is what an asset before had.
        """
        self._facts = facts
        self._fields = fields
        self._plain: dict[str, Any] = {}
        self._refused: dict[str, Exception] = {}
        self._held = held or Held()
        whole = {name for name in facts if self.gap_of(name) is None}
        self._held.begin(whole.union(surroundings, parameters))
        for name, value in (*surroundings.items(), *parameters.items()):
            self._hand_over(name, value)
        self.know(names)

    def know(self, names: Iterable[str]) -> None:
        """Hand these facts over together; a gap among them is no variable."""
        for name in dict.fromkeys(names):
            if name not in self._plain and self.gap_of(name) is None:
                self._hand_over(name, plain(self._facts[name], self._fields.get(name)))

    def _hand_over(self, name: str, value: Any) -> None:
        """One that CEL cannot hold (a lone surrogate) breaks the checks that need it."""
        self._plain[name] = value
        try:
            self._held.add(name, value)
        except (ValueError, TypeError) as error:
            self._refused[name] = error
            if self._held.drop(name):
                for other in self._plain.keys() - self._refused.keys():
                    self._held.add(other, self._plain[other])

    def gap_of(self, name: str) -> Gap | None:
        """The gap that a fact is; None when it is whole."""
        value = self._facts.get(name, NOT_BUILT)
        return value if isinstance(value, Gap) else None

    def plain(self, name: str) -> Any:
        """A whole fact as plain data, which is known from here on; raises what CEL had against it."""
        if name not in self._plain:
            self.know([name])
        if name in self._refused:
            raise self._refused[name]
        return self._plain[name]

    def set(self, name: str, value: Any) -> None:
        """Set a variable that changes: ``each``, the row of a macro."""
        self._held.changing[name] = value

    def length(self, path: Sequence[str]) -> int | None:
        """How many rows a fact or a field of one has; None where it is no list."""
        value: Any = self._plain
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return len(value) if isinstance(value, list) else None

    def run(self, program: cel.Program) -> Any:
        """What a program gives with these variables."""
        return program.execute(self._held.context)

    def holds(self, compiled: CompiledCheck, field: str) -> bool:
        """Whether a condition is true; raises TypeError when it is no condition."""
        value = self.run(compiled.programs[field])
        if not isinstance(value, bool):
            raise TypeError(f"{compiled.check.id}: {field} gives {type(value).__name__}, not a bool")
        return value

    def offenders(self, compiled: CompiledCheck) -> tuple[Offender, ...]:
        """What the check's expression for offenders gives; none when it has no such expression."""
        if not compiled.check.offenders:
            return ()
        for name in compiled.check.needs:
            self.plain(name)
        return tuple(self._offender(row) for row in compiled.offender_rows.made(self))

    def _offender(self, row: Mapping[str, Any]) -> Offender:
        seen, expected = (self._held.sayings.told(shown(row[part])) for part in ("seen", "expected"))
        return Offender(shown(row["id"]), seen, expected)


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
