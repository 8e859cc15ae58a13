"""What allows each visit of a run: asked again before every one, so that none begins after it was withdrawn."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from secaudit.audit.judging import Subject
from secaudit.audit.planning import Authorise, outside_ports
from secaudit.errors import NotAuthorised, SecauditError
from secaudit.model.evidence import Gap, GapReason, Observation, Visit
from secaudit.model.register import Authorisation
from secaudit.model.run import AssetPlan


class Permits:
    """The authorisations of a run's visits.

    ``given`` is asset id → under what it is visited; ``refusals`` is asset id → why, of assets that were
    authorised when the plan was made and are no more: they are still owed.
    """

    def __init__(self, authorise: Authorise, subjects: Mapping[str, Subject]) -> None:
        self._authorise = authorise
        self._subjects = subjects
        self.given: dict[str, Authorisation] = {}
        self.refusals: dict[str, SecauditError] = {}

    def never_given(self, owed: Iterable[AssetPlan], now: datetime) -> Iterator[Visit]:
        """For each asset that was in no authorisation when the plan was made, nor is now: a visit that was none."""
        for planned in owed:
            if not planned.authorisation:
                try:
                    self._ask(planned)
                except NotAuthorised as refusal:
                    yield _not_begun(planned, str(refusal), now)

    def while_given(self, owed: Iterable[AssetPlan]) -> Iterator[AssetPlan]:
        """The plans that are allowed when their turn comes, under the authorisation of the moment.

        The plans are drawn by the threads that visit: an error would end one of them, not the run. What makes
        the files of the workspace unreadable ends them all.
        """
        for planned in owed:
            if planned.authorisation or planned.asset_id in self.given:
                try:
                    yield self._ask(planned)
                except NotAuthorised as refusal:  # another may still be allowed: windows differ
                    self.refusals[planned.asset_id] = refusal
                except SecauditError as error:
                    self.refusals[planned.asset_id] = error
                    return

    def _ask(self, planned: AssetPlan) -> AssetPlan:
        asset = self._subjects[planned.asset_id].asset
        found = self._authorise(planned.system_id, asset)
        if found is None:
            return replace(planned, authorisation="", outside_ports=())
        self.given[planned.asset_id] = found
        return replace(planned, authorisation=found.id, outside_ports=outside_ports(asset, found))


def _not_begun(planned: AssetPlan, why: str, now: datetime) -> Visit:
    gap = Gap(GapReason.NOT_AUTHORISED, why)
    answers = tuple(
        Observation(probe.id, probe.definition_hash, probe.command, gap) for probe in planned.probes
    )
    return Visit(planned.asset_id, now, now, None, "", answers, gap)
