"""Answers of an organisation for its systems: which steps, on which objects."""

from dataclasses import dataclass, replace

from secaudit.assess import catalogue_for
from secaudit.assess.organisation_steps import shared_objects, steps_of_all
from secaudit.content import Content
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.content import Requirement, Step
from secaudit.model.register import Organisation, Register, System
from secaudit.register.organisations import below


@dataclass(frozen=True, slots=True)
class Asked:
    """What an organisation is asked for all its systems: step id → item and step."""

    organisation: Organisation
    systems: tuple[System, ...]
    steps: dict[str, tuple[Requirement, Step]]

    def objects(self, requirement: Requirement) -> tuple[str, ...]:
        """Its machine rooms; "" where the answer is for all objects."""
        return shared_objects(requirement, self.organisation, self.systems[0])

    def as_system(self) -> System:
        """A system that has nothing but the answers of the organisation."""
        return replace(self.systems[0], id="", organisation=self.organisation.id)


def asked_of_all(register: Register, organisation: str, content: Content) -> Asked:
    """Of its systems and those of the organisations below, the highest level first; raises UsageError: it has none."""
    inside = below(register.organisations, organisation)
    systems = [system for system in register.systems if system.organisation in inside]
    if not systems:
        raise UsageError(_("No system of {organisation} is registered.").format(organisation=organisation))
    ordered = tuple(sorted(systems, key=lambda system: -system.level))
    owed = (catalogue_for(content.catalogues, one.grade, one.extensions) for one in ordered)
    (owner,) = (one for one in register.organisations if one.id == organisation)
    return Asked(owner, ordered, steps_of_all(owed))


def refuse_unasked(asked: Asked, step_id: str, object_id: str) -> None:
    """Raise UsageError unless the organisation is asked for the step, on that object."""
    if step_id not in asked.steps:
        told = _("{step} is no step that an organisation answers for all its systems: name a system.")
        raise UsageError(told.format(step=step_id))
    requirement, _step = asked.steps[step_id]
    objects = asked.objects(requirement)
    if object_id and object_id not in objects:
        told = _("{object} is no object of {step}: one of {choices} expected.")
        raise UsageError(
            told.format(object=object_id, step=step_id, choices=", ".join(filter(None, objects)))
        )
