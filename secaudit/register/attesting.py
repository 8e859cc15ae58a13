"""New answers as a file of their own, with the files they rest on; nothing is written unless all of it is right."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from secaudit.document import validated
from secaudit.document.reader import SIZE_LIMIT_BYTES, parse_document
from secaudit.model.attestation import Attestation
from secaudit.register.acts import act_text, files_written, keep_acts
from secaudit.register.attestations import FOLDER, AttestationsPart

PIECE_BYTES: Final = SIZE_LIMIT_BYTES // 2


def add_attestations(
    workspace: Path, new: Sequence[Attestation], evidence: Mapping[str, bytes], now: datetime
) -> list[Path]:
    """Write the answers of one system or organisation as ``attestations/OWNER-DATE-N.yaml``, several where many.

    ``evidence``: SHA-256 → content. Raises ContentError with what is wrong with an answer, UsageError where
    something cannot be written; then no answer is on record.
    """
    first = new[0]
    owner = {"system": first.system} if first.system else {"organisation": first.organisation}
    texts = [act_text({**owner, "answers": answers}) for answers in _pieces(map(_written, new))]
    for text in texts:
        validated(parse_document(text, FOLDER), AttestationsPart)
    return keep_acts(workspace, FOLDER, first.system or first.organisation, texts, evidence, now)


def _pieces(answers: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """As many at a time as a file of the workspace has room for, whatever YAML has to quote in them."""
    piece: list[dict[str, Any]] = []
    size = 0
    for one in answers:
        needed = sum(len(str(part).encode()) + len(key) + 8 for key, part in one.items())
        if piece and size + needed > PIECE_BYTES:
            yield piece
            piece, size = [], 0
        piece.append(one)
        size += needed
    yield piece


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
