"""What allows each visit of a run: asked again before every one, so that none begins after it was withdrawn."""

from collections.abc import Mapping
from dataclasses import replace

from secaudit.audit.judging import Subject
from secaudit.audit.planning import Authorise, outside_ports
from secaudit.errors import NotAuthorised, SecauditError
from secaudit.model.evidence import Gap, GapReason
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

    def allow(self, planned: AssetPlan) -> AssetPlan | Gap | None:
        """The plan under the authorisation of the moment; None when its permission ended since it was made.

        A gap where nobody had allowed the asset when the plan was made, nor has by now. The threads that visit
        ask: an error would end one of them, not the run.
        """
        asset = self._subjects[planned.asset_id].asset
        try:
            found = self._authorise(planned.system_id, asset)
        except SecauditError as error:
            if isinstance(error, NotAuthorised) and not planned.authorisation:
                return Gap(GapReason.NOT_AUTHORISED, str(error))
            self.refusals[planned.asset_id] = error
            return None
        if found is None:
            return replace(planned, authorisation="", outside_ports=())
        self.given[planned.asset_id] = found
        return replace(planned, authorisation=found.id, outside_ports=outside_ports(asset, found))
