"""``secaudit finding import``: what evaluators, authorities and scanners found, from their lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from secaudit import clock
from secaudit.assess import catalogue_for
from secaudit.assess.named_items import named_item
from secaudit.assess.reporting import Paper, Told
from secaudit.audit.rectifying import compare_reported, put_reported
from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_words import stage_words
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.wiring import Workspace, open_workspace
from secaudit.cli.words import severity_words
from secaudit.content import Content
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.attestation import EvidenceFile
from secaudit.model.finding import Finding, Source, Stage
from secaudit.model.register import Asset, System
from secaudit.model.reported import Report, Reported
from secaudit.model.text import Language
from secaudit.register.acts import read_evidence
from secaudit.register.registered import system_of
from secaudit.register.reported import keep_report
from secaudit.register.times import beginning, in_zone
from secaudit.register.values import named_line, real_date

SOURCES: Final = {
    "evaluation": Source.EVALUATION,
    "测评": Source.EVALUATION,
    "police": Source.POLICE,
    "公安通报": Source.POLICE,
    "cyberspace": Source.CYBERSPACE,
    "网信通报": Source.CYBERSPACE,
    "vulnerability-scan": Source.VULNERABILITY_SCAN,
    "漏扫": Source.VULNERABILITY_SCAN,
    "drill": Source.DRILL,
    "演练": Source.DRILL,
    "cryptography": Source.CRYPTOGRAPHY,
    "密评": Source.CRYPTOGRAPHY,
}


@click.command(
    "import",
    help=_(
        "Take over the findings of a list (.xlsx or .csv) that others made, all or none. The same list again, or one "
        "that has grown, doubles nothing and opens nothing that was closed."
    ),
)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar=_("FILE"), required=False
)
@click.option("--source", type=click.Choice(list(SOURCES)), help=_("Who found them."))
@click.option("--document", metavar=_("NUMBER"), help=_("Number of the paper, where no column has it."))
@click.option("--issued-by", metavar=_("BODY"), help=_("Who issued it, where no column says so."))
@click.option("--deadline", metavar=_("DATE"), help=_("By when to rectify, where no column says so."))
@click.option("--system", metavar=_("SYSTEM"), help=_("The system, where no column names it."))
@click.option("--dry-run", is_flag=True, help=_("Only show what would be taken over."))
@click.option(
    "--template",
    type=click.Path(dir_okay=False, path_type=Path),
    help=_("Write an empty list with drop-downs to this file instead."),
)
@click.option("--lang", type=click.Choice(["zh", "en"]), help=_("Language of the empty list."))
@format_option
@click.pass_obj
def import_list(
    workspace: Path,
    file: Path | None,
    source: str | None,
    document: str | None,
    issued_by: str | None,
    deadline: str | None,
    system: str | None,
    template: Path | None,
    lang: Language | None,
    output_format: str,
    *,
    dry_run: bool,
) -> int:
    """The command."""
    opened = open_workspace(workspace)
    if (file is None) == (template is None):
        raise click.UsageError(_("name FILE, or --template"))
    if file is None:
        return _write_template(opened, template or Path(), lang)
    if source is None:
        raise click.UsageError(_("--source is required: who found them"))
    given = {
        "document": option_value(named_line, document, "--document") if document else "",
        "issued_by": option_value(named_line, issued_by, "--issued-by") if issued_by else "",
        "deadline": option_value(real_date, deadline, "--deadline") if deadline else None,
        "system": system_of(opened.register, system) if system else None,
    }
    found = _read(opened, file, given)
    listed = _listed(file, found, SOURCES[source], clock.now())
    if dry_run:
        return _show(opened, listed, output_format)
    return take_over(workspace, opened, listed)


def _write_template(opened: Workspace, path: Path, lang: Language | None) -> int:
    from secaudit.report.reported_template import (
        write_reported_template,  # its library is loaded where it is used
    )

    if path.exists():
        raise UsageError(
            _("{path} is there already.").format(path=path),
            hint=_("Choose another FILE, or remove it first."),
        )
    write_reported_template(path, opened.register.systems, lang or opened.settings.language)
    click.echo(printable(_("Written: {path}").format(path=path)))
    return ExitCode.CLEAN


def _read(opened: Workspace, file: Path, given: dict[str, Any]) -> Sequence[Reported]:
    """The problems of the list; what else a person should know of it goes to standard error."""
    from secaudit.report.reported import Expected, read_reported  # the same

    content = content_of(opened.folder)
    expected = Expected(
        opened.register.systems, lambda system, asset, text: _item(content, system, asset, text), **given
    )
    found = read_reported(file, expected)
    if found.information:
        told = _("{count} rows are of no severity (information) and no findings.")
        click.echo(told.format(count=found.information), err=True)
    if found.unknown:
        told = _("Columns that are not imported: {columns}")
        click.echo(printable(told.format(columns=", ".join(dict.fromkeys(found.unknown)))), err=True)
    if found.without:
        told = _("Sheets without a line of headings, not imported: {sheets}")
        click.echo(printable(told.format(sheets=", ".join(found.without))), err=True)
    return [row.said for row in found.rows]


def _item(content: Content, system: System, asset: Asset | None, text: str) -> tuple[str, str]:
    catalogue = catalogue_for(content.catalogues, system.grade, system.extensions)
    return named_item(text, asset, catalogue, content.checks)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list as it was read, each problem with the moment of its paper."""

    problems: Sequence[tuple[Reported, datetime]]
    paper: Paper
    file: EvidenceFile
    content: bytes


