"""Which objects of organisations serve a system, and the mistakes that can be made about them."""

from collections.abc import Iterator, Sequence

from secaudit.document import Document
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.register import Asset, Organisation, System
from secaudit.register.kinds import VISITED_KINDS
from secaudit.register.places import EACH, texts


def shared_with(system: System, organisations: Sequence[Organisation]) -> tuple[Asset, ...]:
    """The objects of the system's organisation, then of those above it, that serve the system."""
    by_id = {one.id: one for one in organisations}
    found: list[Asset] = []
    owner = by_id.get(system.organisation)
    while owner is not None:
        found += [
            Asset(one.id, one.kind, one.name)
            for one in owner.objects
            if not one.systems or system.id in one.systems
        ]
        owner = by_id.pop(owner.parent or "", None)
    return tuple(found)


def shared_problems(workspace: Document, systems: Sequence[Document]) -> Iterator[Problem]:
    """Objects of organisations that a scan would visit, or that serve a system nobody registered."""
    known = {name for document in systems for _place, name in texts(document, "id")}
    path = ("organisations", EACH, "objects", EACH)
    for place, name in texts(workspace, *path, "systems", EACH):
        if name not in known:
            yield workspace.problem(place, name, _("the id of a registered system expected"))
    for place, kind in texts(workspace, *path, "kind"):
        if kind in VISITED_KINDS:
            yield workspace.problem(place, kind, _("what is visited is registered as an asset of a system"))
