"""``secaudit risk list``: every risk of systems, on what grounds, and what was decided."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from secaudit.assess.risks import Risk, Ruling
from secaudit.assess.standing import Standing
from secaudit.cli.assessed import each_of
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.wiring import open_workspace, tell_unreadable
from secaudit.cli.words import spoken
from secaudit.language import _
from secaudit.model.risk import RiskDecision
from secaudit.store import UnreadableRun

DECIDED: Final = ("system", "risk", "hazard", "standing", "objects", "case", "person", "reason")
TO_DECIDE: Final = (
    "system",
    "risk",
    "hazard",
    "basis",
    "objects",
    "case",
    "source",
    "downgradable",
    "mitigation",
)


@click.command("list", help=_("The risks of systems (default: all that were scanned), and what was decided."))
@click.argument("systems", nargs=-1, metavar=_("[SYSTEM]…"))
@click.option("--undecided", is_flag=True, help=_("Only what waits for a person."))
@format_option
@click.pass_obj
def list_risks(workspace: Path, systems: tuple[str, ...], undecided: bool, output_format: str) -> int:
    """The command."""
    unreadable: list[UnreadableRun] = []
    found = each_of(open_workspace(workspace), systems, unreadable)
    rows = [
        {"system": one.system.id, **row}
        for one in found
        for risk in one.risks.risks
        for row in _rows(risk)
        if not undecided or row["standing"] == Standing.UNDECIDED.value
    ]
    columns = _columns(for_programs=output_format != "table", undecided=undecided)
    show_rows(columns, rows, output_format)
    tell_unreadable(unreadable)
    return ExitCode.CLEAN


def _rows(risk: Risk) -> Iterator[dict[str, Any]]:
    """Grounds of one kind in one row, with their objects."""
    rows: dict[str, dict[str, Any]] = {}
    for one in risk.rulings:
        row = _row(risk, one)
        rows.setdefault(repr(row), {**row, "objects": []})["objects"].append(one.ground.object_id)
    yield from rows.values()


def _row(risk: Risk, one: Ruling) -> dict[str, Any]:
    condition = risk.condition
    return {
        "risk": risk.id,
        "hazard": risk.hazard,
        "standing": one.standing.value,
        "source": one.ground.source,
        "case": spoken(one.case or risk.text),
        "basis": condition.basis if condition else "",
        "scope": condition.scope if condition else "",
        "downgradable": condition.downgradable if condition else "no",
        "mitigation": spoken(condition.mitigation) if condition else "",
        "shown": one.shown,
        **_decided(one.decision or one.reopened),
    }


def _decided(one: RiskDecision | None) -> dict[str, Any]:
    """What was decided; of an undecided risk what no longer counts."""
    if one is None:
        return {}
    return {
        "level": one.level.value if one.level else "",
        "person": one.person,
        "date": one.day.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        "reason": one.reason,
        "measure": one.measure,
        "files": [file.name for file in one.files],
    }


def _columns(*, for_programs: bool, undecided: bool) -> list[Column]:
    """For a person what was decided, or what there is to decide on; for programs all."""
    known = {
        column.key: column
        for column in (
            Column("system", _("system")),
            Column("risk", _("risk")),
            Column("hazard", _("hazard")),
            Column("basis", _("counts under"), words=_templates(), fold=True),
            Column("standing", _("State"), words=standing_words(), fold=True),
            Column("objects", _("objects"), fold=True),
            Column("case", _("case"), fold=True),
            Column("source", _("shown by"), fold=True),
            Column("downgradable", _("downgrade"), words=_allowed(), fold=True),
            Column("mitigation", _("what mitigates it"), fold=True),
            Column("person", _("Decided by"), fold=True),
            Column("reason", _("Reason"), fold=True),
            *(
                Column(key, key)
                for key in ("scope", "shown", "level", "date", "valid_until", "measure", "files")
            ),
        )
    }
    if for_programs:
        return list(known.values())
    shown = TO_DECIDE if undecided else DECIDED
    return [known[key] for key in shown]


def _templates() -> dict[str, str]:
    return {"SG2025": _("both templates"), "T2020": _("2021 alone")}


def standing_words() -> dict[str, str]:
    """What stands of a risk, for a person at a terminal."""
    return {
        Standing.CONFIRMED: _("confirmed"),
        Standing.UNDECIDED: _("undecided"),
        Standing.DOWNGRADED: _("downgraded"),
        Standing.EXCLUDED: _("not in scope"),
        Standing.RECTIFIED: _("rectified"),
    }


def _allowed() -> dict[str, str]:
    return {"yes": _("allowed"), "no": _("never"), "partial": _("in some cases")}
