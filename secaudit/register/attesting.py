"""New answers as a file of their own, with the files they rest on; nothing is written unless all of it is right."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import yaml

from secaudit.document import validated
from secaudit.document.reader import parse_document
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.attestation import Attestation, EvidenceFile
from secaudit.register.attestations import EVIDENCE, FOLDER, AttestationsPart, evidence_place
from secaudit.register.folder import make_private_folder, write_new
from secaudit.register.kept_file import read_handed
from secaudit.register.times import in_zone

LIMIT_BYTES: Final = 50 * 1024 * 1024
TRIES: Final = 10_000  # files of one owner and day


def read_evidence(source: Path) -> tuple[EvidenceFile, bytes]:
    """A file that an answer rests on, and what it holds; raises UsageError: none, empty, too large."""
    told = _("{path} is no evidence: a file of 1 byte to {limit} MiB expected.")
    content = read_handed(source, LIMIT_BYTES, told)
    return EvidenceFile(source.name, hashlib.sha256(content).hexdigest()), content


def add_attestations(
    workspace: Path, new: Sequence[Attestation], evidence: Mapping[str, bytes], now: datetime
) -> Path:
    """Write the answers of one system or organisation as ``attestations/OWNER-DATE-N.yaml``.

    ``evidence``: SHA-256 → content; what lies there already is not written twice. Raises ContentError with what is
    wrong with an answer, UsageError where something cannot be written; then no answer is on record.
    """
    first = new[0]
    owner = {"system": first.system} if first.system else {"organisation": first.organisation}
    text = yaml.safe_dump(
        {**owner, "answers": [_written(one) for one in new]},
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )
    validated(parse_document(text, FOLDER), AttestationsPart)
    make_private_folder(workspace / FOLDER)
    if evidence:
        make_private_folder(workspace / EVIDENCE)
    for digest, content in evidence.items():
        place = workspace / evidence_place(digest)
        if not place.exists():
            write_new(place, content)
    return _write_free(workspace, f"{first.system or first.organisation}-{in_zone(now):%Y%m%d}", text)


def _write_free(workspace: Path, stem: str, text: str) -> Path:
    for number in range(1, TRIES):
        file = workspace / FOLDER / f"{stem}-{number}.yaml"
        if not file.exists():
            write_new(file, text)
            return file
    raise UsageError(_("{folder} holds too many files of today.").format(folder=workspace / FOLDER))


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
        "files": [{"name": file.name, "sha256": file.sha256} for file in one.files],
    }
    return {key: value for key, value in said.items() if value}
