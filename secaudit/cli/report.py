"""``secaudit report``: the self-assessment of systems as files."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from secaudit.cli.groups import CommandWithParts
from secaudit.cli.viewed import Wanted, sources_of
from secaudit.cli.wiring import (
    Workspace,
    find_run,
    newest_run_of,
    nothing_scanned,
    open_workspace,
    tell_newer,
    tell_unreadable,
)
from secaudit.cli.writing_options import folder_option, lang_option
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.text import Language
from secaudit.plugins.formats import Write, load_formats
from secaudit.plugins.guard import PluginBroken
from secaudit.report import write_html, write_json
from secaudit.report.csv_text import write_csv
from secaudit.store import Store, UnreadableRun


def _workbook(view: dict[str, Any], path: Path, language: Language) -> None:
    from secaudit.report.workbook import write_workbook  # its library is loaded where it is used

    write_workbook(view, path, language)


def _word(
    view: dict[str, Any], path: Path, language: Language, workspace: Path | None = None
) -> Sequence[Path]:
    from secaudit.report.word import write_word  # the same

    return write_word(view, path, language, workspace)


def _pdf(view: dict[str, Any], path: Path, language: Language) -> Sequence[Path]:
    from secaudit.report.pdf import write_pdf  # the same

    return write_pdf(view, path, language)


WRITERS: dict[str, Write] = {
    "html": write_html,
    "json": lambda view, path, _language: write_json(view, path),
    "csv": write_csv,
    "xlsx": _workbook,
    "docx": _word,
    "pdf": _pdf,
}


def writers_of(asked: Sequence[str], workspace: Path) -> dict[str, Write]:
    """Format → how it is written there; what plug-ins bring is looked at only where it is asked for.

    Raises UsageError.
    """
    own = all(name in WRITERS for name in asked)
    known = WRITERS if own else {**WRITERS, **load_formats(WRITERS)[0]}
    known = {**known, "docx": partial(_word, workspace=workspace)}
    unknown = [name for name in asked if name not in known]
    if unknown or not asked:
        told = _("{unknown} is no format; known: {known}")
        raise UsageError(told.format(unknown=", ".join(unknown) or "–", known=", ".join(known)))
    return {name: known[name] for name in dict.fromkeys(asked)}


def _formats(context: click.Context, _parameter: click.Parameter, value: str) -> dict[str, Write]:
    try:
        return writers_of([part.strip() for part in value.split(",") if part.strip()], context.obj)
    except UsageError as error:
        raise click.BadParameter(str(error)) from error


@click.command(
    cls=CommandWithParts,
    parts={
        "template": "secaudit.cli.report_template:template",
        "brief": "secaudit.cli.report_brief:brief",
    },
    help=_("Write the self-assessment report of systems, or of one run (default: every system's newest)."),
)
@click.argument("names", nargs=-1, metavar=_("[SYSTEM…|RUN]"))
@click.option(
    "--format",
    "formats",
    default="html,json",
    show_default=True,
    callback=_formats,
    help=_("html, json, csv, xlsx, docx, pdf, and what plug-ins bring (secaudit plugins list)"),
)
@folder_option
@lang_option
@click.pass_obj
def report(
    workspace: Path, names: tuple[str, ...], formats: Mapping[str, Write], out: Path | None, lang: Language
) -> None:
    """The command."""
    opened = open_workspace(workspace)
    sources = sources_of(opened)
    folder = out or workspace / "reports"
    unreadable: list[UnreadableRun] = []
    broken: list[PluginBroken] = []
    with opened.open_scanned() as store:
        for wanted in _wanted(opened, store, names):
            try:
                view = sources.view(store, wanted)
            except UnreadableRun as error:
                unreadable.append(error)
                continue
            language = lang or opened.settings.language
            for path in write_reports(view, wanted, formats, folder, language, broken):
                click.echo(str(path))
    tell_broken(broken)
    tell_unreadable(unreadable)


def tell_broken(broken: Sequence[PluginBroken]) -> None:
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


def write_reports(
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
            more = write(view, path, language)
        except PluginBroken as error:
            broken.append(error)
            continue
        yield path
        yield from more or ()