def _listed(file: Path, problems: Sequence[Reported], source: Source, now: datetime) -> _Listed:
    kept, content = read_evidence(file)
    dated = [(one, beginning(one.day.isoformat()) if one.day else now) for one in problems]
    return _Listed(dated, Paper(source, kept.sha256, now), kept, content)


def _show(opened: Workspace, listed: _Listed, output_format: str) -> int:
    with opened.open_store() as store:
        told = compare_reported(store, listed.problems, listed.paper)
    show_rows(_columns(), [_row(one) for one in told], output_format)
    new = sum(one.known is None for one in told)
    counts = _("{new} would be new, {known} are on record; nothing was imported.")
    click.echo(counts.format(new=new, known=len(told) - new), err=True)
    return ExitCode.CLEAN


@recorded
def take_over(workspace: Path, opened: Workspace, listed: _Listed) -> int:
    """Puts the list on record and opens what is new in it."""
    paper = listed.paper
    with opened.open_store() as store:
        told = compare_reported(store, listed.problems, paper)
        if new := tuple(one.said for one in told if one.known is None):
            report = Report(paper.source, in_zone(paper.now).date(), listed.file, new)
            keep_report(workspace, report, listed.content, paper.now)
        found, known = put_reported(store, listed.problems, paper)
    _tell(found, known, [said for said, _moment in listed.problems])
    return ExitCode.CLEAN


def _tell(found: Sequence[Finding], known: Sequence[Finding], problems: Sequence[Reported]) -> None:
    numbers = f" ({found[0]}–{found[-1]})" if len(found) > 1 else f" ({found[0]})" if found else ""
    told = _("{new} new findings{numbers}, {known} on record already, {closed} of them closed")
    closed = sum(one.stage is Stage.CLOSED for one in known)
    click.echo(told.format(new=len(found), numbers=numbers, known=len(known), closed=closed))
    moved = list(_moved(known, problems))
    if moved:
        told = _("The list has another deadline than is on record for {numbers}; it changes none: {command}")
        command = "secaudit finding plan"
        click.echo(told.format(numbers=", ".join(map(str, moved)), command=command), err=True)


def _moved(known: Sequence[Finding], problems: Sequence[Reported]) -> Iterable[Finding]:
    deadlines: dict[tuple[str, ...], date | None] = {one.identity: one.deadline for one in problems}
    for one in known:
        said = deadlines.get((one.document, one.system, one.asset, one.reference))
        if one.stage is not Stage.CLOSED and said and said != one.deadline:
            yield one


def _row(one: Told) -> dict[str, Any]:
    said, known = one.said, one.known
    return {
        "finding": str(known) if known else "",
        "stage": known.stage.value if known else "",
        "system": said.system,
        "asset": said.asset,
        "title": said.title,
        "severity": said.severity.value,
        "check": said.check or said.item,
        "document": said.document,
        "deadline": said.deadline.isoformat() if said.deadline else "",
    }


def _columns() -> tuple[Column, ...]:
    return (
        Column("finding", _("finding")),
        Column("stage", _("stage"), words=stage_words()),
        Column("system", _("system")),
        Column("asset", _("asset")),
        Column("title", _("title"), fold=True),
        Column("severity", _("severity"), words=severity_words()),
        Column("check", _("check or item"), fold=True),
        Column("document", _("document"), fold=True),
        Column("deadline", _("deadline")),
    )
