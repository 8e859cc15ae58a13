"""The two runs of a comparison, and how far it reaches."""

from collections.abc import Mapping
from dataclasses import dataclass

from secaudit.audit.judging import Subject, subjects_of
from secaudit.language import _
from secaudit.model.difference import Reason
from secaudit.model.evidence import Gap
from secaudit.model.result import Result
from secaudit.model.run import Run
from secaudit.store import Judgement, ResultSets, Store, StoredVisit
from secaudit.store.naming import named, results_hint


@dataclass(frozen=True, slots=True)
class Scope:
    """Which systems, assets and checks are compared; where none are named, all."""

    systems: frozenset[str] = frozenset()
    assets: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()

    def has_asset(self, system_id: str, asset_id: str) -> bool:
        """Whether an asset is compared."""
        return _among(system_id, self.systems) and _among(asset_id, self.assets)

    def has_check(self, check_id: str) -> bool:
        """Whether a check is compared; "" stands for a whole asset."""
        return not check_id or _among(check_id, self.checks)


def _among(name: str, names: frozenset[str]) -> bool:
    return not names or name in names


@dataclass(frozen=True, slots=True)
class Sight:
    """What a run knows of an asset that it visited: nothing where there is a gap."""

    gap: Gap | None
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """A run as it was judged last: ``subjects`` are the assets that it plans, ``visits`` those of which it has one."""

    run: Run
    judgement: Judgement
    subjects: Mapping[str, Subject]
    visits: Mapping[str, StoredVisit]

    def sight(self, sets: ResultSets, asset_id: str) -> Sight | None:
        """What it knows of an asset; None where it was not visited. Raises UnreadableRun."""
        visit = self.visits.get(asset_id)
        if visit is None:
            return None
        with named(self.run.id, _("results"), results_hint(self.run.id)):
            gap = sets.gap(visit)
            return Sight(gap) if gap else Sight(None, sets.results(asset_id, visit.results))

    def lacks(self, asset_id: str, system_id: str) -> Reason:
        """Why nothing is known of an asset of a system that the other run knows."""
        if asset_id in self.subjects:
            return Reason.UNREACHED if asset_id in self.visits else Reason.NOT_VISITED
        systems = {system.id: system for system in self.run.plan.systems}
        if system_id not in systems:
            return Reason.SYSTEM_LEFT_OUT
        registered = {asset.id for asset in systems[system_id].assets}
        return Reason.NOT_PLANNED if asset_id in registered else Reason.NOT_REGISTERED


def side_of(store: Store, run_id: str) -> Side:
    """Raises UsageError where there is no such run, UnreadableRun."""
    run = store.run(run_id)
    judgement = store.latest_judgement(run_id)
    return Side(run, judgement, subjects_of(run.plan), store.result_sets().of(run_id, judgement.number))
