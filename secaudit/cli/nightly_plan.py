"""``secaudit nightly --dry-run``: what this night would scan and why, and how far it is."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.nightly_scan import planned
from secaudit.cli.nightly_tonight import Tonight
from secaudit.cli.nightly_words import stage_line, why_words
from secaudit.cli.show import Column, show_rows
from secaudit.language import _
from secaudit.register.times import shown
from secaudit.schedule.journal import Journal, Mode
from secaudit.schedule.owed import Owed, Why, owed_by
from secaudit.store import is_absent


def show_plan(tonight: Tonight, output_format: str) -> int:
    """Print it; nothing is visited, written or created."""
    owed = _owed(tonight)
    due = [one.system for one in owed if one.why is Why.DUE]
    plans, refused = planned(tonight, due)
    assets = {plan.systems[0].id: len(plan.assets) for plan in plans}
    rows = [_row(one, assets, {name: str(error) for name, error in refused.items()}) for one in owed]
    if output_format == "table":
        for line in _head(tonight):
            click.echo(printable(line))
    show_rows(_columns(), rows, output_format)
    return ExitCode.NOT_JUDGED if refused else ExitCode.CLEAN


def _owed(tonight: Tonight) -> list[Owed]:
    opened = tonight.opened
    if is_absent(opened.settings.database):  # only looking creates none
        return owed_by(tonight.settings, opened.register.systems, {}, tonight.night)
    with opened.open_store() as store:
        return tonight.owed(store)


def _head(tonight: Tonight) -> Iterator[str]:
    night, settings = tonight.night, tonight.settings
    told = _("Night of {day}: window {opens} to {closes}, no visit begins after {last}")
    yield told.format(
        day=night.day, opens=shown(night.opens), closes=shown(night.closes), last=shown(night.last_start)
    )
    record = Journal(tonight.folder, night.day, Mode.AUDIT).read()
    for ended in record.stages.values() if record else ():
        yield f"  {stage_line(ended)}"
    formats = _("Reports: {formats} into {folder}; packages: {who}")
    nobody = _("none, nobody is named who builds them")
    yield formats.format(
        formats=", ".join(settings.formats), folder=settings.reports, who=settings.packages_by or nobody
    )


def _row(one: Owed, assets: dict[str, int], refused: dict[str, str]) -> dict[str, Any]:
    return {
        "system": one.system,
        "why": one.why.value,
        "assets": assets.get(one.system),
        "last": one.last,
        "refused": refused.get(one.system, ""),
    }


def _columns() -> Sequence[Column]:
    return (
        Column("system", _("System")),
        Column("why", _("This night"), words=why_words()),
        Column("assets", _("Assets"), right=True),
        Column("last", _("Last scan")),
        Column("refused", _("Cannot be scanned"), fold=True),
    )
