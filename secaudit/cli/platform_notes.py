"""What the record of a tenant's platform says that nobody owes: probably mistyped."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from secaudit.assess import catalogue_for
from secaudit.content import Content
from secaudit.language import _
from secaudit.model.register import System


def platform_notes(systems: Iterable[System], content: Content) -> Iterator[str]:
    """Of each system the entries of ``provider`` that are no item of it, nor the beginning of one."""
    for system in systems:
        if system.platform is None:
            continue
        owed = catalogue_for(content.catalogues, system.grade, system.extensions).requirements
        for item in system.platform.items:
            alone = replace(system.platform, items=(item,))
            if not any(alone.owns(requirement.key) for requirement in owed):
                told = _("provider of {system} names {item}, which is no item that the system owes")
                yield told.format(system=system.id, item=item)
