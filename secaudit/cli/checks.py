"""``secaudit checks``: what is checked, why it is believed, and a start for one's own check."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from secaudit.cli.check_page import check_page
from secaudit.cli.content_source import content_of, content_option, folders_of
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.groups import Group
from secaudit.cli.show import Column, console, format_option, show_rows
from secaudit.cli.words import severity_words
from secaudit.content import Content, load_checks, load_world
from secaudit.content.new_check import new_check
from secaudit.errors import UsageError
from secaudit.judge import ExampleOutcome, run_examples
from secaudit.language import _, in_use
from secaudit.model.content import Check
from secaudit.plugins import load_plugins


@click.group(cls=Group, help=_("List, show, test and start checks."))
def checks() -> None:
    """The group."""


@checks.command("list", help=_("List the checks."))
@click.option("--level", type=click.IntRange(1, 4), help=_("Only those of a level."))
@click.option("--kind", help=_("Only those for a kind of asset (linux …)."))
@click.option("--advisory/--proving", default=None, help=_("Only good practice, or only what proves a step."))
@content_option
@format_option
@click.pass_obj
def list_checks(
    workspace: Path,
    level: int | None,
    kind: str | None,
    advisory: bool | None,
    extra: tuple[Path, ...],
    output_format: str,
) -> int:
    """One row a check, in the order of their ids."""
    found = [
        check
        for check in content_of(workspace, extra).checks.values()
        if (level is None or level in check.levels)
        and kind in (None, check.applies_to)
        and advisory in (None, check.advisory)
    ]
    columns = (
        Column("id", _("check")),
        Column("title", _("title"), fold=True),
        Column("severity", _("severity"), words=severity_words()),
        Column("levels", _("levels")),
        Column("proves", _("proves"), fold=True),
    )
    show_rows(columns, [_row(check, output_format) for check in found], output_format)
    if output_format == "table":
        console().print(_("{count} checks").format(count=len(found)))
    return ExitCode.CLEAN


def _row(check: Check, output_format: str) -> dict[str, Any]:
    advisory = [_("advisory")] if check.advisory and output_format != "json" else []
    return {
        "id": check.id,
        "title": check.title.of(in_use()),
        "severity": str(check.severity),
        "levels": list(check.levels),
        "proves": list(check.proves) or advisory,
    }


@checks.command(help=_("Show everything about a check: steps, parameters, probes, examples."))
@click.argument("check_id", metavar=_("CHECK"))
@content_option
@click.pass_obj
def show(workspace: Path, check_id: str, extra: tuple[Path, ...]) -> int:
    """One check on a page."""
    content = content_of(workspace, extra)
    for line in check_page(_check(content, check_id), content, load_plugins().facts):
        click.echo(printable(line, lines=True))
    return ExitCode.CLEAN


def _check(content: Content, check_id: str) -> Check:
    if check_id not in content.checks:
        raise UsageError(
            _("There is no check {id}.").format(id=check_id), hint=_("List them with: secaudit checks list")
        )
    return content.checks[check_id]


@checks.command(
    epilog=_("Exit code 1: an example fails."),
    help=_("Run the examples of all checks, or of those whose ids begin with PREFIX."),
)
@click.argument("prefixes", nargs=-1, metavar=_("[PREFIX]…"))
@content_option
@click.pass_obj
def test(workspace: Path, prefixes: tuple[str, ...], extra: tuple[Path, ...]) -> int:
    """Every file held against every rule, then every example; 1 when an example fails or a check is broken."""
    wanted = _wanted(workspace, prefixes, extra)
    broken = [check for check in wanted if check.broken]
    outcomes = [outcome for check in wanted for outcome in run_examples(check)]
    failed = [outcome for outcome in outcomes if outcome.fault]
    for line in (*_failures(failed), *(f"{check.id}: {check.broken}" for check in broken)):
        click.echo(printable(line))
    summary = _("{checks} checks, {examples} examples, {failed} failed")
    click.echo(summary.format(checks=len(wanted), examples=len(outcomes), failed=len(failed) + len(broken)))
    return ExitCode.FINDINGS if failed or broken else ExitCode.CLEAN


def _wanted(workspace: Path, prefixes: Sequence[str], extra: Sequence[Path]) -> list[Check]:
    """Without prefixes the whole content is loaded, profiles too; with them only these checks are looked at."""
    if not prefixes:
        return list(content_of(workspace, extra, type_all=True).checks.values())
    folders, plugins = folders_of(workspace, extra), load_plugins()
    world = load_world(folders, plugins.schemas, plugins.broken_facts)
    found = load_checks(folders, world, lambda id_: id_.startswith(tuple(prefixes)))
    if not found:
        raise UsageError(
            _("No check begins with {prefixes}.").format(prefixes=", ".join(prefixes)),
            hint=_("List them with: secaudit checks list"),
        )
    return list(found.values())


def _failures(failed: Sequence[ExampleOutcome]) -> Iterator[str]:
    for outcome in failed:
        yield f"{outcome.check.file}: {outcome.example.name}: {outcome.fault}"


@checks.command(help=_("Write a check that passes its own examples; CHECK is like linux.topic.name."))
@click.argument("check_id", metavar=_("CHECK"))
@click.option("--fact", required=True, help=_("The fact that the check looks at."))
@click.option(
    "--content",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=_("The content folder to write into (default: the one that secaudit.yaml names)."),
)
@click.pass_obj
def new(workspace: Path, check_id: str, fact: str, folder: Path | None) -> int:
    """A file to start from, and what to edit in it."""
    target = folder or _only_folder(workspace)
    schemas = load_plugins().schemas
    if fact not in schemas:
        known = ", ".join(sorted(schemas))
        raise UsageError(
            _("There is no fact {name}.").format(name=fact), hint=_("Facts: {names}").format(names=known)
        )
    path = new_check(target, check_id, fact, schemas[fact])
    click.echo(_("Written: {path}").format(path=path))
    click.echo(
        _(
            "Now edit in it: title, the steps it proves (or advisory), pass_when, remedy, references, examples."
        )
    )
    click.echo(_("Then run: secaudit checks test {id} --content {folder}").format(id=check_id, folder=target))
    return ExitCode.CLEAN


def _only_folder(workspace: Path) -> Path:
    named = folders_of(workspace).extra
    if len(named) == 1:
        return named[0]
    raise UsageError(
        _("It is not clear into which content folder the check goes."), hint=_("Name it with --content DIR")
    )
