"""What an act of a person is about: the grounds of a risk, as they are now; refused where there are none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from secaudit.assess.candidates import concerns
from secaudit.assess.risks import Risk, Risks, RiskTables, Ruling
from secaudit.assess.standing import Standing, defect_of
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.assessment import Assessment, StepState
from secaudit.model.content import HighRiskCondition
from secaudit.model.register import System
from secaudit.model.result import Verdict
from secaudit.model.risk import Ground, HazardCriteria, RiskAct

RESOLVED: Final = (Verdict.PASS, Verdict.PARTIAL, Verdict.NOT_APPLICABLE)
MET: Final = (StepState.MET, StepState.PARTLY, StepState.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Matter:
    """A risk of a system that a person decides on, on all objects or on some. Methods raise UsageError."""

    system: System
    assessment: Assessment
    risks: Risks
    tables: RiskTables
    name: str
    objects: Collection[str] = ()

    @property
    def risk(self) -> Risk | None:
        return next((one for one in self.risks.risks if one.id == self.name), None)

    @property
    def condition(self) -> HighRiskCondition | None:
        return self.tables.conditions.get(self.name)

    def to_confirm(self) -> tuple[Ground, ...]:
        """What shows it; where nothing does, the person alone says so, of these objects or of the whole system."""
        if self.condition and not concerns(self.system, self.condition):
            told = _("{risk} does not concern {system}: level {level} and scope “{scope}” are asked.")
            scope = self.condition.scope or "-"
            raise UsageError(
                told.format(
                    risk=self.name, system=self.system.id, level=self.condition.min_level, scope=scope
                )
            )
        if found := [one.ground for one in self._rulings() if one.shown]:
            return tuple(found)
        self._refuse_unknown_objects()
        return tuple(Ground(object_id, "") for object_id in self.objects or ("",))

    def to_downgrade(self) -> tuple[Ground, ...]:
        """What shows it; of an item what is not met of it."""
        for item in self.assessment.items:
            if item.requirement.key == self.name and (ground := defect_of(item)).seen:
                return (ground,)
        if found := [one.ground for one in self._rulings() if one.shown]:
            return tuple(found)
        raise UsageError(
            _("{risk} is not shown by anything: there is nothing to downgrade.").format(risk=self.name)
        )

    def refuse_excluding(self) -> None:
        """An exclusion takes back nothing that a person confirmed."""
        risk = self.risk
        if risk and any(one.decision and one.decision.act is RiskAct.CONFIRM for one in risk.rulings):
            told = _("{risk} was confirmed: revoke that first, or it would be confirmed and excluded.")
            raise UsageError(told.format(risk=self.name))

    def to_rectify(self) -> tuple[tuple[Ground, ...], HazardCriteria | None]:
        """What was confirmed and is shown no more, and what was said of it as a hazard."""
        confirmed = [one for one in self._rulings() if one.standing is Standing.CONFIRMED]
        if not confirmed:
            told = _("{risk} is not confirmed: only what was confirmed can be rectified.")
            raise UsageError(told.format(risk=self.name))
        left = [one.ground for one in confirmed if one.shown or not self._is_resolved(one.ground)]
        if left:
            told = _("{risk} is not shown to be rectified on {objects}.")
            raise UsageError(
                told.format(risk=self.name, objects=", ".join(dict.fromkeys(g.object_id for g in left))),
                hint=_("Scan again or answer the step first; name what is rectified with --object."),
            )
        said = [one.decision.hazard for one in confirmed if one.decision and one.decision.hazard]
        return tuple(one.ground for one in confirmed), max(said, key=lambda one: one.met, default=None)

    def to_revoke(self) -> tuple[Ground, ...]:
        """What was decided on; nothing for a whole condition that is excluded."""
        risk = self.risk
        if risk and risk.standing is Standing.EXCLUDED:
            return ()
        if self.name in self.risks.lowered:
            return self.to_downgrade()
        found = [one.ground for one in self._rulings() if one.decision or one.reopened]
        if not found and self.name in self.risks.excluded:
            return ()
        if not found:
            raise UsageError(_("Nothing was decided on {risk}.").format(risk=self.name))
        return tuple(found)

    def _rulings(self) -> Sequence[Ruling]:
        """Of the objects that are meant."""
        rulings = self.risk.rulings if self.risk else ()
        return [one for one in rulings if not self.objects or one.ground.object_id in self.objects]

    def _refuse_unknown_objects(self) -> None:
        if unknown := [name for name in self.objects if name not in self._known()]:
            told = _("{object} is no asset and no data set of {system}.")
            raise UsageError(told.format(object=unknown[0], system=self.system.id))

    def _is_resolved(self, ground: Ground) -> bool:
        """Whether the check or the step is known to be in order now; what is gone from the register is, too."""
        gone = ground.object_id not in self._known()
        verdicts = [
            result.verdict
            for result in self.assessment.risky
            if (result.object_id, result.check_id) == ground.place
        ]
        states = [
            step.state
            for item in self.assessment.items
            for outcome in item.objects
            for step in outcome.steps
            if step.step.id == ground.source and (gone or outcome.object_id == ground.object_id)
        ]
        in_order = all(one in RESOLVED for one in verdicts) and all(one in MET for one in states)
        return in_order and (gone or not ground.source or bool(verdicts or states))

    def _known(self) -> set[str]:
        assets = {asset.id for asset in self.system.assets}
        return assets | {data_set.id for data_set in self.system.data_sets}
