"""``secaudit requirements``: the items of GB/T 22239-2019, their steps, and what checks prove of them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from secaudit.assess.selection import every_item
from secaudit.cli.content_source import content_of, content_option
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.groups import Group
from secaudit.cli.show import Column, console, format_option, show_rows
from secaudit.cli.words import domain_words, method_words, seen_by_words, spoken
from secaudit.content import Content
from secaudit.content.coverage import StepCoverage, coverage
from secaudit.errors import UsageError
from secaudit.language import _, in_use
from secaudit.model.content import Catalogue, Extension, Requirement, Step

extension_option = click.option(
    "--extension",
    type=click.Choice([extension.value for extension in Extension]),
    help=_("The extension requirements of this kind instead of the general ones."),
)
level_option = click.option("--level", type=click.IntRange(1, 4), required=True, help=_("The level, 1 to 4."))


@click.group(cls=Group, help=_("List and show the requirements, and what checks prove of them."))
def requirements() -> None:
    """The group."""


@requirements.command("list", help=_("List the requirements of a level."))
@level_option
@extension_option
@format_option
@click.pass_obj
def list_requirements(workspace: Path, level: int, extension: str | None, output_format: str) -> int:
    """One row an item, in the order of the standard."""
    catalogue = _catalogue(content_of(workspace), level, extension)
    columns = (
        Column("key", _("requirement")),
        Column("clause", _("clause")),
        Column("unit", _("unit")),
        Column("class", _("class")),
        Column("control_point", _("control point"), fold=True),
        Column("summary", _("summary"), fold=True),
        Column("steps", _("steps"), right=True),
    )
    show_rows(columns, [_row(requirement) for requirement in catalogue.requirements], output_format)
    if output_format == "table":
        steps = sum(len(requirement.steps) for requirement in catalogue.requirements)
        summary = _("{items} requirements, {steps} steps ({standard}, level {level})")
        console().print(
            summary.format(
                items=len(catalogue.requirements), steps=steps, standard=catalogue.standard, level=level
            )
        )
    return ExitCode.CLEAN


def _catalogue(content: Content, level: int, extension: str | None) -> Catalogue:
    """The general items of a level, or those of an extension."""
    catalogue = content.catalogues[level]
    if extension is None:
        return catalogue
    return replace(catalogue, requirements=catalogue.extensions[Extension(extension)])


def _row(requirement: Requirement) -> dict[str, Any]:
    return {
        "key": requirement.key,
        "clause": f"{requirement.clause} {requirement.item}".strip(),
        "unit": requirement.unit,
        "class": requirement.classification,
        "control_point": spoken(requirement.control_point),
        "summary": requirement.summary.of(in_use()),
        "steps": len(requirement.steps),
    }


@requirements.command(
    help=_("Show a requirement with its steps; KEY is like ces.authentication.a or L3-CES1-01.")
)
@click.argument("key", metavar=_("KEY"))
@content_option
@click.pass_obj
def show(workspace: Path, key: str, extra: tuple[Path, ...]) -> int:
    """The item at every level that has it."""
    content = content_of(workspace, extra)
    found = [one for one in every_item(content.catalogues) if key in (one.key, one.unit)]
    if not found:
        raise UsageError(
            _("There is no requirement {key}.").format(key=key),
            hint=_("List them with: secaudit requirements list --level 3"),
        )
    for requirement in found:
        for line in _page(requirement, content):
            click.echo(printable(line))
    return ExitCode.CLEAN


def _page(requirement: Requirement, content: Content) -> Iterator[str]:
    title = _("{unit}  {key}  level {level}, clause {clause} {item}, class {letter}")
    yield title.format(
        unit=requirement.unit,
        key=requirement.key,
        level=requirement.level,
        clause=requirement.clause,
        item=requirement.item,
        letter=requirement.classification,
    )
    place = f"{domain_words()[requirement.domain_abbr]} · {spoken(requirement.control_point)}"
    yield f"  {place}: {spoken(requirement.summary)}"
    yield "  " + _("judged from its steps by the rule: {rule}").format(rule=requirement.rule)
    for step in requirement.steps:
        yield from _step(step, requirement.level, content)
    yield ""


def _step(step: Step, level: int, content: Content) -> Iterator[str]:
    methods, objects = ", ".join(method_words()[one] for one in step.methods), ", ".join(step.objects)
    yield f"  #{step.number} [{methods}; {seen_by_words()[step.seen_by]}] {step.question.of(in_use())}"
    yield "     " + _("objects: {objects}").format(objects=objects)
    if step.hint:
        yield "     " + _("seen in: {hint}").format(hint=step.hint)
    for check in content.checks.values():
        if step.id in check.proves and level in check.levels:
            yield "     " + _("check: {id}").format(id=check.id)


@requirements.command("coverage", help=_("List each step with who decides it: checks, people, or both."))
@level_option
@extension_option
@click.option("--kind", default="", help=_("Only the steps that this kind of asset can show (linux …)."))
@content_option
@format_option
@click.pass_obj
def show_coverage(
    workspace: Path,
    level: int,
    extension: str | None,
    kind: str,
    extra: tuple[Path, ...],
    output_format: str,
) -> int:
    """One row a step, and the counts."""
    content = content_of(workspace, extra)
    catalogue = _catalogue(content, level, extension)
    found = list(coverage(catalogue, content.checks.values(), kind))
    seen_by = Column("seen_by", _("seen by"), words=seen_by_words(), fold=True)
    columns = (
        Column("step", _("step")),
        *(() if output_format == "table" else (seen_by,)),  # the state says it in other words
        Column("state", _("state"), fold=True),
        Column("question", _("question"), fold=True),
        Column("checks", _("checks"), fold=True),
        Column("left", _("what people must see"), fold=True),
    )
    rows = [_coverage_row(row, _states() if output_format == "table" else {}) for row in found]
    show_rows(columns, rows, output_format)
    if output_format == "table":
        _show_counts(Counter(row.state for row in found))
    return ExitCode.CLEAN


def _coverage_row(row: StepCoverage, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "step": row.step.id,
        "seen_by": str(row.step.seen_by),
        "state": words.get(row.state, row.state),
        "question": row.step.question.of(in_use()),
        "checks": list(row.checks),
        "left": row.left.of(in_use()) if row.left else "",
    }


def _states() -> dict[str, str]:
    return {
        "machine": _("decided by checks"),
        "part": _("decided in part, a person sees the rest"),
        "person": _("a person must see"),
        "no_check": _("no check yet"),
    }


def _show_counts(counts: Mapping[str, int]) -> None:
    for state, words in _states().items():
        console().print(f"{counts.get(state, 0):>5}  {words}")
    console().print(f"{sum(counts.values()):>5}  " + _("steps"))
