"""Writing a notice that demands rectification: what it demands, its files, its place on record."""

import hashlib
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click

from secaudit import __version__, clock
from secaudit.assess.demanding import deadline_of, demanded_by
from secaudit.assess.finding_covers import cover_of
from secaudit.audit.rectifying import put_notice, untold
from secaudit.cli.accepted import accepted_on_record
from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.finding_details import Chosen, details_of, unsettled
from secaudit.cli.wiring import Workspace
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.acceptance import AcceptanceKind
from secaudit.model.attestation import EvidenceFile
from secaudit.model.content import Severity
from secaudit.model.finding import Finding, Stage
from secaudit.model.rectification import RectificationNotice
from secaudit.model.text import Language
from secaudit.register.numbering import next_number
from secaudit.register.rectification import keep_notice, load_notices
from secaudit.register.times import in_zone
from secaudit.report.output import write_bytes
from secaudit.report.rectification_word import (
    FORM,
    Demanded,
    Letter,
    level_text,
    notice_words,
    render_notice,
)
from secaudit.report.rectification_workbook import Owner, rectification_bytes
from secaudit.report.word_filling import template_of
from secaudit.store import Store


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for."""

    person: str
    number: str | None
    deadline: date | None
    severities: tuple[str, ...]
    systems: tuple[str, ...]
    language: Language
    folder: Path
    again: bool


def complete_earlier(opened: Workspace, store: Store, *, dry_run: bool) -> set[int]:
    """Findings hear of a notice that is on record and that a kill kept from them; only the newest can be such.

    Returns those that would hear of it in a dry run, which tells them nothing.
    """
    notices = load_notices(opened.folder)
    last = max((one.day for one in notices), default=None)
    found: set[int] = set()
    for one in notices:
        if one.day == last:
            try:
                if dry_run:
                    found |= untold(store, one, clock.now())
                else:
                    put_notice(store, one, clock.now())
            except UsageError as error:
                told = _("Notice {number} names findings that this database does not have: {reason}")
                click.echo(printable(told.format(number=one.number, reason=error)), err=True)
    return found


class Writer:
    """Notices of one order; ``told`` are findings that a notice demands, which they have not heard of."""

    def __init__(self, opened: Workspace, store: Store, order: Order, told: Set[int]) -> None:
        content = content_of(opened.folder)
        self._opened, self._store, self._order, self._told = opened, store, order, told
        self._details = details_of(opened, store, content)
        self._accepted = accepted_on_record(opened, content)
        self._acceptances = {one.acceptance.id: one.acceptance for one in self._accepted.weighed}
        self._now = clock.now()
        self._day = in_zone(self._now).date()
        self._taken = {one.number for one in load_notices(opened.folder)}
        self._by_severity = self._deadlines()

    def wanted(self, owner: Chosen) -> list[Demanded]:
        """What is demanded of an organisation; what is left out as accepted is told."""
        asked = self._order
        systems = [one for one in owner.systems if not asked.systems or one.id in asked.systems]
        rows: list[Demanded] = []
        accepted = 0
        for finding in unsettled(self._store, systems):
            if self._is_wanted(finding):
                cover = cover_of(self._accepted, finding)
                if cover and cover.kind is AcceptanceKind.RISK:
                    accepted += 1
                else:
                    rows.append(self._demanded(finding, cover.acceptances if cover else ()))
        if accepted:
            told = _("{organisation}: {count} findings are left out, their risk is accepted.")
            click.echo(printable(told.format(organisation=owner.id, count=accepted)), err=True)
        return rows

    def _is_wanted(self, finding: Finding) -> bool:
        """What is claimed waits for its retest or review."""
        of_severity = not self._order.severities or finding.severity in self._order.severities
        new = self._order.again or not (finding.notice or finding.number in self._told)
        return of_severity and new and finding.stage is not Stage.CLAIMED

    def _demanded(self, finding: Finding, covering: Sequence[str]) -> Demanded:
        deferrals = [self._acceptances[one] for one in covering]
        deferral = next((one for one in deferrals if one.kind is AcceptanceKind.DEFERRAL), None)
        deadline = deadline_of(finding, self._by_severity[finding.severity], self._day)
        if deferral:
            deadline = max(deadline, deferral.last_day)
        return Demanded(finding, self._details.of(finding), deadline, deferral)

    def _deadlines(self) -> dict[Severity, date]:
        if self._order.deadline:
            return dict.fromkeys(Severity, self._order.deadline)
        settings = self._opened.settings.rectification
        found = dict(demanded_by(self._day, settings))
        years = {self._day.year, max(found.values()).year}
        missing = [
            year for year in sorted(years) if settings.work_days and not settings.work_days.covers(year)
        ]
        if missing:
            told = _("No holidays of {years} are set (findings.holidays): only weekends are left out.")
            click.echo(told.format(years=", ".join(map(str, missing))), err=True)
        return found

    def tell(self, owner: Chosen, rows: Sequence[Demanded]) -> None:
        """What a dry run says."""
        told = _("{organisation}: {count} findings would be demanded, the last until {deadline}")
        last = max(row.deadline for row in rows)
        click.echo(printable(told.format(organisation=owner.id, count=len(rows), deadline=last)))

    def write(self, owner: Chosen, rows: Sequence[Demanded]) -> None:
        """The files, the notice on record, what its findings hear of it."""
        number = self._number()
        stem = f"{_file_name(number)}-{owner.id}"
        suffix = "" if self._order.language == "zh" else f".{self._order.language}"
        names = (f"{stem}{suffix}.docx", f"{stem}{suffix}.xlsx")
        files = dict(zip(names, self._files(owner, rows, number, names[1]), strict=True))
        kept = {hashlib.sha256(content).hexdigest(): content for content in files.values()}
        notice = RectificationNotice(
            number,
            owner.id,
            self._day,
            {row.finding.number: row.deadline for row in rows},
            self._order.person,
            tuple(EvidenceFile(name, digest) for name, digest in zip(names, kept, strict=True)),
        )
        keep_notice(self._opened.folder, notice, kept, self._now)
        put_notice(self._store, notice, self._now)
        for name, content in files.items():
            write_bytes(self._order.folder / name, [content])
        told = _("{number} to {organisation}: {count} findings; {files}")
        shown = ", ".join(str(self._order.folder / name) for name in names)
        click.echo(
            printable(told.format(number=number, organisation=owner.name, count=len(rows), files=shown))
        )

    def _number(self) -> str:
        number = self._order.number or next_number(
            self._opened.settings.rectification.number, self._taken, self._day
        )
        if number in self._taken:
            raise UsageError(_("There is a notice {number} already.").format(number=number))
        self._taken.add(number)
        return number

    def _files(
        self, owner: Chosen, rows: Sequence[Demanded], number: str, workbook: str
    ) -> tuple[bytes, bytes]:
        """The letter and the workbook, which says already what the notice sets."""
        language = self._order.language
        words = notice_words(language)
        letter = Letter(
            number=number,
            office=self._opened.settings.office,
            organisation=owner.name,
            day=self._day,
            person=self._order.person,
            by_severity=self._by_severity,
            rows=rows,
            levels={system.id: level_text(system, words) for system in owner.systems},
            settings=self._opened.settings.rectification,
            workbook=workbook,
            version=__version__,
            moment=self._now,
        )
        document = render_notice(letter, language, template_of(FORM, language, self._opened.folder))
        told = [
            (replace(row.finding, notice=number, deadline=row.deadline), row.detail)
            for row in letter.ordered()
        ]
        said = Owner(owner.kind, owner.id, owner.name, self._day)
        return document, rectification_bytes(told, said, language)


def _file_name(number: str) -> str:
    """A number as a part of a file's name."""
    return re.sub(r"[^\w〔〕()（）.-]+", "_", number).strip("._") or "notice"
