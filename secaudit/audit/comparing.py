"""Two runs compared: what came and went, and whether the assets or our checks are the cause.

Nothing is stored. Assets are read one after the other; results that are the same are only counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache

from secaudit.assess.differences import (
    FAILED,
    JUDGED,
    Earlier,
    Past,
    Place,
    differences,
    past_of,
    with_causes,
)
from secaudit.audit.judging import Rules, judge_evidence, moment_of
from secaudit.audit.planning import owed_again
from secaudit.audit.sides import Scope, Side, Sight, side_of
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.difference import Cause, Difference, Kind
from secaudit.model.result import Result
from secaudit.model.run import Run
from secaudit.store import Store, StoredVisit, UnreadableRun
from secaudit.store.codec import Unreadable
from secaudit.store.naming import named, results_hint

Results = tuple[Result, ...]


def compare(
    store: Store, before: str, after: str, rules: Callable[[], Rules], scope: Scope | None = None
) -> "Comparison":
    """A run and a later one; ``rules`` are today's, made where the runs were judged differently.

    Raises UsageError: no such run, the same one, the later one first, no system in common; UnreadableRun.
    """
    sides = side_of(store, before), side_of(store, after)
    _refuse_unfit(*sides)
    return Comparison(store, *sides, rules, scope or Scope())


def _refuse_unfit(before: Side, after: Side) -> None:
    old, new = before.run, after.run
    if old.id == new.id:
        raise UsageError(
            _("Run {id} is compared with itself.").format(id=old.id),
            hint=_("List the runs: secaudit results --runs"),
        )
    for run in (old, new):
        if run.plan.only:
            raise UsageError(
                _("Run {id} is a retest of findings: it stands for no system.").format(id=run.id),
                hint=_("See what it found: secaudit results {id}").format(id=run.id),
            )
    if old.started_at > new.started_at:
        raise UsageError(
            _("Run {before} began after run {after}.").format(before=old.id, after=new.id),
            hint=_("Name the older first: secaudit diff {after} {before}").format(
                after=new.id, before=old.id
            ),
        )
    if {system.id for system in old.plan.systems}.isdisjoint(system.id for system in new.plan.systems):
        raise UsageError(
            _("Runs {before} and {after} have no system in common.").format(before=old.id, after=new.id),
            hint=_("List the runs: secaudit results --runs"),
        )


class Comparison:
    """``counts`` (offenders; verdicts where coverage differs) and ``compared`` (verdicts of the later run) are whole
    once ``differences`` is used up."""

    def __init__(
        self, store: Store, before: Side, after: Side, rules: Callable[[], Rules], scope: Scope
    ) -> None:
        self.before, self.after, self.scope = before, after, scope
        self.counts: Counter[Kind] = Counter()
        self.compared = 0
        self._store, self._rules = store, rules
        self._sets = store.result_sets()
        self._earlier = self._sets.runs_before(before.run.id)
        self._registered_alike = _registered_alike(before.run, after.run)
        self._past = lru_cache(maxsize=64)(self._read_past)  # hosts that are alike share theirs

    @cached_property
    def judged_alike(self) -> bool:
        """Whether the same content judged both."""
        return self.before.judgement.versions.judge_like(self.after.judgement.versions)

    @property
    def ruled_alike(self) -> bool:
        """Whether content, parameters and register were the same in both."""
        return self.judged_alike and self._registered_alike.issuperset(self.systems)

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems that are compared."""
        both = (*self.after.run.plan.systems, *self.before.run.plan.systems)
        wanted = self.scope.systems
        return tuple(dict.fromkeys(one.id for one in both if not wanted or one.id in wanted))

    def differences(self, *, persisting: bool = False) -> Iterator[Difference]:
        """What differs, asset by asset; what fails in both only where that is asked for."""
        self.counts, self.compared = Counter(), 0
        for asset_id, subject in {**self.before.subjects, **self.after.subjects}.items():
            if self.scope.has_asset(subject.system.id, asset_id):
                for one in self._of_asset(subject.system.id, asset_id, persisting=persisting):
                    self.counts[one.kind] += one.verdicts
                    if persisting or one.kind is not Kind.PERSISTING:
                        yield one

    def _of_asset(self, system_id: str, asset_id: str, *, persisting: bool) -> Iterator[Difference]:
        old, new = self.before.visits.get(asset_id), self.after.visits.get(asset_id)
        if old and new and not persisting and self._was_reached(old, new):
            yield from self._changed(system_id, asset_id, old, new)
            return
        was, now = (side.sight(self._sets, asset_id) for side in (self.before, self.after))
        if now is None or now.gap is not None:
            self._count_unseen(new)
            yield from self._lost(system_id, asset_id, was, now)
        else:
            self.compared += sum(self.scope.has_check(result.check_id) for result in now.results)
            yield from self._met(system_id, asset_id, was, now)

    def _was_reached(self, old: StoredVisit, new: StoredVisit) -> bool:
        """In both runs; where the results are the same it makes no difference."""
        return old.results == new.results or all(self._sets.gap(visit) is None for visit in (old, new))

    def _changed(
        self, system_id: str, asset_id: str, old: StoredVisit, new: StoredVisit
    ) -> Iterator[Difference]:
        """An asset that was reached both times: of what is the same no more than its number is wanted."""
        with named(self.after.run.id, _("results"), results_hint(self.after.run.id)):
            found = self._sets.changed(asset_id, old.results, new.results)
        same = [row for row in found.same if self.scope.has_check(row.check_id)]
        self.compared += len(same) + sum(self.scope.has_check(result.check_id) for result in found.after)
        self.counts[Kind.PERSISTING] += sum(row.offenders or 1 for row in same if row.verdict in FAILED)
        yield from self._met(system_id, asset_id, Sight(None, found.before), Sight(None, found.after))

    def _count_unseen(self, visit: StoredVisit | None) -> None:
        if visit is not None:
            self.compared += sum(
                map(self.scope.has_check, (b.check_id for b in self._sets.briefs(visit.results)))
            )

    def _lost(
        self, system_id: str, asset_id: str, was: Sight | None, now: Sight | None
    ) -> Iterator[Difference]:
        if judged := self._judged(was):
            yield Difference(
                *(Kind.COVERAGE_LOST, system_id, asset_id),
                reason=self.after.lacks(asset_id, system_id),
                gap=now.gap if now else None,
                verdicts=judged,
            )

    def _judged(self, sight: Sight | None) -> int:
        """How many verdicts of an asset a gap takes away, or the end of one gives."""
        results = sight.results if sight else ()
        return sum(result.verdict in JUDGED for result in results if self.scope.has_check(result.check_id))

    def _met(self, system_id: str, asset_id: str, was: Sight | None, now: Sight) -> Iterator[Difference]:
        unseen = was is None or was.gap is not None
        if unseen and (judged := self._judged(now)):
            yield Difference(
                *(Kind.COVERAGE_WON, system_id, asset_id),
                reason=self.before.lacks(asset_id, system_id),
                gap=was.gap if was else None,
                verdicts=judged,
            )
        old = was.results if was else ()
        found = [
            one
            for one in differences(system_id, asset_id, old, now.results, self._history(asset_id))
            if self.scope.has_check(one.check_id) and not (unseen and one.kind is Kind.COVERAGE_WON)
        ]
        if unseen or self._ruled_alike(system_id) or all(one.cause is None for one in found):
            yield from found
        else:
            yield from self._with_causes(asset_id, found, old, now.results)

    def _history(self, asset_id: str) -> Earlier:
        """What was found at a place in earlier runs; each is read once, and only as far back as is needed.

        One that found the same as the older run that is compared says nothing more.
        """
        before = self.before.visits.get(asset_id)
        read: list[Mapping[Place, Past]] = []
        unread = self._sets.earlier(self._earlier, asset_id, before.results if before else b"")

        def of(place: Place) -> Iterator[Past | None]:
            where = ("" if place[0] == asset_id else place[0], place[1])
            yield from (found.get(where) for found in read)
            for results in unread:
                read.append(self._past(results))
                yield read[-1].get(where)

        return of

    def _read_past(self, results: bytes) -> Mapping[Place, Past]:
        """What a set says of each place; nothing where it is of another version."""
        try:
            briefs = self._sets.briefs(results)
        except Unreadable:
            return {}
        return {
            (one.object_id, one.check_id): past_of(one.verdict, (named.id for named in one.offenders))
            for one in briefs
        }

    def _with_causes(
        self, asset_id: str, found: list[Difference], old: Results, new: Results
    ) -> Iterable[Difference]:
        rules = self._rules()
        try:
            old_today = self._judged_today(self.before, asset_id, rules)
            up_to_date = rules.versions.judge_like(self.after.judgement.versions)
            new_today = new if up_to_date else self._judged_today(self.after, asset_id, rules)
        except UnreadableRun:  # the evidence is that of another version
            return [one if one.cause is None else replace(one, cause=Cause.UNTOLD) for one in found]
        return with_causes(found, (old, old_today), (new, new_today))

    def _ruled_alike(self, system_id: str) -> bool:
        """Whether the same checks, parameters and register judged the assets of a system in both runs."""
        return self.judged_alike and system_id in self._registered_alike

    def _judged_today(self, side: Side, asset_id: str, rules: Rules) -> Results:
        """The evidence of a run by today's checks, with the register and the parameters of the later run."""
        subject = self.after.subjects[asset_id]
        record = self._store.record(side.run.id, asset_id)
        assert record is not None, "only visited assets are judged again"
        expected = owed_again(self.after.run.plan, subject.asset, subject.system, rules.content)
        answers = self._store.observations(side.run.id, asset_id)
        return judge_evidence(subject, expected, answers, moment_of(record), rules)


def _registered_alike(before: Run, after: Run) -> frozenset[str]:
    """The systems that both runs know by the same register and judge by the same parameters."""
    old, new = (
        {one.id: (one, run.plan.profiles[one.id]) for one in run.plan.systems} for run in (before, after)
    )
    return frozenset(name for name in new if new[name] == old.get(name))
