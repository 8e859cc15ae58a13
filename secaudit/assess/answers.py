"""Which answer of a person counts for a step on an object."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from secaudit.model.attestation import Attestation
from secaudit.model.register import Organisation, System

# What an organisation answers once for all its systems: management, and the rooms they stand in.
ORGANISATION_DOMAINS: Final = frozenset({"PES", "PSS", "ORS", "HRS", "CMS", "MMS"})


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers that a system may rest on, by step; made by ``answers_for``."""

    by_step: Mapping[str, Sequence[Attestation]]
    day: date

    def to(self, step_id: str, object_id: str) -> Attestation | None:
        """The newest answer about the object, else the newest about all objects; None where it has expired."""
        answers = self.by_step.get(step_id, ())
        for asked in (object_id, ""):
            about = [one for one in answers if one.object_id == asked]
            if about:
                newest = max(enumerate(about), key=lambda pair: (pair[1].day, pair[0]))[1]
                return newest if newest.valid_until >= self.day else None
        return None


NO_ANSWERS: Final = Answers({}, date.min)


def answers_for(
    system: System,
    organisations: Iterable[Organisation],
    attestations: Iterable[Attestation],
    domains: Mapping[str, str],
    day: date,
) -> Answers:
    """Those of the system, before them those of its organisation and the ones above, from the top.

    ``domains``: step id → abbreviation of its domain. Of answers of one day about the same object the last counts,
    so the system's own is stronger than its organisation's of that day.
    """
    above = _above(system.organisation, {one.id: one.parent for one in organisations})
    found: dict[str, list[Attestation]] = defaultdict(list)
    whose = {name: rank for rank, name in enumerate(reversed(above))}
    kept = [one for one in attestations if one.system == system.id or one.organisation in whose]
    for one in sorted(kept, key=lambda one: whose.get(one.organisation, len(whose))):
        if one.system or domains.get(one.step_id) in ORGANISATION_DOMAINS:
            found[one.step_id].append(one)
    return Answers(found, day)


def _above(name: str, parents: Mapping[str, str | None]) -> list[str]:
    """The organisation and those above it, the nearest first."""
    found: list[str] = []
    current: str | None = name
    while current and current not in found:
        found.append(current)
        current = parents.get(current)
    return found
