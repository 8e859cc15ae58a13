"""Findings chosen by whose they are, with what there is to say of each."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.assess import catalogue_for
from secaudit.cli.attest_set import owner_of
from secaudit.cli.wiring import Workspace
from secaudit.content import Content
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.finding import Finding
from secaudit.model.register import Organisation, System
from secaudit.register.organisations import below
from secaudit.register.reported import load_reports
from secaudit.report.finding_detail import Details, Known
from secaudit.store import Store
from secaudit.store.findings import UNSETTLED, Which


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose findings: ``kind`` is ``system`` or ``organisation``; ``systems`` are all that count as theirs."""

    kind: str
    id: str
    name: str
    systems: tuple[System, ...]


def chosen(opened: Workspace, system: str | None, organisation: str | None) -> Chosen:
    """The owner that was named by one of two options. Raises UsageError."""
    if (system is None) == (organisation is None):
        raise UsageError(_("Name either --system or --organisation."))
    found, named = owner_of(opened.register, system or organisation or "", system is None)
    if found is not None:
        return Chosen("system", found.id, found.name, (found,))
    return of_organisation(opened, next(one for one in opened.register.organisations if one.id == named))


def of_organisation(opened: Workspace, organisation: Organisation) -> Chosen:
    """Its systems, and those of the organisations below."""
    inside = below(opened.register.organisations, organisation.id)
    systems = tuple(one for one in opened.register.systems if one.organisation in inside)
    return Chosen("organisation", organisation.id, organisation.name, systems)


def unsettled(store: Store, systems: Sequence[System]) -> list[Finding]:
    """The findings of these systems that are not closed, without those that only advise; with their histories."""
    which = Which(tuple(system.id for system in systems), UNSETTLED)
    found = [one for one in store.findings.all(which) if not one.advisory] if systems else []
    return [store.findings.with_history(one.number) for one in found]


def details_of(opened: Workspace, store: Store, content: Content) -> Details:
    """What there is to say of findings, by today's register and content."""
    known = Known(
        {system.id: system for system in opened.register.systems},
        content.checks,
        lambda system: catalogue_for(content.catalogues, system.grade, system.extensions),
        load_reports(opened.folder),
    )
    return Details(store, known)
