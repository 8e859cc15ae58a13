"""``secaudit plan --notice``: what the approver of a scan is told, as text, HTML or JSON."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from secaudit import clock
from secaudit.audit import Rules
from secaudit.audit.impact import Circumstances, Measured, impact_of, measured
from secaudit.cli.notice_text import notice_lines
from secaudit.cli.wiring import Workspace, newest_run_of
from secaudit.collect.visit import PORTS_OF_THE_ASSET
from secaudit.errors import NotAuthorised, UsageError
from secaudit.language import _
from secaudit.model.run import Plan
from secaudit.model.text import Language
from secaudit.report.notice_html import notice_words, render_notice
from secaudit.report.output import write_text

FORMATS = ("text", "html", "json")


def notice_of(
    opened: Workspace, plan: Plan, rules: Rules, refusals: Mapping[tuple[str, str], NotAuthorised]
) -> dict[str, Any]:
    """The notice on a plan as data."""
    about = Circumstances(
        office=opened.settings.office,
        now=clock.now(),
        authorisations={item.id: item for item in opened.register.authorisations},
        blackouts=opened.register.blackouts,
        refusals={asset_id: str(refusal) for (_system, asset_id), refusal in refusals.items()},
        last=_last_visits(opened, plan),
        jobs=opened.settings.pace.jobs,
        visit_s=opened.settings.pace.visit_s,
        more_ports=PORTS_OF_THE_ASSET,
    )
    return impact_of(plan, rules.content, rules.facts, about)


def write_notice(view: dict[str, Any], output_format: str, language: Language, out: Path | None) -> None:
    """Write the notice to a file of mode 0600, or print it. Raises UsageError."""
    parts = _parts(view, output_format, language)
    if out is None:
        for part in parts:
            click.echo(part, nl=False)
        return
    write_text(out, parts)
    click.echo(_("The notice is written to {path}.").format(path=out))


def _parts(view: dict[str, Any], output_format: str, language: Language) -> Iterable[str]:
    match output_format:
        case "html":
            return render_notice(view, language)
        case "json":
            return (json.dumps(view, ensure_ascii=False, indent=2), "\n")
        case _:
            return (f"{line}\n" for line in notice_lines(view, notice_words(language)))


def _last_visits(opened: Workspace, plan: Plan) -> dict[str, Measured]:
    """What the newest complete run of each system measured, as far as there is one."""
    planned = {asset.asset_id for asset in plan.assets}
    found: dict[str, Measured] = {}
    with suppress(UsageError), opened.open_scanned() as store:  # nothing was scanned yet
        for system in plan.systems:
            with suppress(UsageError):  # no complete run of this system
                run_id = newest_run_of(store, system.id).id
                for record in store.records(run_id):
                    if record.asset_id in planned and record.gap is None:
                        figures = measured(record, store.observations(run_id, record.asset_id))
                        found |= {record.asset_id: figures} if figures else {}
    return found
