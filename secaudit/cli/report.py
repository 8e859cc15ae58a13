"""``secaudit report``: the self-assessment of systems as files."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from secaudit.assess import assess, catalogue_for
from secaudit.audit.planning import expected_of
from secaudit.cli.accepted import accepted_on_record
from secaudit.cli.content_source import content_of
from secaudit.cli.wiring import (
    OnRecord,
    Workspace,
    find_run,
    judgement_of,
    newest_run_of,
    nothing_scanned,
    on_record,
    open_workspace,
    tell_newer,
    tell_unreadable,
)
from secaudit.content import Content
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Organisation, System
from secaudit.model.run import Run
from secaudit.model.text import Language
from secaudit.plugins import load_plugins
from secaudit.plugins.formats import Write, load_formats
from secaudit.plugins.guard import PluginBroken
from secaudit.report import Material, complete_records, view_of, write_html, write_json
from secaudit.store import Store, UnreadableRun

WRITERS: dict[str, Write] = {
    "html": write_html,
    "json": lambda view, path, _language: write_json(view, path),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One system on one run."""

    system_id: str
    run_id: str


def _formats(_context: click.Context, _parameter: click.Parameter, value: str) -> dict[str, Write]:
    """Format → how it is written; what plug-ins bring is looked at only where it is asked for."""
    asked = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
    own = all(name in WRITERS for name in asked)
    known = WRITERS if own else {**WRITERS, **load_formats(WRITERS)[0]}
    unknown = [name for name in asked if name not in known]
    if unknown or not asked:
        raise click.BadParameter(
            _("{unknown} is no format; known: {known}").format(unknown=value, known=", ".join(known))
        )
    return {name: known[name] for name in asked}


@click.command(
    help=_("Write the self-assessment report of systems, or of one run (default: every system's newest).")
)
@click.argument("names", nargs=-1, metavar=_("[SYSTEM…|RUN]"))
@click.option(
    "--format",
    "formats",
    default="html,json",
    show_default=True,
    callback=_formats,
    help=_("html, json, and what plug-ins bring (secaudit plugins list)"),
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help=_("Folder (default: reports)."))
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    help=_("Language of the report (default: that of the workspace)."),
)
@click.pass_obj
def report(
    workspace: Path, names: tuple[str, ...], formats: Mapping[str, Write], out: Path | None, lang: Language
) -> None:
    """The command."""
    opened = open_workspace(workspace)
    content, answered = content_of(workspace), on_record(opened)
    accepted = accepted_on_record(opened, content)
    folder = out or workspace / "reports"
    unreadable: list[UnreadableRun] = []
    broken: list[PluginBroken] = []
    with opened.open_scanned() as store:
        for wanted in _wanted(opened, store, names):
            try:
                material = _material(opened, answered, store, content, wanted)
                view = view_of(replace(material, acceptances=accepted))
            except UnreadableRun as error:
                unreadable.append(error)
                continue
            language = lang or opened.settings.language
            for path in _written(view, wanted, formats, folder, language, broken):
                click.echo(str(path))
    _tell_broken(broken)
    tell_unreadable(unreadable)


def _tell_broken(broken: Sequence[PluginBroken]) -> None:
    """Raise one error for all formats that could not be written, once the others are."""
    if broken:
        raise UsageError("\n".join(dict.fromkeys(map(str, broken))), hint=broken[0].hint)


def _wanted(opened: Workspace, store: Store, names: tuple[str, ...]) -> list[Wanted]:
    """What was asked: systems by id, or all systems of one run; by default every system that was scanned."""
    registered = {system.id for system in opened.register.systems}
    if not names:
        audited = {system_id for run in store.runs() for system_id in run.systems}
        names = tuple(system.id for system in opened.register.systems if system.id in audited)
    if not names:
        raise nothing_scanned()
    if len(names) == 1 and names[0] not in registered:
        run = find_run(store, names[0])
        return [Wanted(system_id, run.id) for system_id in run.systems]
    return [Wanted(name, _newest(store, name)) for name in names]


def _newest(store: Store, system_id: str) -> str:
    run = newest_run_of(store, system_id)
    tell_newer(store, run, system_id)
    return run.id


def _material(
    opened: Workspace, answered: OnRecord, store: Store, content: Content, wanted: Wanted
) -> Material:
    run = store.run(wanted.run_id)
    system = next(system for system in run.plan.systems if system.id == wanted.system_id)
    own = {asset.id for asset in system.assets}
    visited = own & set(store.visited(run.id))
    records = complete_records(run, system.id, (r for r in store.records(run.id) if r.asset_id in own))
    judgement = judgement_of(store, run.id, content)
    catalogue = catalogue_for(content.catalogues, system.grade, system.extensions)
    return Material(
        office=opened.settings.office,
        organisations=_path(run.plan.organisations, system),
        system=system,
        run=run,
        profile=run.plan.profiles[system.id].id,
        assessment=assess(system, catalogue, content.checks, records, answered.answers(system, catalogue)),
        records=records,
        planned=_planned(run, system, content if judgement.number else None, visited),
        observations=lambda asset_id: store.observations(run.id, asset_id),
        checks=content.checks,
        facts=load_plugins().facts,
        references=content.references,
        judgement=judgement.number,
        judged_at=judgement.judged_at,
        judged_by=judgement.versions,
        generated_at=datetime.now(UTC),
    )


def _planned(run: Run, system: System, content: Content | None, visited: Collection[str]) -> int:
    """How many verdicts are owed: by the plan, or by the content that judged what was visited again."""
    assets = {asset.id: asset for asset in system.assets}
    return sum(
        len(expected_of(assets[plan.asset_id], system, content, run.plan.profiles[system.id]))
        if content is not None and plan.asset_id in visited
        else len(plan.expected)
        for plan in run.plan.assets
        if plan.system_id == system.id
    )


def _path(organisations: tuple[Organisation, ...], system: System) -> tuple[str, ...]:
    """The names of the owner and those above it, the top first."""
    by_id = {organisation.id: organisation for organisation in organisations}
    names: list[str] = []
    owner = by_id.get(system.organisation)
    while owner:
        names.insert(0, owner.name)
        owner = by_id.get(owner.parent or "")
    return tuple(names) or (system.organisation,)


def _written(
    view: dict[str, Any],
    wanted: Wanted,
    formats: Mapping[str, Write],
    folder: Path,
    language: Language,
    broken: list[PluginBroken],
) -> Iterator[Path]:
    """The files as they are written; a plug-in's format that cannot be goes into ``broken``."""
    for name, write in formats.items():
        suffix = "" if language == "zh" or name == "json" else f".{language}"
        path = folder / f"{wanted.system_id}-{wanted.run_id}{suffix}.{name}"
        try:
            write(view, path, language)
        except PluginBroken as error:
            broken.append(error)
            continue
        yield path
