"""What a report of one system is made from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from secaudit.facts.fact import Fact
from secaudit.model.assessment import Assessment
from secaudit.model.content import Check, References
from secaudit.model.evidence import Observation
from secaudit.model.register import System
from secaudit.model.run import AssetPlan, AssetRecord, Run, Versions


@dataclass(frozen=True, slots=True)
class Material:
    """One system, one run, one assessment.

    ``records`` are the assets of the system in the order of the plan; ``observations`` loads the answers of
    one asset. ``judged_at`` and ``judged_by`` differ from the run's own where it was judged again.
    ``office`` is the office that made the report, ``organisations`` the path from the top to the owner.
    """

    office: str
    organisations: tuple[str, ...]
    system: System
    run: Run
    profile: str
    assessment: Assessment
    records: Sequence[AssetRecord]
    observations: Callable[[str], Sequence[Observation]]
    checks: Mapping[str, Check]
    facts: Mapping[str, Fact]
    references: References
    judged_at: datetime
    judged_by: Versions
    generated_at: datetime

    def plans(self) -> dict[str, AssetPlan]:
        """Asset id → its plan, for the assets of this system."""
        return {p.asset_id: p for p in self.run.plan.assets if p.system_id == self.system.id}
