"""Acts of people as files: each a new one of its own that none changes, with the files it rests on."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Self

import yaml
from pydantic import model_validator

from secaudit.document import Document
from secaudit.document.reader import SIZE_LIMIT_BYTES
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.attestation import EvidenceFile
from secaudit.register.folder import make_private_folder, write_new
from secaudit.register.kept_file import is_whole, read_handed
from secaudit.register.part import Part
from secaudit.register.times import in_zone
from secaudit.register.values import Digest, Line

EVIDENCE: Final = "evidence"
LIMIT_BYTES: Final = 50 * 1024 * 1024
TRIES: Final = 10_000  # files of one owner and day
Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class FilePart(Part):
    """A file of ``files:``; it lies in ``evidence/`` under its digest."""

    name: Line
    sha256: Digest

    def file(self) -> EvidenceFile:
        return EvidenceFile(self.name, self.sha256)


class ActPart(Part):
    """An act as its file says it, complete in itself or refused."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for wrong, expected in self.mistakes():
            if wrong:
                raise ValueError(expected)
        return self

    def mistakes(self) -> Iterable[tuple[bool, str]]:
        """What must not be, each with whether it is so and what was expected."""
        raise NotImplementedError


def files_written(files: Iterable[EvidenceFile]) -> list[dict[str, str]]:
    """Files as an act says them."""
    return [{"name": file.name, "sha256": file.sha256} for file in files]


def act_text(said: Mapping[str, Any]) -> str:
    """An act as its file says it; raises UsageError where no file of the workspace is that large."""
    text: str = yaml.dump(dict(said), Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    if len(text.encode()) > SIZE_LIMIT_BYTES:
        raise UsageError(
            _("What is to be written is larger than {limit} bytes.").format(limit=SIZE_LIMIT_BYTES)
        )
    return text


def read_evidence(source: Path) -> tuple[EvidenceFile, bytes]:
    """A file that an act rests on, and what it holds; raises UsageError: none, empty, too large."""
    told = _("{path} is no evidence: a file of 1 byte to {limit} MiB expected.")
    content = read_handed(source, LIMIT_BYTES, told)
    return EvidenceFile(source.name, hashlib.sha256(content).hexdigest()), content


def read_beside(folder: Path, name: str) -> tuple[EvidenceFile, bytes]:
    """The file of that name in the folder where a workbook lies; raises UsageError, also for a path."""
    if name in (".", "..") or "/" in name or "\\" in name:
        raise UsageError(_("{name} is no name of a file beside the workbook.").format(name=name))
    return read_evidence(folder / name)


def keep_act(
    workspace: Path, folder: str, owner: str, text: str, evidence: Mapping[str, bytes], now: datetime
) -> Path:
    """Write ``FOLDER/OWNER-DATE-N.yaml``, what it rests on before it; raises UsageError, then no act is on record.

    ``evidence``: SHA-256 → content; what lies there already is not written twice.
    """
    return keep_acts(workspace, folder, owner, [text], evidence, now)[0]


def keep_acts(
    workspace: Path,
    folder: str,
    owner: str,
    texts: Iterable[str],
    evidence: Mapping[str, bytes],
    now: datetime,
) -> list[Path]:
    """Write several acts of one moment, all or none (``keep_act``)."""
    make_private_folder(workspace / folder)
    keep_evidence(workspace, evidence)
    written: list[Path] = []
    try:
        for text in texts:
            written.append(_write_free(workspace / folder, f"{owner}-{in_zone(now):%Y%m%d}", text))
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        raise
    return written


def keep_evidence(workspace: Path, evidence: Mapping[str, bytes]) -> None:
    """Write what an act rests on (SHA-256 → content); raises UsageError."""
    if evidence:
        make_private_folder(workspace / EVIDENCE)
    for digest, content in evidence.items():
        place = workspace / evidence_place(digest)
        if not is_whole(workspace, evidence_place(digest), digest):
            place.unlink(missing_ok=True)  # what was put on record comes back in place of what was changed
            write_new(place, content)


def _write_free(folder: Path, stem: str, text: str) -> Path:
    for number in range(1, TRIES):
        file = folder / f"{stem}-{number}.yaml"
        if not file.exists():
            write_new(file, text)
            return file
    raise UsageError(_("{folder} holds too many files of today.").format(folder=folder))


def in_order(documents: Iterable[Document]) -> list[Document]:
    """Files in the order in which they were written: ``oa-20261128-10`` after ``oa-20261128-9``."""
    return sorted(documents, key=lambda document: _numbered(document.file))


def _numbered(name: str) -> list[tuple[str, int]]:
    """Text and number in turn, so that like is compared with like."""
    parts = re.split(r"([0-9]{1,18})", name)
    return [("", int(part)) if place % 2 else (part, 0) for place, part in enumerate(parts)]


def evidence_place(digest: str) -> str:
    """Where a file of that SHA-256 lies in the workspace."""
    return f"{EVIDENCE}/{digest}"


def altered(workspace: Path, files: Iterable[EvidenceFile]) -> frozenset[str]:
    """The digests of evidence that is missing, leads out of the workspace or is not what was put on record."""
    wanted = {file.sha256 for file in files}
    return frozenset(digest for digest in wanted if not is_whole(workspace, evidence_place(digest), digest))
