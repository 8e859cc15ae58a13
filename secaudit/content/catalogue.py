"""The items of GB/T 22239-2019 with the steps and judging rules of GB/T 28448-2019: a catalogue a level.

Five tables: ``requirements.csv`` (one row an item and level), ``steps.csv`` (one row a step and the evaluation
units it belongs to), ``unit_rules.csv`` (one row a unit), ``left_to_people.csv`` (what a machine cannot see of a step),
``extensions.csv`` (control points of the extension requirements).
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from secaudit.content.extensions import COLUMNS as EXTENSION_COLUMNS
from secaudit.content.extensions import load_extensions
from secaudit.content.tables import Row, Table
from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.content import Catalogue, Requirement, SeenBy, Step
from secaudit.model.text import Text

STANDARD: Final = "GB/T 22239-2019"
LEVELS: Final = (1, 2, 3, 4)
RULES: Final = ("all", "binary", "any", "any-binary", "single-partial", "1|(2&3)", "(1&3)|(2&3)")
METHODS: Final = ("访谈", "核查", "测试")

REQUIREMENT_COLUMNS: Final = (
    *("key", "level", "clause", "item", "domain", "domain_abbr", "control_point", "eval_unit"),
    *("eval_unit_check", "class", "new_at_level", "strengthened", "summary_zh", "summary_en"),
    *("automatable", "probe", "note"),
)
STEP_COLUMNS: Final = (
    *("key", "step", "units", "method", "objects", "question_zh", "question_en", "seen_by", "kinds"),
    *("hint", "note"),
)
RULE_COLUMNS: Final = ("eval_unit", "key", "steps", "rule")
LEFT_COLUMNS: Final = ("key", "step", "units", "kind", "reason_zh", "reason_en")

_UNIT = re.compile(r"L([1-4])-[A-Z]{3}[1-9]-\d{2}")


@dataclass(frozen=True, slots=True)
class UnitRule:
    """How a unit is judged from its steps, and how many it has."""

    rule: str
    steps: int


def load_catalogues(folder: Path) -> dict[int, Catalogue]:
    """Level → catalogue, in the order of the standard; raises ContentError with every mistake."""
    problems: list[Problem] = []
    rules = _rules(Table(folder / "unit_rules.csv", RULE_COLUMNS, problems))
    steps = _steps(Table(folder / "steps.csv", STEP_COLUMNS, problems))
    table = Table(folder / "requirements.csv", REQUIREMENT_COLUMNS, problems)
    found: dict[int, list[Requirement]] = {level: [] for level in LEVELS}
    for row in table.rows():
        requirement = _requirement(row, steps, rules)
        if requirement.level in found:
            found[requirement.level].append(requirement)
        else:
            row.complain("level", _("one of {choices} expected").format(choices="1, 2, 3, 4"))
    problems += _left_over(folder, steps, rules, found)
    left = _left_to_people(Table(folder / "left_to_people.csv", LEFT_COLUMNS, problems), steps)
    extensions = load_extensions(Table(folder / "extensions.csv", EXTENSION_COLUMNS, problems))
    if problems:
        raise ContentError(tuple(problems))
    return {
        level: Catalogue(STANDARD, level, tuple(items), left[level], extensions.get(level, {}))
        for level, items in found.items()
    }


def _rules(table: Table) -> dict[str, UnitRule]:
    return {
        row.text("eval_unit"): UnitRule(row.choice("rule", RULES), row.number("steps"))
        for row in table.rows()
    }


def _steps(table: Table) -> dict[str, list[Step]]:
    """Unit → its steps in their order."""
    found: dict[str, list[Step]] = defaultdict(list)
    for row in table.rows():
        step = _step(row)
        for unit in row.words("units"):
            level = _level_of(unit, row)
            number = step_number(row.text("step"), level)
            if number is None:
                row.complain("step", _("a number, or one for each level (L3:1 L4:2), expected"))
            else:
                found[unit].append(replace(step, id=f"{row.text('key')}#{number}", number=number))
    return {unit: sorted(steps, key=lambda step: step.number) for unit, steps in found.items()}


def _left_to_people(
    table: Table, steps: Mapping[str, Sequence[Step]]
) -> dict[int, dict[tuple[str, str], Text]]:
    """Level → (step id, kind) → what is left; a row that fits no step with such a part is a mistake."""
    found: dict[int, dict[tuple[str, str], Text]] = {level: {} for level in LEVELS}
    for row in table.rows():
        kind, reason = row.text("kind"), Text(row.text("reason_zh"), row.text("reason_en"))
        for unit in row.words("units"):
            level = _level_of(unit, row)
            step_id = f"{row.text('key')}#{step_number(row.text('step'), level)}"
            seen = {
                step.id for step in steps.get(unit, ()) if step.seen_by is SeenBy.PART and kind in step.kinds
            }
            if step_id not in seen:
                row.complain("step", _("a step that such an asset shows in part expected"))
            elif level in found:
                found[level][step_id, kind] = reason
    return found


def _level_of(unit: str, row: Row) -> int:
    matched = _UNIT.fullmatch(unit)
    if matched is None:
        row.complain("units", _("units like L3-CES1-01 expected"))
        return 0
    return int(matched[1])


def step_number(cell: str, level: int) -> int | None:
    """``4`` → 4 at every level; ``L3:1 L4:2`` → 2 at level 4; None when it cannot be read."""
    if re.fullmatch(r"[1-9]\d?", cell):
        return int(cell)
    numbers = dict(re.findall(r"L([1-4]):([1-9]\d?)(?= |$)", cell))
    return int(numbers[str(level)]) if str(level) in numbers else None


def _step(row: Row) -> Step:
    for method in row.words("method"):
        if method not in METHODS:
            row.complain("method", _("one of {choices} expected").format(choices=", ".join(METHODS)))
    return Step(
        id="",
        number=0,
        methods=row.words("method"),
        objects=row.words("objects"),
        question=Text(row.text("question_zh"), row.text("question_en")),
        seen_by=SeenBy(row.choice("seen_by", tuple(SeenBy))),
        kinds=row.words("kinds"),
        hint=row.optional("hint"),
    )


def _requirement(row: Row, steps: Mapping[str, Sequence[Step]], rules: Mapping[str, UnitRule]) -> Requirement:
    unit = row.text("eval_unit")
    own = tuple(steps.get(unit, ()))
    rule = rules.get(unit)
    if rule is None:
        row.complain("eval_unit", _("a unit of unit_rules.csv expected"))
    elif [step.number for step in own] != list(range(1, rule.steps + 1)):
        row.complain("eval_unit", _("steps 1 to {count} expected in steps.csv").format(count=rule.steps))
    elif any(not step.id.startswith(f"{row.text('key')}#") for step in own):
        row.complain("key", _("the key of the unit's steps expected"))
    return Requirement(
        key=row.text("key"),
        level=row.number("level"),
        clause=row.text("clause"),
        item=row.text("item"),
        domain=row.text("domain"),
        domain_abbr=row.text("domain_abbr"),
        control_point=_point(row),
        unit=unit,
        classification=row.choice("class", ("S", "A", "G")),
        summary=Text(row.text("summary_zh"), row.text("summary_en")),
        automatable=row.choice("automatable", ("full", "partial", "manual")),
        rule=rule.rule if rule else "",
        steps=own,
    )


def _point(row: Row) -> Text:
    """``ces.access-control.a`` → ``Access control``."""
    name = row.text("key").partition(".")[2].partition(".")[0]
    return Text(row.text("control_point"), name.replace("-", " ").capitalize())


def _left_over(
    folder: Path,
    steps: Mapping[str, Sequence[Step]],
    rules: Mapping[str, UnitRule],
    found: Mapping[int, Sequence[Requirement]],
) -> list[Problem]:
    """Units that no requirement has, and units that two have."""
    units = [requirement.unit for items in found.values() for requirement in items]
    stray = [("steps.csv", unit) for unit in steps if unit not in set(units)]
    stray += [("unit_rules.csv", unit) for unit in rules if unit not in set(units)]
    expected = _("a unit of requirements.csv expected")
    problems = [Problem(str(folder / file), 0, unit, "", expected) for file, unit in stray]
    for unit in sorted({unit for unit in units if units.count(unit) > 1}):
        problems.append(Problem(str(folder / "requirements.csv"), 0, unit, "", _("each unit once")))
    return problems
