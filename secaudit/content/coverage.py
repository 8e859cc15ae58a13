"""Who decides each step of a level: checks, checks and people, or people alone, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from secaudit.model.content import Catalogue, Check, Requirement, SeenBy, Step
from secaudit.model.text import Text

STATES = ("machine", "part", "person", "no_check")


@dataclass(frozen=True, slots=True)
class StepCoverage:
    """A step, its item, the checks that prove it, and what is left to people on the kind of asset asked for."""

    requirement: Requirement
    step: Step
    checks: tuple[str, ...]
    left: Text | None = None

    @property
    def state(self) -> str:
        """``machine``: checks decide; ``part``: and people the rest; ``person``: people; ``no_check``: none yet."""
        if self.step.seen_by is SeenBy.PERSON:
            return "person"
        if self.checks:
            return "machine" if self.step.seen_by is SeenBy.MACHINE else "part"
        return "person" if self.left else "no_check"


def coverage(catalogue: Catalogue, checks: Iterable[Check], kind: str = "") -> Iterator[StepCoverage]:
    """The steps of a level in the order of the standard; with ``kind`` those that this kind of asset can show."""
    own = [check for check in checks if catalogue.level in check.levels and kind in ("", check.applies_to)]
    for requirement in catalogue.requirements:
        for step in requirement.steps:
            if kind and kind not in step.kinds:
                continue
            proving = tuple(check.id for check in own if step.id in check.proves)
            yield StepCoverage(requirement, step, proving, catalogue.left_to_people.get((step.id, kind)))
