"""A system at a moment: every item it owes, judged on the results of one run."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from secaudit.assess.answers import NO_ANSWERS, Answers
from secaudit.assess.coverage import coverage_of
from secaudit.assess.exemptions import exemptions_for
from secaudit.assess.items import conclude_item, conclude_object
from secaudit.assess.objects import Object, judged, objects_of
from secaudit.assess.steps import by_register, decide
from secaudit.model.assessment import Assessment, ItemOutcome, ObjectOutcome, StepOutcome
from secaudit.model.content import Catalogue, Check, Requirement, Step
from secaudit.model.register import Asset, System
from secaudit.model.result import Result, Verdict
from secaudit.model.run import AssetRecord


def assess(
    system: System,
    catalogue: Catalogue,
    checks: Mapping[str, Check],
    records: Iterable[AssetRecord],
    answers: Answers = NO_ANSWERS,
) -> Assessment:
    """The assessment of a system: ``catalogue`` holds the items it owes (``catalogue_for``).

    ``records`` are those of its assets; results of checks that ``checks`` no longer has move no step.
    ``answers`` are what people answered (``answers_for``). Results of assets that were not sampled are counted
    and may show a risk, but move no item.
    """
    own = {asset.id for asset in system.assets}
    results = [result for record in records if record.asset_id in own for result in record.results]
    case = _Case(judged(system), checks, _by_step(results, checks), _deciders(checks), answers)
    items = tuple(_item(requirement, case) for requirement in catalogue.requirements)
    verdicts = Counter(result.verdict.value for result in results)
    return Assessment(
        system_id=system.id,
        level=system.level,
        items=items,
        coverage=coverage_of(items),
        planned=len(results),
        verdicts={verdict.value: verdicts[verdict.value] for verdict in Verdict},
        risky=tuple(one for one in results if one.check_id in checks and checks[one.check_id].high_risk),
        unsampled=tuple(asset.id for asset in system.assets if not system.is_judged(asset)),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """What every item looks at. ``results``: (step id, asset id) → results; ``deciders``: step id → checks."""

    system: System
    checks: Mapping[str, Check]
    results: Mapping[tuple[str, str], Sequence[Result]]
    deciders: Mapping[str, Sequence[Check]]
    answers: Answers


def _by_step(results: Iterable[Result], checks: Mapping[str, Check]) -> dict[tuple[str, str], list[Result]]:
    found: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        if result.check_id in checks and not checks[result.check_id].advisory:
            for step_id in checks[result.check_id].proves:
                found[step_id, result.asset_id].append(result)
    return found


def _deciders(checks: Mapping[str, Check]) -> dict[str, list[Check]]:
    found: dict[str, list[Check]] = defaultdict(list)
    for check in checks.values():
        if not check.advisory:
            for step_id in check.proves:
                found[step_id].append(check)
    return found


def _item(requirement: Requirement, case: _Case) -> ItemOutcome:
    objects = [_on_object(requirement, found, case) for found in objects_of(requirement, case.system)]
    return conclude_item(requirement, objects)


def _on_object(requirement: Requirement, found: Object, case: _Case) -> ObjectOutcome:
    steps = tuple(_step(step, requirement.level, found, case) for step in requirement.steps)
    if exemptions := exemptions_for(requirement, found, case.system, case.answers.day):
        steps = tuple(by_register(step, exemptions) for step in steps)
    vetoes = {step.id for step in requirement.steps if _may_veto(step, requirement.level, case)}
    conclusion, worst, best = conclude_object(requirement.rule, steps, case.checks, vetoes)
    return ObjectOutcome(
        found.id, found.kind, found.registered, conclusion, worst, best, steps, found.members
    )


def _may_veto(step: Step, level: int, case: _Case) -> bool:
    return any(check.veto and level in check.levels for check in case.deciders.get(step.id, ()))


def _step(step: Step, level: int, found: Object, case: _Case) -> StepOutcome:
    answer = case.answers.to(step.id, found.id)
    deciders = [check for check in case.deciders.get(step.id, ()) if level in check.levels]
    if not deciders:
        return decide(step, (), answer, missing=False)
    results = [
        result
        for asset in found.assets
        for result in case.results.get((step.id, asset.id), ())
        if found.holds(result) and level in case.checks[result.check_id].levels
    ]
    told = {(result.check_id, result.asset_id) for result in results}
    missing = any(_owed(asset, deciders) - told for asset in found.assets)
    unseen = found.unseen(step, {asset_id for _check, asset_id in told}) if results else ()
    return decide(step, results, answer, missing=missing, unseen=unseen)


def _owed(asset: Asset, deciders: Iterable[Check]) -> set[tuple[str, str]]:
    """What a run must hold of an asset that is visited: a result of every check for its kind."""
    if asset.reach.transport == "none":
        return set()
    return {(check.id, asset.id) for check in deciders if check.applies_to == asset.kind}
