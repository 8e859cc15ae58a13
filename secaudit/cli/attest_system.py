"""What a system is asked: which steps, on which objects."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from secaudit.assess import catalogue_for
from secaudit.assess.exemptions import exemptions_for
from secaudit.assess.objects import Object, judged, objects_of
from secaudit.content import Content
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.content import Requirement
from secaudit.model.register import System


@dataclass(frozen=True, slots=True)
class Owed:
    """``steps``: step id → its item; ``objects``: key of an item → what it is judged on."""

    system: System
    steps: Mapping[str, Requirement]
    objects: Mapping[str, Mapping[str, Object]]

    @property
    def object_ids(self) -> frozenset[str]:
        """Of all that the system is judged on."""
        return frozenset(name for found in self.objects.values() for name in found)

    def refuse_unasked(self, step_id: str, object_id: str) -> None:
        """Raise UsageError unless the system owes the step, on that object."""
        requirement = self.steps.get(step_id)
        if requirement is None:
            raise UsageError(
                _("{step} is no step that {system} ({grade}) owes.").format(
                    step=step_id, system=self.system.id, grade=self.system.grade
                ),
                hint=_("See the steps with: secaudit requirements coverage --level {level}").format(
                    level=self.system.level
                ),
            )
        objects = self.objects[requirement.key]
        if object_id and object_id not in objects:
            told = _("{object} is no object of {step}: one of {choices} expected.")
            raise UsageError(told.format(object=object_id, step=step_id, choices=", ".join(objects)))

    def by_register(self, step_id: str, object_id: str, day: date) -> bool:
        """Whether what is registered decides the step on every object that is meant, whatever a person says."""
        requirement, on = self.steps[step_id], judged(self.system)
        meant = [one for one in self.objects[requirement.key].values() if object_id in ("", one.id)]
        return all(exemptions_for(requirement, one, on, day) for one in meant)


def owed_by(content: Content, system: System) -> Owed:
    """What it owes today."""
    owed, on = catalogue_for(content.catalogues, system.grade, system.extensions).requirements, judged(system)
    return Owed(
        system,
        {step.id: requirement for requirement in owed for step in requirement.steps},
        {requirement.key: {one.id: one for one in objects_of(requirement, on)} for requirement in owed},
    )
