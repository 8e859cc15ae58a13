"""``secaudit finding show``: one finding, what failed, how to put it right, and everything that happened to it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from secaudit.cli.accepted import accepted_on_record, accepted_text
from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_evidence import Newest, newest_of, result_in, seen_of
from secaudit.cli.finding_selecting import finding_number
from secaudit.cli.finding_words import event_words, named, reason_words, source_words, stage_words
from secaudit.cli.option_values import option_value
from secaudit.cli.show import Column, show_rows
from secaudit.cli.wiring import Workspace, open_workspace
from secaudit.cli.words import severity_word, spoken, verdict_words
from secaudit.content import Content
from secaudit.language import _
from secaudit.model.finding import Event, Finding, Move, Source
from secaudit.model.result import Result
from secaudit.register.times import shown
from secaudit.store import Store


@click.command(help=_("One finding: what failed, how to put it right, and what happened to it."))
@click.argument("number", metavar=_("NUMBER"))
@click.option(
    "--format",
    "output_format",
    type=click.Choice(("table", "json")),
    default="table",
    help=_("How to print it."),
)
@click.pass_obj
def show(workspace: Path, number: str, output_format: str) -> int:
    """The command."""
    opened, content = open_workspace(workspace), content_of(workspace)
    with opened.open_scanned() as store:
        finding = store.findings.with_history(option_value(finding_number, number, _("NUMBER")))
        page = _page(opened, store, content, finding)
    if output_format == "json":
        click.echo(json.dumps(page, ensure_ascii=False, indent=2))
        return ExitCode.CLEAN
    for line in _lines(finding, page):
        click.echo(printable(line))
    show_rows(_columns(), [_event_row(event) for event in finding.history], "table")
    return ExitCode.CLEAN


def _page(opened: Workspace, store: Store, content: Content, finding: Finding) -> dict[str, Any]:
    check = content.checks.get(finding.check)
    scanned = bool(finding.asset) and finding.source is not Source.ANSWER
    failed = result_in(store, finding.failed_in, finding) if finding.source is Source.SCAN else None
    newest, decisive = newest_of(store, finding) if scanned else (None, None)
    return {
        "number": str(finding),
        "source": finding.source.value,
        "stage": finding.stage.value,
        "severity": finding.severity.value,
        "advisory": finding.advisory,
        "system": finding.system,
        "asset": finding.asset,
        "object": finding.object_id,
        "check": finding.check,
        "offender": finding.offender,
        "title": spoken(finding.title),
        "document": finding.document,
        "reference": finding.reference,
        "owner": finding.owner,
        "measure": finding.measure,
        "deadline": finding.deadline.isoformat() if finding.deadline else "",
        "notice": finding.notice,
        "reopened": finding.reopened,
        "failed_in": finding.failed_in,
        "failed_at": shown(finding.failed_at),
        "failed_seen": seen_of(failed, finding) if failed else "",
        "newest": _newest(newest, finding),
        "decisive": _newest(decisive, finding),
        "remedy": spoken(check.remedy) if check else "",
        "accepted": _accepted(opened, content, finding, decisive.result if decisive else failed),
        "history": [_event_row(event) for event in finding.history],
    }


def _newest(one: Newest | None, finding: Finding) -> dict[str, str]:
    if one is None or one.result is None:
        return {}
    return {
        "run": one.run,
        "at": shown(one.at),
        "verdict": one.result.verdict.value,
        "seen": seen_of(one.result, finding),
    }


def _accepted(opened: Workspace, content: Content, finding: Finding, result: Result | None) -> str:
    """What is accepted of it today, if anything."""
    if result is None:
        return ""
    mine = tuple(one for one in result.offenders if one.id == finding.offender) or result.offenders
    cover = accepted_on_record(opened, content).cover(finding.system, replace(result, offenders=mine))
    return accepted_text(cover) if cover else ""


def _lines(finding: Finding, page: dict[str, Any]) -> Iterator[str]:
    yield f"{finding}  {named(finding)}"
    place = " / ".join(filter(None, (finding.system, finding.asset, finding.object_id)))
    words = [stage_words()[page["stage"]], severity_word(finding.severity), source_words()[page["source"]]]
    yield f"{place}  ({_('; ').join([*words, _('advisory')] if finding.advisory else words)})"
    labelled = (
        (_("check"), finding.check),
        (_("document"), " ".join(filter(None, (finding.document, finding.reference)))),
        (_("owner"), finding.owner),
        (_("measure"), finding.measure),
        (_("deadline"), page["deadline"]),
        (_("notice"), finding.notice),
        (_("accepted"), page["accepted"]),
        (_("last failure"), " ".join(filter(None, (page["failed_at"], page["failed_seen"])))),
        (_("newest evidence"), _told(page["newest"])),
        (_("newest that decides"), "" if page["decisive"] == page["newest"] else _told(page["decisive"])),
        (_("remedy"), page["remedy"]),
    )
    for label, text in labelled:
        if text:
            yield f"  {label}: {text}"


def _told(newest: dict[str, str]) -> str:
    if not newest:
        return ""
    verdict = verdict_words()[newest["verdict"]]
    return " ".join(filter(None, (newest["at"], newest["run"], verdict, newest["seen"])))


def _columns() -> tuple[Column, ...]:
    return (
        Column("at", _("time")),
        Column("kind", _("event"), words=event_words()),
        Column("run", _("run")),
        Column("person", _("who"), fold=True),
        Column("told", _("Said"), fold=True),
    )


def _move(move: Move) -> str:
    return f"{move.from_system} / {move.from_asset} → {move.to_system} / {move.to_asset}"


def _event_row(event: Event) -> dict[str, Any]:
    parts = (
        event.owner,
        event.measure,
        event.deadline.isoformat() if event.deadline else "",
        event.notice,
        reason_words()[event.reason.value] if event.reason else "",
        event.text,
        _move(event.moved) if event.moved else "",
        *(file.name for file in event.files),
    )
    return {
        "at": shown(event.at),
        "kind": event.kind.value,
        "run": event.run,
        "person": event.person,
        "told": _("; ").join(filter(None, parts)),
    }
