"""Judging one visit, and judging a stored run again: the same pure function on the same evidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.audit.planning import facts_of, owed_again
from secaudit.content import Content
from secaudit.facts.fact import Fact, build_asked, probes_by_fact
from secaudit.judge import Judge
from secaudit.model.content import Profile
from secaudit.model.evidence import BUNDLE, Observation, Visit
from secaudit.model.register import Asset, System
from secaudit.model.result import Result
from secaudit.model.run import AssetRecord, Expected, Plan, Versions
from secaudit.store import Store


@dataclass(frozen=True, slots=True)
class Rules:
    """What judges: the content, the facts it names, its checks compiled, and their versions."""

    content: Content
    facts: Mapping[str, Fact]
    judge: Judge
    versions: Versions


@dataclass(frozen=True, slots=True)
class Moment:
    """When evidence was taken: by our clock, which dates of expiry are held against, and by the target's own,
    on which the ages of what it holds are measured."""

    ours: datetime
    theirs: datetime


def moment_of(visited: Visit | AssetRecord) -> Moment:
    """The moment of a visit; the target's clock is ours where it was not reached.

    A bundle started on a clock that is not ours: for dates of expiry it counts when it was taken in.
    """
    ours = visited.ended_at if visited.channel.get("transport") == BUNDLE else visited.started_at
    return Moment(ours, visited.target_time or visited.started_at)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose evidence is judged."""

    asset: Asset
    system: System
    profile: Profile


def subjects_of(plan: Plan) -> dict[str, Subject]:
    """Asset id → what is judged, for the assets that a plan visits."""
    systems = {system.id: system for system in plan.systems}
    assets = {asset.id: asset for system in plan.systems for asset in system.assets}
    return {
        planned.asset_id: Subject(
            assets[planned.asset_id], systems[planned.system_id], plan.profiles[planned.system_id]
        )
        for planned in plan.assets
    }


def judge_evidence(
    subject: Subject,
    expected: Sequence[Expected],
    observations: Sequence[Observation],
    moment: Moment,
    rules: Rules,
) -> tuple[Result, ...]:
    """One result for each expected verdict."""
    asset, system = subject.asset, subject.system
    names = facts_of(expected, rules.content)
    answers = {observation.probe_id: observation for observation in observations}
    asked = probes_by_fact(names, rules.facts, asset, system)
    built = build_asked(asked, rules.facts, answers, asset, system, rules.content.references, moment.theirs)
    rests_on = {name: tuple(probe.id for probe in probes) for name, probes in asked.items()}
    results = rules.judge.judge_asset(expected, built, asset, system, subject.profile, moment.ours, rests_on)
    owed = [(e.check_id, asset.id, e.object_id) for e in expected]
    assert owed == [(r.check_id, r.asset_id, r.object_id) for r in results], "planned = sum of verdicts"
    return results


@dataclass(frozen=True, slots=True)
class Change:
    """A verdict that is another now; None where it was not planned then, or is not planned now."""

    asset_id: str
    object_id: str
    check_id: str
    before: Result | None
    after: Result | None


@dataclass(frozen=True, slots=True)
class JudgedAgain:
    """The number under which the new results are stored, how many there are, and what changed."""

    number: int
    planned: int
    changes: tuple[Change, ...]


def judge_again(store: Store, run_id: str, rules: Rules, now: datetime) -> JudgedAgain:
    """Judge stored evidence with today's checks on the frozen register, profile and plan; keeps both results."""
    plan = store.run(run_id).plan
    subjects = subjects_of(plan)
    changes: list[Change] = []
    planned = 0

    def judged() -> Iterator[tuple[str, tuple[Result, ...]]]:
        nonlocal planned
        for record in store.records_to_judge(run_id):
            subject = subjects[record.asset_id]
            expected = owed_again(plan, subject.asset, subject.system, rules.content)
            answers = store.observations(run_id, record.asset_id)
            results = judge_evidence(subject, expected, answers, moment_of(record), rules)
            changes.extend(changed(record.results, results))
            planned += len(expected)
            yield record.asset_id, results

    number = store.save_judgement(run_id, judged(), rules.versions, now)
    return JudgedAgain(number, planned, tuple(changes))


def changed(before: Sequence[Result], after: Sequence[Result]) -> Iterator[Change]:
    """What differs, in the order of what is new, then what is gone."""
    old = {_key(result): result for result in before}
    new = {_key(result): result for result in after}
    for key in (*new, *(key for key in old if key not in new)):
        if old.get(key) != new.get(key):
            asset_id, object_id, check_id = key
            yield Change(asset_id, object_id, check_id, old.get(key), new.get(key))


def _key(result: Result) -> tuple[str, str, str]:
    return result.asset_id, result.object_id, result.check_id
