"""What an organisation answers once for all its systems, and on what."""

from collections.abc import Iterable
from dataclasses import replace

from secaudit.assess.answers import ORGANISATION_DOMAINS
from secaudit.assess.objects import objects_of
from secaudit.model.content import ITSELF, Catalogue, Requirement, Step
from secaudit.model.register import Asset, Organisation, System


def steps_of_all(owed: Iterable[Catalogue]) -> dict[str, tuple[Requirement, Step]]:
    """Step id → item and step: of the organisation's domains, asked in the same words wherever one of them is owed.

    A step that is worded otherwise at another level is answered by each system: one answer could not be right for both.
    """
    found: dict[str, tuple[Requirement, Step]] = {}
    differing: set[str] = set()
    for requirement in (r for catalogue in owed for r in catalogue.requirements):
        if requirement.domain_abbr in ORGANISATION_DOMAINS:
            for step in requirement.steps:
                _item, known = found.setdefault(step.id, (requirement, step))
                if known.question != step.question:
                    differing.add(step.id)
    return {step_id: pair for step_id, pair in found.items() if step_id not in differing}


def shared_objects(requirement: Requirement, organisation: Organisation, system: System) -> tuple[str, ...]:
    """What the organisation has registered and the item is judged on; "" where it is all objects alike.

    ``system`` is any of its systems.
    """
    assets = tuple(Asset(one.id, one.kind, one.name) for one in organisation.objects)
    bare = replace(system, assets=assets, data_sets=(), shared=())
    found = objects_of(requirement, bare)
    return tuple(one.id for one in found if one.registered and one.kind != ITSELF) or ("",)
