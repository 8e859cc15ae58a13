"""``secaudit results``: every verdict of a run, with what was seen or why it is not known.

Severity, title and what was seen are in the language in use in every output format; ``report --format json``
has both languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from secaudit.cli.content_source import content_of
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.wiring import find_run, open_workspace
from secaudit.cli.words import gap_word, severity_word, spoken, state_word, verdict_words
from secaudit.content import Content
from secaudit.language import _
from secaudit.model.result import Result, Verdict
from secaudit.store import Store


@click.command(help=_("List the verdicts of a run (of the newest one, when none is named)."))
@click.argument("run", required=False, metavar=_("[RUN]"))
@click.option("--asset", "assets", multiple=True, help=_("Only of this asset (may be repeated)."))
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice([verdict.value for verdict in Verdict], case_sensitive=False),
    help=_("Only these verdicts (may be repeated)."),
)
@click.option("--check", "checks", multiple=True, help=_("Only of this check (may be repeated)."))
@click.option("--runs", "list_runs", is_flag=True, help=_("List the runs instead."))
@format_option
@click.pass_obj
def results(
    workspace: Path,
    run: str | None,
    assets: tuple[str, ...],
    verdicts: tuple[str, ...],
    checks: tuple[str, ...],
    list_runs: bool,
    output_format: str,
) -> None:
    """The command."""
    with open_workspace(workspace).open_store() as store:
        if list_runs:
            show_rows(_run_columns(), list(_runs(store)), output_format)
            return
        content = content_of(workspace)
        rows = [
            _row(result, content)
            for record in store.records(find_run(store, run).id)
            for result in record.results
            if (not assets or record.asset_id in assets)
            and (not verdicts or result.verdict.value in verdicts)
            and (not checks or result.check_id in checks)
        ]
    show_rows(_columns(), rows, output_format)


def _columns() -> list[Column]:
    return [
        Column("asset", _("asset")),
        Column("object", _("object")),
        Column("verdict", _("verdict"), words=verdict_words()),
        Column("severity", _("severity")),
        Column("check", _("check")),
        Column("title", _("title")),
        Column("seen", _("seen")),
    ]


def _row(result: Result, content: Content) -> dict[str, Any]:
    check = content.checks.get(result.check_id)
    return {
        "asset": result.asset_id,
        "object": result.object_id,
        "verdict": result.verdict.value,
        "severity": severity_word(check.severity) if check else "",
        "check": result.check_id,
        "title": spoken(check.title) if check else _("(a check that is no more)"),
        "seen": seen(result),
    }


def seen(result: Result) -> str:
    """What was seen: the offenders, or why nothing is known."""
    if result.gap is not None:
        source = f"{result.gap_source}: " if result.gap_source else ""
        detail = f" ({result.gap.detail})" if result.gap.detail else ""
        return f"{source}{gap_word(result.gap)}{detail}"
    return "; ".join(
        _("{id}: {seen} (expected: {expected})").format(
            id=o.id, seen=spoken(o.seen), expected=spoken(o.expected)
        )
        for o in result.offenders
    )


def _run_columns() -> list[Column]:
    return [
        Column("run", _("run")),
        Column("state", _("state")),
        Column("systems", _("systems")),
        Column("started_at", _("started")),
        Column("ended_at", _("ended")),
        Column("assets", _("assets"), right=True),
    ]


def _runs(store: Store) -> Iterator[dict[str, Any]]:
    for run in store.runs():
        yield {
            "run": run.id,
            "state": state_word(run.state),
            "systems": list(run.systems),
            "started_at": run.started_at.astimezone().isoformat(timespec="seconds"),
            "ended_at": run.ended_at.astimezone().isoformat(timespec="seconds") if run.ended_at else None,
            "assets": run.visits,
        }
