"""``secaudit system show``: one system with all that is declared."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.register_words import register_words
from secaudit.cli.show import Column, show_rows
from secaudit.language import _
from secaudit.model.register import Asset, DataSet, System
from secaudit.model.scope import Sample
from secaudit.register import load_register
from secaudit.register.duty_file import DUTY_FIELDS
from secaudit.register.registered import system_of

if TYPE_CHECKING:
    from secaudit.report.texts import Words

SURVEYED = (
    *("category", "data_grade", "personal", "persons", "volume_gb", "monthly_growth_gb"),
    *("origin", "storage", "recipients", "cross_border", "responsible"),
)


@click.command(help=_("Show a system with its assets, services and data sets."))
@click.argument("system_id", metavar=_("SYSTEM"))
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "json"]),
    default="table",
    help=_("How to print."),
)
@click.pass_obj
def show(workspace: Path, system_id: str, output_format: str) -> int:
    system = system_of(load_register(workspace), system_id)
    if output_format == "json":
        content = {**dataclasses.asdict(system), "grade": str(system.grade), "level": system.level}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))
    else:
        _tables(system)
    return ExitCode.CLEAN


def _tables(system: System) -> None:
    for label, value in _facts(system):
        if value:
            click.echo(f"{label}: {printable(value)}")
    if system.assets:
        show_rows(_asset_columns(), [_asset(asset) for asset in system.assets], "table")
    if system.shared:
        show_rows(_shared_columns(), [dataclasses.asdict(one) for one in system.shared], "table")
    for choice in system.samples:
        click.echo(printable(_sampled(choice, system)))
    if system.data_sets:
        show_rows(_data_columns(), [_data_set(item) for item in system.data_sets], "table")
        _show_survey(system.data_sets)


def _facts(system: System) -> list[tuple[str, str]]:
    people = ", ".join(f"{item.name} ({item.role})" for item in system.contacts)
    return [
        (_("System"), f"{system.id}  {system.name}"),
        (_("Organisation"), system.organisation),
        (_("Grade"), str(system.grade)),
        (_("Extension requirements"), ", ".join(system.extensions)),
        (_("Description"), system.description),
        *_duties(system),
        (_("Internet-facing"), _("yes") if system.internet_facing else _("no")),
        (_("Agencies"), ", ".join(system.agencies)),
        (_("People"), people),
    ]


def _duties(system: System) -> Iterator[tuple[str, str]]:
    """What is on record of its filing, evaluations and drills, in the words of the workbook."""
    words = register_words()
    if system.grading:
        yield _("Grading by its harm"), str(system.grading)
    for name in DUTY_FIELDS:
        value = getattr(system, name)
        yield words(name), words.known(f"{name}_{value}", str(value)) if value else ""


def _asset_columns() -> tuple[Column, ...]:
    return (
        Column("id", _("Asset")),
        Column("kind", _("Kind")),
        Column("name", _("Name"), fold=True),
        Column("address", _("Address"), fold=True),
        Column("zone", _("Zone"), fold=True),
        Column("reach", _("Reach"), fold=True),
        Column("services", _("Services"), fold=True),
    )


def _asset(asset: Asset) -> dict[str, Any]:
    services = [f"{item.port}/{item.protocol} {item.purpose}" for item in asset.services]
    row = {name: getattr(asset, name) for name in ("id", "kind", "name", "address", "zone")}
    return {**row, "reach": _reach(asset), "services": services}


def _reach(asset: Asset) -> str:
    reach = asset.reach
    match reach.transport:
        case "ssh":
            opened = "agent" if reach.agent else reach.key or reach.password
            shown = f"ssh {reach.user}:{reach.port} {opened} sudo={reach.sudo}"
            if reach.jump:
                shown += " jump=" + ",".join(hop.id for hop in reach.jump)
            if reach.weak_algorithms:
                shown += " weak=" + ",".join(reach.weak_algorithms)
            return shown
        case "bundle":
            return "bundle"
        case "none":
            return ""
        case other:
            return f"{other} sudo={reach.sudo}"


def _shared_columns() -> tuple[Column, ...]:
    return (
        Column("id", _("Shared object")),
        Column("kind", _("Kind")),
        Column("name", _("Name"), fold=True),
    )


def _sampled(choice: Sample, system: System) -> str:
    told = _("Sampled {kind}: {count} of {all} ({assets}), chosen by {person} on {date}: {reason}")
    return told.format(
        kind=choice.kind,
        count=len(choice.assets),
        all=sum(asset.kind == choice.kind for asset in system.assets),
        assets=", ".join(choice.assets),
        person=choice.person,
        date=choice.day,
        reason=choice.reason,
    )


def _data_columns() -> tuple[Column, ...]:
    return (
        Column("id", _("Data set")),
        Column("name", _("Name"), fold=True),
        Column("asset", _("Asset")),
        Column("artefacts", _("Backups"), fold=True),
        Column("method", _("Method"), fold=True),
        Column("rpo_h", _("RPO, hours"), right=True),
        Column("rto_h", _("RTO, hours"), right=True),
        Column("targets", _("Copies"), fold=True),
    )


def _data_set(item: DataSet) -> dict[str, Any]:
    targets = [f"{target.asset or target.address}:{target.path}" for target in item.targets]
    names = ("id", "name", "asset", "artefacts", "method", "rpo_h", "rto_h")
    return {**{name: getattr(item, name) for name in names}, "targets": targets}


def _show_survey(items: Sequence[DataSet]) -> None:
    """What the data survey asks, of the data sets of which anything of it is on record."""
    words = register_words()
    columns = (Column("id", _("Data set")), *(Column(name, words(name), fold=True) for name in SURVEYED))
    rows = [
        {"id": item.id, **{name: _worded(words, name, getattr(item, name)) for name in SURVEYED}}
        for item in items
        if any(getattr(item, name) not in ("", None) for name in SURVEYED)
    ]
    if rows:
        show_rows(columns, rows, "table")


def _worded(words: Words, name: str, value: Any) -> Any:
    if isinstance(value, bool):
        return words("yes" if value else "no")
    return words.known(f"{name}_{value}", value) if isinstance(value, str) and value else value
