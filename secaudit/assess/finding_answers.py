"""People's answers in force that a step is not met: what findings of source ANSWER are opened from."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import astuple
from datetime import date, datetime

from secaudit.assess.answers import Answers
from secaudit.assess.findings import FailedAnswer
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import Catalogue, Check, HighRiskCondition, SeenBy, Severity
from secaudit.model.register import System

FAILED = (Answer.NOT_MET, Answer.PARTLY)


def failed_answers(
    system: System,
    catalogue: Catalogue,
    answers: Answers,
    conditions: Iterable[HighRiskCondition],
    beginning: Callable[[date], datetime],
) -> Iterator[FailedAnswer]:
    """What counts for a system that owes these items. ``beginning``: the first moment of a day of the office.

    A step that a high-risk condition is shown at is of high severity, every other of medium.
    """
    steps = {step.id: step for requirement in catalogue.requirements for step in requirement.steps}
    high = [condition for condition in conditions if condition.min_level <= system.level]
    for (step_id, object_id), answer in answers.newest.items():
        in_force = answer.valid_until >= answers.day and answer.answer in FAILED
        if in_force and (step := steps.get(step_id)):
            asset, part = _place(system, object_id)
            yield FailedAnswer(
                system=system.id,
                asset=asset,
                object_id=part,
                step=step_id,
                title=step.question,
                severity=Severity.HIGH if any(c.shown_at(step_id) for c in high) else Severity.MEDIUM,
                at=beginning(answer.day),
                person=answer.person,
                digest=_digest(answer),
            )


def _place(system: System, object_id: str) -> tuple[str, str]:
    """Asset and object of it: a data set is one of its asset; what is no asset is an object of the system."""
    if any(asset.id == object_id for asset in system.assets):
        return object_id, ""
    holder = next((data.asset for data in system.data_sets if data.id == object_id), "")
    return holder, object_id


def _digest(answer: Attestation) -> str:
    return hashlib.sha256(repr(astuple(answer)).encode(errors="backslashreplace")).hexdigest()


def proving(catalogues: Iterable[Catalogue], checks: Iterable[Check]) -> Mapping[str, tuple[str, ...]]:
    """Steps that a machine sees wholly → the checks that prove them; advisory ones prove none."""
    wholly = {
        step.id
        for catalogue in catalogues
        for requirement in catalogue.requirements
        for step in requirement.steps
        if step.seen_by is SeenBy.MACHINE
    }
    found: dict[str, tuple[str, ...]] = {}
    for check in checks:
        for step_id in wholly.intersection(() if check.advisory else check.proves):
            found[step_id] = (*found.get(step_id, ()), check.id)
    return found
