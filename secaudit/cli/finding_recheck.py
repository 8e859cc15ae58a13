"""``secaudit finding recheck``: what became of the findings of a notice (复查), before and after side by side."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

import click

from secaudit import __version__, clock
from secaudit.assess.rechecking import Newest
from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_details import chosen, details_of, unsettled
from secaudit.cli.option_values import option_value
from secaudit.cli.wiring import Workspace, open_workspace
from secaudit.cli.writing_options import folder_option, formats_option, lang_option
from secaudit.content import Content
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.finding import Finding
from secaudit.model.rectification import RectificationNotice
from secaudit.model.result import Result
from secaudit.model.text import Language
from secaudit.register.rectification import load_notices
from secaudit.register.times import in_zone
from secaudit.register.values import named_line
from secaudit.report.finding_detail import results_in
from secaudit.report.output import write_bytes, write_json, write_text
from secaudit.report.recheck import Lookup, Subject, recheck_view
from secaudit.report.recheck_html import render_recheck
from secaudit.store import Store

FORMATS: Final = ("html", "docx", "json")


@click.command(
    help=_(
        "Write the recheck of the findings of NOTICE (or of a system or an organisation): what each was and what it "
        "is now, with the evidence before and after. Only evidence collected after the notice and after a claim "
        "counts; what has none cannot be verified. It visits nothing: test first with finding retest."
    )
)
@click.argument("number", metavar=_("[NOTICE]"), required=False)
@click.option("--system", metavar=_("SYSTEM"), help=_("The findings of this system that are not closed."))
@click.option(
    "--organisation",
    metavar=_("ORGANISATION"),
    help=_("Those of the systems of this organisation and of those below it."),
)
@click.option("--person", default="", help=_("Who rechecks."))
@formats_option(FORMATS, default="html,docx")
@folder_option
@lang_option
@click.pass_obj
def recheck(
    workspace: Path,
    number: str | None,
    system: str | None,
    organisation: str | None,
    person: str,
    formats: tuple[str, ...],
    out: Path | None,
    lang: Language | None,
) -> int:
    """The command."""
    if bool(number) == bool(system or organisation):
        raise click.UsageError(_("name NOTICE, or --system or --organisation"))
    opened, content = open_workspace(workspace), content_of(workspace)
    person = option_value(named_line, person, "--person") if person else ""
    with opened.open_store() as store:
        if number:
            notice = _notice(workspace, number)
            findings = [store.findings.with_history(one) for one in notice.findings]
            subject = _subject(opened, _name(opened, notice.organisation), person, notice)
        else:
            owner = chosen(opened, system, organisation)
            findings = unsettled(store, owner.systems)
            subject = _subject(opened, owner.name, person, None)
        view = recheck_view(findings, subject, _lookup(opened, store, content))
    stem = _file_name(number or system or organisation or "")
    for path in _written(
        view, formats, (out or workspace / "reports") / stem, lang or opened.settings.language, workspace
    ):
        click.echo(printable(str(path)))
    return ExitCode.CLEAN


def _notice(workspace: Path, number: str) -> RectificationNotice:
    notices = load_notices(workspace)
    found = next((one for one in notices if one.number == number), None)
    if found is None:
        known = ", ".join(one.number for one in notices[-5:])
        raise UsageError(
            _("There is no notice {number}.").format(number=number),
            hint=_("The newest: {numbers}").format(numbers=known) if known else None,
        )
    return found


def _name(opened: Workspace, organisation: str) -> str:
    return next((one.name for one in opened.register.organisations if one.id == organisation), organisation)


def _subject(opened: Workspace, name: str, person: str, notice: RectificationNotice | None) -> Subject:
    now = clock.now()
    return Subject(
        office=opened.settings.office,
        organisation=name,
        notice=notice.number if notice else "",
        notice_day=notice.day if notice else None,
        person=person,
        day=in_zone(now).date(),
        generated_at=now,
        version=__version__,
    )


def _lookup(opened: Workspace, store: Store, content: Content) -> Lookup:
    """Each asset's visits are listed once, and what it answered in a run read once."""
    visits = lru_cache(maxsize=256)(store.visits_of)
    results = lru_cache(maxsize=64)(partial(results_in, store))
    details = details_of(opened, store, content)

    def visited_at(run: str, asset: str) -> datetime | None:
        return next((at for one, at in visits(asset) if one == run), None)

    def result(run: str, finding: Finding) -> Result | None:
        asset = next((one for one in finding.asset_ids if visited_at(run, one)), None)
        if asset is None:
            return None
        where = finding.check, finding.object_id or asset
        return next((one for one in results(run, asset) if (one.check_id, one.object_id) == where), None)

    def newest(finding: Finding) -> Newest | None:
        seen = (visit for asset in finding.asset_ids for visit in visits(asset))
        said = ((run, at, result(run, finding)) for run, at in seen)
        return next((Newest(run, at, one) for run, at, one in said if one is not None), None)

    observations = lru_cache(maxsize=8)(store.observations)
    return Lookup(newest, result, visited_at, observations, details.of)


def _written(
    view: dict[str, Any], formats: Sequence[str], stem: Path, language: Language, workspace: Path
) -> list[Path]:
    suffix = "" if language == "zh" else f".{language}"
    paths = []
    for name in formats:
        path = stem.with_name(f"{stem.name}{suffix if name != 'json' else ''}.{name}")
        match name:
            case "html":
                write_text(path, render_recheck(view, language))
            case "docx":
                write_bytes(path, [_word(view, language, workspace)])
            case _:
                write_json(view, path)
        paths.append(path)
    return paths


def _word(view: dict[str, Any], language: Language, workspace: Path) -> bytes:
    from secaudit.report.recheck_word import (
        FORM,
        render_recheck_word,
    )  # its library is loaded where it is used
    from secaudit.report.word_filling import template_of

    return render_recheck_word(view, language, template_of(FORM, language, workspace))


def _file_name(text: str) -> str:
    """A number or id as a part of a file's name."""
    return "recheck-" + (re.sub(r"[^\w〔〕()（）.-]+", "_", text).strip("._") or "findings")
