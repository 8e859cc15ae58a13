"""Which answer of a person counts for a step on an object."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from secaudit.model.attestation import Attestation
from secaudit.model.register import Organisation, System

# What an organisation answers once for all its systems: management, and the rooms they stand in.
ORGANISATION_DOMAINS: Final = frozenset({"PES", "PSS", "ORS", "HRS", "CMS", "MMS"})


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers that a system may rest on: (step, object) → the newest; made by ``answers_for``."""

    newest: Mapping[tuple[str, str], Attestation]
    day: date

    def to(self, step_id: str, object_id: str) -> Attestation | None:
        """The newest answer about the object, else the newest about all objects; what has expired hides nothing."""
        found = (self.newest.get((step_id, asked)) for asked in (object_id, ""))
        return next((one for one in found if one and one.valid_until >= self.day), None)


NO_ANSWERS: Final = Answers({}, date.min)


def answers_for(
    system: System,
    organisations: Iterable[Organisation],
    attestations: Iterable[Attestation],
    domains: Mapping[str, str],
    day: date,
) -> Answers:
    """Those of the system, before them those of its organisation and the ones above, from the top.

    A system without an id has those of its organisations alone. ``domains``: step id → abbreviation of its domain.
    Of answers of one day about the same object the last counts, so the system's own is stronger than its
    organisation's of that day.
    """
    above = _above(system.organisation, {one.id: one.parent for one in organisations})
    whose = {name: rank for rank, name in enumerate(reversed(above))}
    kept = [
        one for one in attestations if (one.system and one.system == system.id) or one.organisation in whose
    ]
    ordered = sorted(kept, key=lambda one: whose.get(one.organisation, len(whose)))
    return answers_of(
        (one for one in ordered if one.system or domains.get(one.step_id) in ORGANISATION_DOMAINS), day
    )


def answers_of(attestations: Iterable[Attestation], day: date) -> Answers:
    """Of answers about the same the latest of those given until that day, of one day the last."""
    newest: dict[tuple[str, str], Attestation] = {}
    for one in attestations:
        before = newest.get((one.step_id, one.object_id))
        if one.day <= day and (before is None or one.day >= before.day):
            newest[one.step_id, one.object_id] = one
    return Answers(newest, day)


def _above(name: str, parents: Mapping[str, str | None]) -> list[str]:
    """The organisation and those above it, the nearest first."""
    found: list[str] = []
    current: str | None = name
    while current and current not in found:
        found.append(current)
        current = parents.get(current)
    return found
