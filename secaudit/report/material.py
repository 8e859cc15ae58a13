"""What a report of one system is made from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.assess.acceptances import NOTHING_ACCEPTED, Acceptances
from secaudit.assess.previous import Previous
from secaudit.assess.risks import NO_RISKS, Risks
from secaudit.facts.fact import Fact
from secaudit.model.assessment import Assessment
from secaudit.model.content import Check, References
from secaudit.model.evidence import Gap, GapReason, Observation
from secaudit.model.register import Asset, System
from secaudit.model.result import Result, Verdict
from secaudit.model.run import AssetPlan, AssetRecord, Run, Versions
from secaudit.model.weights import DEFAULT_WEIGHTS, Weights


@dataclass(frozen=True, slots=True)
class Material:
    """One system, one run, one assessment.

    ``records`` are the assets of the system in the order of the plan; ``planned`` verdicts are owed by what
    judged. ``observations`` loads the answers of one asset. ``judgement`` is 0 for the run's own;
    ``judged_at`` and ``judged_by`` differ where it was judged again. ``office`` is the office that made the
    report, ``organisations`` the path from the top to the owner. ``acceptances`` mark failures and change no figure;
    ``previous`` is what was known before.
    """

    office: str
    organisations: tuple[str, ...]
    system: System
    run: Run
    profile: str
    assessment: Assessment
    records: Sequence[AssetRecord]
    planned: int
    observations: Callable[[str], Sequence[Observation]]
    checks: Mapping[str, Check]
    facts: Mapping[str, Fact]
    references: References
    judgement: int
    judged_at: datetime
    judged_by: Versions
    generated_at: datetime
    acceptances: Acceptances = NOTHING_ACCEPTED
    weights: Weights = DEFAULT_WEIGHTS
    risks: Risks = NO_RISKS
    previous: Previous | None = None

    def asset(self, asset_id: str) -> Asset:
        """An asset of this system."""
        return next(asset for asset in self.system.assets if asset.id == asset_id)

    def plans(self) -> dict[str, AssetPlan]:
        """Asset id → its plan, for the assets of this system."""
        return {p.asset_id: p for p in self.run.plan.assets if p.system_id == self.system.id}


def complete_records(run: Run, system_id: str, records: Iterable[AssetRecord]) -> list[AssetRecord]:
    """One record for each planned asset of a system, in the order of the plan.

    An asset that an unfinished run has not visited is owed in full: every verdict UNKNOWN, not collected.
    """
    visited = {record.asset_id: record for record in records}
    planned = [plan for plan in run.plan.assets if plan.system_id == system_id]
    return [visited.get(plan.asset_id) or _not_visited(run, plan) for plan in planned]


def _not_visited(run: Run, plan: AssetPlan) -> AssetRecord:
    gap = Gap(GapReason.NOT_COLLECTED)
    owed = tuple(
        Result(e.check_id, plan.asset_id, e.object_id, Verdict.UNKNOWN, gap=gap, gap_source="")
        for e in plan.expected
    )
    at = run.started_at
    return AssetRecord(plan.asset_id, at, at, None, plan.authorisation, gap, {}, owed)
