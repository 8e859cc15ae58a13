"""What ``trend`` and the quarterly brief follow: systems and organisations by name, with the words for each."""

from collections.abc import Sequence
from typing import Any

from secaudit import clock
from secaudit.audit.trending import Wanted, trends
from secaudit.cli.mistyped import refuse_unknown
from secaudit.cli.wiring import Workspace, nothing_scanned
from secaudit.cli.words import spoken
from secaudit.content import Content
from secaudit.language import _
from secaudit.model.trend import By, Period
from secaudit.register.organisations import below
from secaudit.register.times import in_zone
from secaudit.report.trend_view import trend_view
from secaudit.store import Store


def trends_in(
    opened: Workspace, store: Store, content: Content, names: Sequence[str], by: By, spans: Sequence[Period]
) -> dict[str, Any]:
    """The trends of what is named (systems, and organisations with all below them; by default all), as plain data.

    Raises UsageError: nothing of that name was audited.
    """
    owners = owners_of(opened, store)
    groups = _groups(opened, owners, _systems(opened, owners, names), by)
    registered = {system.id for system in opened.register.systems}
    wanted = Wanted(by, tuple(spans), groups, registered, lambda moment: in_zone(moment).date())
    return trend_view(
        trends(store, content.checks, wanted),
        _names(opened, content, by),
        by,
        spans,
        office=opened.settings.office,
        content_hash=content.content_hash,
        generated_at=clock.now(),
    )


def owners_of(opened: Workspace, store: Store) -> dict[str, str]:
    """Audited system → its organisation, as the register is now, or as it was at its last whole run."""
    owners = {system.id: system.organisation for system in opened.register.systems}
    audited = {system for run in store.runs() for system in run.systems}
    if not audited:
        raise nothing_scanned()
    for outline in store.result_sets().outlines() if audited - set(owners) else ():
        for system in outline.systems:
            owners.setdefault(system.id, system.organisation)
    return {system: owner for system, owner in sorted(owners.items()) if system in audited}


def _systems(opened: Workspace, owners: dict[str, str], names: Sequence[str]) -> list[str]:
    organisations = {one.id for one in opened.register.organisations}
    refuse_unknown(
        names, organisations | set(owners), _("There is no organisation and no audited system {name}.")
    )
    chosen = {name for name in names if name in owners}
    for name in organisations & set(names) - chosen:
        own = below(opened.register.organisations, name)
        chosen |= {system for system, owner in owners.items() if owner in own}
    return sorted(chosen) if names else list(owners)


def _groups(
    opened: Workspace, owners: dict[str, str], systems: Sequence[str], by: By
) -> dict[str, list[str]]:
    """An organisation stands for all below it."""
    match by:
        case By.SYSTEM:
            return {system: [system] for system in systems}
        case By.ORGANISATION:
            found = {
                one.id: [s for s in systems if owners[s] in below(opened.register.organisations, one.id)]
                for one in opened.register.organisations
            }
            return {name: own for name, own in found.items() if own}
        case _:
            return {"": list(systems)}


def _names(opened: Workspace, content: Content, by: By) -> dict[str, str]:
    match by:
        case By.SYSTEM:
            return {one.id: one.name for one in opened.register.systems}
        case By.ORGANISATION:
            return {one.id: one.name for one in opened.register.organisations}
        case By.CHECK:
            return {one.id: spoken(one.title) for one in content.checks.values()}
        case By.ITEM:
            owed = (one for catalogue in content.catalogues.values() for one in catalogue.requirements)
            return {one.key: spoken(one.summary) for one in owed}
