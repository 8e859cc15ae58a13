"""``secaudit nightly --status``: the last nights, for people and for monitoring."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from secaudit.cli.escaping import printable
from secaudit.cli.nightly_words import labelled, stage_words, state_words
from secaudit.cli.schedule_words import installing
from secaudit.cli.show import Column, show_rows
from secaudit.cli.wiring import command
from secaudit.language import _
from secaudit.model.nightly import Nightly
from secaudit.register.times import shown
from secaudit.schedule.journal import End, Mode
from secaudit.schedule.lock import holder_of
from secaudit.schedule.standing import Standing, State, code_for_monitor, standings


def show_status(
    workspace: Path,
    settings: Nightly,
    now: datetime,
    nights: int,
    output_format: str,
    mode: Mode = Mode.AUDIT,
) -> int:
    """Print them, the newest first; 0 fine, 1 findings, 3 a gap or a failed stage, 4 did not happen."""
    found = standings(workspace, settings, now, nights, mode)
    rows = [_row(one) for one in found]
    if output_format == "table":
        show_rows(_narrow(), [{**row, "time": _time(row)} for row in rows], output_format)
    else:
        show_rows(_columns(output_format), rows, output_format)
    if output_format == "table":
        for line in _told(workspace, settings, found):
            click.echo(printable(line))
    return code_for_monitor(found)


def _narrow() -> Sequence[Column]:
    """What 80 columns hold: the night has its day."""
    begin, middle, end = _columns("csv")[:2], (Column("time", _("Time")),), _columns("csv")[4:]
    return (*begin, *middle, *end)


def _time(row: Mapping[str, Any]) -> str:
    """``23:10-04:41`` by the clock of the office."""
    began, ended = (shown(at)[11:16] if (at := row[key]) else "" for key in ("began", "ended"))
    return f"{began}-{ended}" if began else ""


def _told(workspace: Path, settings: Nightly, found: Sequence[Standing]) -> list[str]:
    if not found:
        return [
            _("No night was carried out yet. Have one started every day: {command}").format(
                command=command(workspace, installing(settings))
            )
        ]
    lines = [
        labelled(f"{found[0].day} {stage_words()[one.stage]}", one.told)
        for one in (found[0].record.stages.values() if found[0].record else ())
        if one.end in (End.FAILED, End.SKIPPED)
    ]
    lines += [f"{one.day} {note}" for one in found[:1] if one.record for note in one.record.noted]
    holder = holder_of(workspace)
    if found[0].state is State.RUNNING and holder:
        lines.append(_("at work: {holder}").format(holder=holder))
    if found[0].state is State.BROKEN_OFF:
        told = _("The newest night was broken off; within its window go on with: {command}")
        lines.append(told.format(command=command(workspace, "nightly")))
    return lines


def _row(one: Standing) -> dict[str, Any]:
    record = one.record
    scan = (record.stages.get("scan") or record.stages.get("watch")) if record else None
    figures = scan.figures if scan else {}
    return {
        "night": one.day.isoformat(),
        "state": one.state.value,
        "code": one.code,
        "began": record.began if record else None,
        "ended": record.last if record and record.code is not None else None,
        "assets": figures.get("assets"),
        "unreached": figures.get("unreached"),
        "failed": figures.get("failed"),
        "unknown": figures.get("unknown"),
        "runs": figures.get("runs", []),
        "stages": _stages(one),
        "missed": [day.isoformat() for day in record.missed] if record else [],
        "noted": list(record.noted) if record else [],
    }


def _stages(one: Standing) -> dict[str, dict[str, Any]]:
    ended = one.record.stages.values() if one.record else ()
    return {each.stage: {"end": each.end.value, "code": each.code, "told": each.told} for each in ended}


def _columns(output_format: str) -> Sequence[Column]:
    columns = (
        Column("night", _("Night")),
        Column("state", _("State"), words=state_words()),
        Column("began", _("Began")),
        Column("ended", _("Ended")),
        Column("assets", _("Assets"), right=True),
        Column("unreached", _("Unreached"), right=True),
        Column("failed", _("Failed"), right=True),
        Column("unknown", _("Unknown"), right=True),
        Column("code", _("Code"), right=True),
    )
    if output_format != "json":
        return columns
    return (*columns, *(Column(name, name) for name in ("runs", "stages", "missed", "noted")))
