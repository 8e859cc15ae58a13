"""New answers as a file of their own, with the files they rest on; nothing is written unless all of it is right."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from secaudit.document import validated
from secaudit.document.reader import parse_document
from secaudit.model.attestation import Attestation
from secaudit.register.acts import act_text, files_written, keep_act
from secaudit.register.attestations import FOLDER, AttestationsPart


def add_attestations(
    workspace: Path, new: Sequence[Attestation], evidence: Mapping[str, bytes], now: datetime
) -> Path:
    """Write the answers of one system or organisation as ``attestations/OWNER-DATE-N.yaml``.

    ``evidence``: SHA-256 → content. Raises ContentError with what is wrong with an answer, UsageError where
    something cannot be written; then no answer is on record.
    """
    first = new[0]
    owner = {"system": first.system} if first.system else {"organisation": first.organisation}
    text = act_text({**owner, "answers": [_written(one) for one in new]})
    validated(parse_document(text, FOLDER), AttestationsPart)
    return keep_act(workspace, FOLDER, first.system or first.organisation, text, evidence, now)


def _written(one: Attestation) -> dict[str, Any]:
    """An answer as its file says it; what is empty is left out."""
    said = {
        "step": one.step_id,
        "object": one.object_id,
        "answer": one.answer.value,
        "record": one.record,
        "person": one.person,
        "date": one.day.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        "files": files_written(one.files),
    }
    return {key: value for key, value in said.items() if value}
