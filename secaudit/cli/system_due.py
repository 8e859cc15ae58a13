"""``secaudit system due``: what has to be done by when, and what is late."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from secaudit.cli.attest_system import owed_by
from secaudit.cli.content_source import content_of
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.option_values import option_value
from secaudit.cli.register_words import register_words
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.language import _
from secaudit.model.due import Due, DueState, Duty
from secaudit.model.register import Register
from secaudit.register import load_register, load_settings
from secaudit.register.acceptances import load_acceptances
from secaudit.register.attestations import load_attestations
from secaudit.register.due import (
    due_by_cycles,
    due_filings,
    expiring_acceptances,
    expiring_answers,
    expiring_decisions,
)
from secaudit.register.registered import system_of
from secaudit.register.risks import effective, load_risk_decisions
from secaudit.register.times import office_day

LATE = (DueState.OVERDUE, DueState.UNRECORDED)
DAYS = {"d": 1, "w": 7}


@click.command(
    help=_("Show what is due: filing, evaluation, self-assessment, drills, and what expires."),
    epilog=_("Exit code 1: something is overdue, or nothing on record shows that it was done."),
)
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@click.option(
    "--within",
    default="30d",
    show_default=True,
    metavar=_("DAYS"),
    help=_("How far to look ahead: 30d, 8w."),
)
@click.option("--all", "everything", is_flag=True, help=_("Also what is due later."))
@format_option
@click.pass_obj
def due(workspace: Path, systems: tuple[str, ...], within: str, everything: bool, output_format: str) -> int:
    """The command."""
    days = option_value(_days, within, "--within")
    register, today = load_register(workspace), office_day()
    wanted = {system_of(register, name).id for name in systems}
    found = [one for one in _sources(workspace, register) if not wanted or one.owner in wanted]
    states = {one: one.state(today, days) for one in found}
    shown = [one for one in found if everything or states[one] is not DueState.LATER]
    shown.sort(key=lambda one: _order(one, states[one]))
    names = {
        **{one.id: one.name for one in register.organisations},
        **{one.id: one.name for one in register.systems},
    }
    rows = [_row(one, states[one], names, today) for one in shown]
    show_rows(_columns(output_format, rows), rows, output_format)
    return ExitCode.FINDINGS if any(states[one] in LATE for one in shown) else ExitCode.CLEAN


def _order(one: Due, state: DueState) -> tuple[Any, ...]:
    """What is late first, the longest first."""
    return list(DueState).index(state), one.due_on or date.min, one.owner, list(Duty).index(one.duty)


def _sources(workspace: Path, register: Register) -> Iterator[Due]:
    yield from due_filings(register.systems)
    yield from due_by_cycles(register.systems, load_settings(workspace).cycles)
    content = content_of(workspace)
    objects = {system.id: owed_by(content, system).object_ids for system in register.systems}
    yield from expiring_answers(load_attestations(workspace, register), objects)
    yield from expiring_acceptances(register, load_acceptances(workspace))
    yield from expiring_decisions(register, effective(workspace, load_risk_decisions(workspace, register)))


def _days(text: str) -> int:
    match = re.fullmatch(r"([0-9]{1,4})([dw])", text)
    if match is None:
        raise ValueError(_("a number of days or weeks expected, like 30d or 8w"))
    return int(match[1]) * DAYS[match[2]]


def _row(one: Due, state: DueState, names: dict[str, str], today: date) -> dict[str, Any]:
    return {
        "owner": one.owner,
        "name": names[one.owner],
        "duty": one.duty.value,
        "state": state.value,
        "due_on": one.due_on.isoformat() if one.due_on else "",
        "days": (one.due_on - today).days if one.due_on else None,
        "last": one.last.isoformat() if one.last else "",
        "count": one.count,
        "rule": one.rule,
        "source": one.source,
    }


def _columns(output_format: str, rows: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    words = register_words()
    columns = (
        Column("owner", _("Owner")),
        Column("name", _("Name"), fold=True),
        Column("duty", _("Due"), words={duty.value: words(f"duty_{duty}") for duty in Duty}),
        Column("state", _("State"), words={state.value: words(f"due_{state}") for state in DueState}),
        Column("due_on", _("Until")),
        Column("days", _("Days left"), right=True),
        Column("last", _("Last done")),
        Column("count", _("Things"), right=True),
        Column("rule", _("Rule"), fold=True),
        Column("source", _("Source"), fold=True),
    )
    if output_format == "table" and all(row["count"] == 1 for row in rows):
        return tuple(column for column in columns if column.key != "count")
    return columns
