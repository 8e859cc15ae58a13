"""Which steps of a level the checks prove, and who must see the rest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from secaudit.model.content import Catalogue, Check, Requirement, SeenBy, Step


@dataclass(frozen=True, slots=True)
class StepCoverage:
    """A step, its item, and the checks that prove it."""

    requirement: Requirement
    step: Step
    checks: tuple[str, ...]

    @property
    def state(self) -> str:
        """``proved`` (a machine decides), ``proved_in_part`` (and a person the rest), ``no_check``, ``person``."""
        if self.step.seen_by is SeenBy.PERSON:
            return "person"
        if not self.checks:
            return "no_check"
        return "proved" if self.step.seen_by is SeenBy.MACHINE else "proved_in_part"


def coverage(catalogue: Catalogue, checks: Iterable[Check], kind: str = "") -> Iterator[StepCoverage]:
    """The steps of a level in the order of the standard; with ``kind`` those that this kind of asset can show."""
    own = [check for check in checks if catalogue.level in check.levels and kind in ("", check.applies_to)]
    for requirement in catalogue.requirements:
        for step in requirement.steps:
            if kind and kind not in step.kinds:
                continue
            proving = tuple(check.id for check in own if step.id in check.proves)
            yield StepCoverage(requirement, step, proving)
