"""``secaudit assess``: the open steps, and the refusal of a conclusion while there are any."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import click

from secaudit.assess.figures import Figures
from secaudit.assess.open_steps import OpenStep, open_steps
from secaudit.cli.show import Column, show_rows
from secaudit.cli.wiring import command
from secaudit.cli.words import gap_words, spoken
from secaudit.language import _
from secaudit.model.assessment import Assessment, Decider, Exemption, StepOutcome
from secaudit.model.evidence import GapReason

UNSEEN_SHOWN = 5  # assets of a step
SHOWN = 20  # open steps that a refusal names


def show_refusal(workspace: Path, assessment: Assessment, figures: Figures) -> None:
    """Why there is no final conclusion: the first open steps, the undecided risks, and how to see all."""
    told = _("No final conclusion for {system}: {steps} steps are open, {risks} risks undecided.")
    counts = {"steps": figures.open_steps, "risks": len(figures.undecided)}
    click.echo(told.format(system=assessment.system_id, **counts))
    columns = [column for column in open_columns() if column.key not in ("system", "kind")]
    show_rows(
        columns,
        [open_row(assessment, one) for one in islice(open_steps(assessment), SHOWN)],
        "table",
    )
    if figures.open_steps > SHOWN:
        click.echo(_("… and {count} more").format(count=figures.open_steps - SHOWN))
    for what, arguments in _next(assessment.system_id, figures):
        line = _("{what}: {command}").format(what=what, command=command(workspace, arguments))
        click.echo(f"  → {line}")


def _next(system_id: str, figures: Figures) -> list[tuple[str, str]]:
    steps = [
        (_("all open steps"), f"assess {system_id} --open"),
        (_("answer them"), f"attest export {system_id}"),
    ]
    risks = [
        (
            _("decide on {risks}").format(risks=", ".join(figures.undecided)),
            f"risk list {system_id} --undecided",
        )
    ]
    between = [(_("the range meanwhile"), f"assess {system_id} --provisional")]
    return (steps if figures.open_steps else []) + (risks if figures.undecided else []) + between


def open_columns() -> list[Column]:
    """The columns of open steps."""
    return [
        Column("system", _("system")),
        Column("step", _("step")),
        Column("kind", _("kind"), fold=True),
        Column("object", _("object"), fold=True),
        Column("reason", _("why it is open"), words=_reasons(), fold=True),
        Column("gaps", _("what is missing"), fold=True),
        Column("question", _("what is asked"), fold=True),
    ]


def _reasons() -> dict[str, str]:
    return {
        Decider.PERSON.value: _("waiting for a person"),
        Decider.PERSON_REST.value: _("a person answers the rest"),
        Decider.EVIDENCE_MISSING.value: _("evidence missing"),
        Decider.REGISTER.value: _("the register does not suffice"),
    }


def _lacking() -> dict[Exemption, str]:
    """What a record of the platform lacks."""
    return {
        Exemption.FILING_MISSING: _("filing number of the platform"),
        Exemption.LEVEL_MISSING: _("level of the platform"),
        Exemption.LEVEL_LOWER: _("a platform of at least the level of the system"),
        Exemption.REPORT_MISSING: _("number of the platform's evaluation report"),
        Exemption.REPORT_DATE_MISSING: _("date of the platform's evaluation report"),
        Exemption.REPORT_LATER: _("an evaluation report of the platform that is not of a later day"),
        Exemption.REPORT_EXPIRED: _("an evaluation report of the platform that has not expired"),
        Exemption.SPLIT_MISSING: _("the document that divides the responsibility"),
    }


def _missing(step: StepOutcome, gaps: Iterable[str]) -> list[str]:
    """Reasons of gaps, what was not looked at, what the register lacks."""
    shown = [_("not seen by a machine: {asset}").format(asset=asset) for asset in step.unseen[:UNSEEN_SHOWN]]
    unseen = [*shown, "…"] if len(step.unseen) > UNSEEN_SHOWN else shown
    lacking = [_lacking()[exemption] for exemption in step.exemptions]
    return [*dict.fromkeys(gap_words()[GapReason(reason)] for reason in gaps), *unseen, *lacking]


def open_row(assessment: Assessment, one: OpenStep) -> dict[str, Any]:
    """An open step as a row; what nobody has registered has no object."""
    return {
        "system": assessment.system_id,
        "step": one.step.step.id,
        "kind": one.outcome.object_kind,
        "object": one.outcome.object_id if one.outcome.registered else "",
        "reason": one.step.decider.value,
        "gaps": _missing(one.step, one.gaps.values()),
        "question": spoken(one.step.step.question),
    }
