"""What a workspace holds that its ledger speaks of: files that people's acts are kept in, runs, changes of findings."""

import hashlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.handover.ledger import Subject
from secaudit.language import _
from secaudit.model.run import RunState
from secaudit.store import Store

# folder of the workspace → kind of its files; one act a file
FOLDERS: Final = {
    "authorisations": "authorisation",
    "attestations": "attestation",
    "acceptances": "acceptance",
    "risks": "risk",
    "packages": "package",
    "reported": "outside-report",
    "rectification": "rectification-notice",
}

# file of the workspace that people's decisions are kept in one by one → its kind
FILES: Final = {"known_hosts": "host-keys"}

# the kind of the mark that findings have heard of a run (0) or of a later judgement of it
FOLLOWED: Final = "followed"

# the kind of a change of findings: all that following a run, or one act of a person, wrote of them
FINDING: Final = "finding"


def subjects_of(folder: Path, store: Store | None) -> Iterator[Subject]:
    """Runs and their later judgements as they began, which of them were followed, changes of findings as they were
    made, then the files by name.
    """
    if store is not None:
        yield from _runs(store)
        for run_id, judgement, visits in store.findings.followed():
            digest = partial(_said, f"{run_id}#{judgement}: {visits}")
            yield Subject(FOLLOWED, f"{run_id}#{judgement}", digest)
        for number, act in store.findings.changes():
            yield Subject(FINDING, str(number), partial(store.findings.digest_of, number), act, settled=True)
    for name, kind in FOLDERS.items():
        for file in sorted((folder / name).glob("*.y*ml")):
            yield Subject(kind, file.name, partial(_digest, file))
    for name, kind in FILES.items():
        if (folder / name).is_file():
            yield Subject(kind, name, partial(_digest, folder / name))


def _runs(store: Store) -> Iterator[Subject]:
    """Runs that go on still are entered when they end."""
    for run_id, state, judged in store.runs_on_record():
        if state is not RunState.RUNNING:
            settled = state is RunState.COMPLETE
            yield Subject("run", run_id, partial(store.digest_of, run_id), state.value, settled)
        for number in range(1, judged + 1):
            digest = partial(store.digest_of, run_id, number)
            yield Subject("judgement", f"{run_id}#{number}", digest, settled=True)


def _said(text: str) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(file: Path) -> str:
    """SHA-256 in hex; raises UsageError."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(
            _("{path} cannot be read: {reason}.").format(path=file, reason=error.strerror)
        ) from error
