"""``secaudit results``: every verdict of a run, with what was seen or why it is not known.

Severity, title and what was seen are in the language in use in every output format; ``report --format json``
has both languages."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from secaudit.assess.acceptances import Cover
from secaudit.cli.accepted import accepted_on_record, accepted_text, covers_in
from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.mistyped import no_asset, no_check, refuse_unknown
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.wiring import find_run, open_workspace, state_now
from secaudit.cli.words import gap_word, severity_word, spoken, state_word, verdict_words
from secaudit.content import Content
from secaudit.language import _
from secaudit.model.evidence import BUNDLE
from secaudit.model.result import Result, Verdict
from secaudit.model.run import AssetRecord, Plan, RunState
from secaudit.register.times import shown
from secaudit.store import Store, StoredRun


@click.command(
    epilog=_("Exit code 3: the run is not finished."),
    help=_("List the verdicts of a run (of the newest complete one, when none is named)."),
)
@click.argument("run", required=False, metavar=_("[RUN]"))
@click.option("--asset", "assets", multiple=True, help=_("Only of this asset (repeatable)."))
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice([verdict.value for verdict in Verdict], case_sensitive=False),
    help=_("Only these verdicts (repeatable)."),
)
@click.option("--check", "checks", multiple=True, help=_("Only of this check (repeatable)."))
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
) -> int:
    """The command: 3 when the run is not complete, else 0 whatever is shown."""
    opened = open_workspace(workspace)
    with opened.open_scanned() as store:
        if list_runs:
            show_rows(_run_columns(), list(_runs(store)), output_format)
            return ExitCode.CLEAN
        content = content_of(workspace)
        chosen = find_run(store, run)
        plan = store.run(chosen.id).plan
        refuse_unknown(assets, [planned.asset_id for planned in plan.assets], no_asset())
        refuse_unknown(checks, _checks_of(plan, content), no_check())
        covers = covers_in(accepted_on_record(opened, content), plan.systems)
        carried: list[str] = []
        rows = (
            {**_row(result, content), **_accepted(covers(result)), **_permission(record)}
            for record in _noting_carried(
                (r for r in store.records(chosen.id) if not assets or r.asset_id in assets), carried
            )
            for result in record.results
            if (not verdicts or result.verdict.value in verdicts)
            and (not checks or result.check_id in checks)
        )
        for_programs = output_format != "table"
        more = (*_permission_columns(), *_accepted_columns()) if for_programs else (_accepted_column(),)
        show_rows([*_columns(), *more], rows, output_format)
    for told in carried:
        click.echo(printable(told), err=True)
    return _completeness(chosen, len(plan.assets))


def _noting_carried(records: Iterable[AssetRecord], told: list[str]) -> Iterator[AssetRecord]:
    """The records as they come; of those of bundles ``told`` gets who collected them."""
    for record in records:
        if record.channel.get("transport") == BUNDLE and record.gap is None:
            told.append(collected(record.asset_id, record.started_at, record.channel))
        yield record


def collected(asset_id: str, at: datetime, channel: Mapping[str, str]) -> str:
    """Who collected a bundle where, and whether somebody stands for it."""
    return _("{asset}, collected {at} by {operator} at {place}; signature: {signature}").format(
        asset=asset_id,
        at=shown(at),
        operator=channel.get("operator", ""),
        place=channel.get("place", ""),
        signature=channel.get("signature", ""),
    )


def _checks_of(plan: Plan, content: Content) -> list[str]:
    planned = {expected.check_id for asset in plan.assets for expected in asset.expected}
    return sorted(planned | set(content.checks))


def _completeness(run: StoredRun, planned: int) -> ExitCode:
    """Say so when the run is not whole."""
    state = state_now(run)
    if state is RunState.COMPLETE:
        return ExitCode.CLEAN
    told = _("run {id} is not complete ({state}): {visited} of {planned} assets")
    shown = told.format(id=run.id, state=state_word(state), visited=run.visits, planned=planned)
    click.echo(f"secaudit: {shown}", err=True)
    return ExitCode.NOT_JUDGED


def _columns() -> list[Column]:
    return [
        Column("asset", _("asset")),
        Column("object", _("object"), fold=True),
        Column("verdict", _("verdict"), words=verdict_words()),
        Column("severity", _("severity")),
        Column("check", _("check"), fold=True),
        Column("title", _("title"), fold=True),
        Column("seen", _("seen"), fold=True),
    ]


def _accepted_columns() -> list[Column]:
    """What covers a failure, for programs."""
    return [Column(key, key) for key in ("accepted", "accepted_kind", "accepted_until", "acceptances")]


def _accepted_column() -> Column:
    return Column("accepted", _("accepted"), fold=True)


def _accepted(cover: Cover | None) -> dict[str, Any]:
    if cover is None:
        return {}
    return {
        "accepted": accepted_text(cover),
        "accepted_kind": cover.kind.value,
        "accepted_until": cover.until.isoformat(),
        "acceptances": list(cover.acceptances),
    }


def _permission_columns() -> list[Column]:
    """Under what the asset was visited: for programs only, the same in every row of an asset."""
    return [Column(key, key) for key in ("authorisation", "approver", "document")]


def _permission(record: AssetRecord) -> dict[str, str]:
    authorised = record.authorised
    return {
        "authorisation": record.authorisation,
        "approver": authorised.approver if authorised else "",
        "document": authorised.document if authorised else "",
    }


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
        Column("systems", _("systems"), fold=True),
        Column("started_at", _("started")),
        Column("ended_at", _("ended")),
        Column("assets", _("assets"), right=True),
    ]


def _runs(store: Store) -> Iterator[dict[str, Any]]:
    for run in store.runs():
        yield {
            "run": run.id,
            "state": state_word(state_now(run)),
            "systems": list(run.systems),
            "started_at": run.started_at,
            "ended_at": run.ended_at,
            "assets": run.visits,
        }
