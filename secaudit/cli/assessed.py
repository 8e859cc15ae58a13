"""One system on one run, with what people answered and decided: what ``assess``, ``risk`` and reports show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from secaudit.assess import assess, catalogue_for
from secaudit.assess.figures import Figures, Template, figures_of
from secaudit.assess.risks import Risks
from secaudit.assess.score import ObjectRule
from secaudit.assess.selection import every_item
from secaudit.cli.content_source import content_of
from secaudit.cli.wiring import (
    OnRecord,
    Workspace,
    judgement_of,
    newest_run_of,
    nothing_scanned,
    on_record,
    tell_newer,
)
from secaudit.content import Content
from secaudit.model.assessment import Assessment
from secaudit.model.register import System
from secaudit.model.run import Run
from secaudit.model.weights import DEFAULT_WEIGHTS, Weights
from secaudit.register.weights import load_weights
from secaudit.store import Store, UnreadableRun


@dataclass(frozen=True, slots=True)
class Assessed:
    """A system as the register was at the run, judged today."""

    system: System
    run: Run
    assessment: Assessment
    risks: Risks
    weights: Weights = DEFAULT_WEIGHTS

    def figures(self, template: Template, rule: ObjectRule) -> Figures:
        """What a template prints of it."""
        return figures_of(self.assessment.items, self.risks, template, rule=rule, weights=self.weights)


def assessed(recorded: OnRecord, store: Store, run_id: str, system_id: str, content: Content) -> Assessed:
    """Raises UsageError where other content judged the run, UnreadableRun."""
    judgement_of(store, run_id, content)
    run = store.run(run_id)
    system = next(system for system in run.plan.systems if system.id == system_id)
    catalogue = catalogue_for(content.catalogues, system.grade, system.extensions)
    answers = recorded.answers(system, catalogue)
    found = assess(system, catalogue, content.checks, store.records(run_id), answers)
    return Assessed(system, run, found, recorded.risks(system, found, content))


def weights_of(opened: Workspace, content: Content) -> Weights:
    """What the office lays down for the score; raises ContentError with every bad row of its table."""
    return load_weights(opened.folder, opened.settings.weights, every_item(content.catalogues))


def each_of(
    opened: Workspace, systems: Sequence[str], unreadable: list[UnreadableRun], day: date | None = None
) -> Iterator[Assessed]:
    """These systems (all that were scanned) on their newest whole runs, answers and decisions as on a day (today).

    One after the other: a large one is let go before the next is read. Raises UsageError; runs that cannot be read
    go into ``unreadable``.
    """
    content, recorded = content_of(opened.folder), on_record(opened, day)
    weights = weights_of(opened, content)
    with opened.open_scanned() as store:
        for system_id in systems or _audited(opened, store):
            run = newest_run_of(store, system_id, day)
            tell_newer(store, run, system_id, day)
            try:
                one = assessed(recorded, store, run.id, system_id, content)
                yield replace(one, weights=weights)
            except UnreadableRun as error:
                unreadable.append(error)


def _audited(opened: Workspace, store: Store) -> Sequence[str]:
    seen = {system_id for run in store.runs() for system_id in run.systems}
    found = [system.id for system in opened.register.systems if system.id in seen]
    if not found:
        raise nothing_scanned()
    return found
