"""The part of the view about acceptances: which there are, what each is worth, and which failures they cover."""

from typing import Any

from secaudit.assess.acceptances import Weighed
from secaudit.model.result import Result
from secaudit.report.material import Material
from secaudit.report.safe import shown

TEXT_LIMIT = 4000


def acceptances_view(material: Material) -> list[dict[str, Any]]:
    """Those of the system, in the order in which they were put on record, whatever they are worth by now."""
    own = material.system.id
    return [_acceptance(one) for one in material.acceptances.weighed if one.acceptance.system == own]


def failed_place(material: Material, result: Result) -> dict[str, Any]:
    """Where a check failed; ``accepted`` where acceptances cover all of it."""
    place: dict[str, Any] = {"asset": result.asset_id, "object": result.object_id}
    cover = material.acceptances.cover(material.system.id, result)
    if cover is not None:
        place["accepted"] = {
            "kind": cover.kind.value,
            "until": cover.until.isoformat(),
            "acceptances": list(cover.acceptances),
        }
    return place


def _acceptance(one: Weighed) -> dict[str, Any]:
    said, revocation = one.acceptance, one.revocation
    return {
        "id": said.id,
        "kind": said.kind.value,
        "state": one.state.value,
        "last_day": one.last_day.isoformat(),
        "check": said.check,
        "step": said.step,
        "assets": list(said.assets),
        "offenders": [shown(name) for name in said.offenders],
        "gone": list(one.gone),
        "reason": shown(said.reason, TEXT_LIMIT),
        "measure": shown(said.measure, TEXT_LIMIT),
        "requester": shown(said.requester),
        "approver": shown(said.approver),
        "document": shown(said.document),
        "start": said.start.isoformat(),
        "until": said.until.isoformat(),
        "deadline": said.deadline.isoformat() if said.deadline else "",
        "files": [{"name": shown(file.name), "sha256": file.sha256} for file in said.files],
        "revoked": {
            "person": shown(revocation.person),
            "date": revocation.day.isoformat(),
            "reason": shown(revocation.reason, TEXT_LIMIT),
        }
        if revocation
        else None,
    }
