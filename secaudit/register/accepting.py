"""New acceptances and revocations as files of their own; nothing is written unless all of it is right."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from secaudit.document import validated
from secaudit.document.reader import parse_document
from secaudit.model.acceptance import Acceptance, Revocation
from secaudit.register.acceptances import FOLDER, AcceptancePart, RevocationPart
from secaudit.register.acts import act_text, files_written, keep_act


def add_acceptance(
    workspace: Path, wanted: Acceptance, evidence: Mapping[str, bytes], now: datetime
) -> Acceptance:
    """Write ``acceptances/SYSTEM-DATE-N.yaml`` and return what it says; ``wanted`` has no id yet.

    ``evidence``: SHA-256 → content. Raises ContentError with what is wrong, UsageError where it cannot be written.
    """
    text = act_text(_written(wanted))
    part = validated(parse_document(text, FOLDER), AcceptancePart)
    return part.acceptance(keep_act(workspace, FOLDER, wanted.system, text, evidence, now).stem)


def revoke_acceptance(workspace: Path, system: str, revocation: Revocation, now: datetime) -> Path:
    """Write the act that revokes an acceptance of a system; the acceptance stays as it is."""
    said = {
        "revokes": revocation.of,
        "person": revocation.person,
        "date": revocation.day.isoformat(),
        "reason": revocation.reason,
    }
    text = act_text(said)
    validated(parse_document(text, FOLDER), RevocationPart)
    return keep_act(workspace, FOLDER, system, text, {}, now)


def _written(one: Acceptance) -> dict[str, Any]:
    """As its file says it; what is empty is left out."""
    said = {
        "system": one.system,
        "kind": one.kind.value,
        "check": one.check,
        "step": one.step,
        "assets": list(one.assets),
        "offenders": list(one.offenders),
        "reason": one.reason,
        "measure": one.measure,
        "requester": one.requester,
        "approver": one.approver,
        "document": one.document,
        "start": one.start.isoformat(),
        "until": one.until.isoformat(),
        "deadline": one.deadline.isoformat() if one.deadline else "",
        "files": files_written(one.files),
    }
    return {key: value for key, value in said.items() if value}
