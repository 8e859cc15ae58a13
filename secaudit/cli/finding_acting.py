"""How an act of a person on findings is put on record: all of the findings that it is about, or none."""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from pathlib import Path

import click

from secaudit import clock
from secaudit.assess.finding_state import applied
from secaudit.model.attestation import EvidenceFile
from secaudit.model.finding import Event, Finding
from secaudit.register.acts import keep_evidence, read_evidence
from secaudit.store import Store

Act = Callable[[Finding], Sequence[Event]]


def read_files(files: Sequence[Path]) -> tuple[tuple[EvidenceFile, ...], dict[str, bytes]]:
    """The files as an act names them, and SHA-256 → content; raises UsageError."""
    read = [read_evidence(file) for file in files]
    return tuple(file for file, _content in read), {file.sha256: content for file, content in read}


def put_on_record(
    workspace: Path,
    store: Store,
    name: str,
    numbers: Sequence[int],
    act: Act,
    evidence: Mapping[str, bytes] | None = None,
) -> list[Finding]:
    """The findings after the act ``name``. Raises UsageError where one of them refuses it: then nothing is written."""
    with store.findings.changing(name, clock.now()) as changing:
        after: list[tuple[Finding, Event]] = []
        for finding in changing.numbered(numbers):
            events = act(finding)
            states = list(accumulate(events, applied, initial=finding))[1:]
            after += zip(states, events, strict=True)
        keep_evidence(workspace, evidence or {})
        changing.change.write((), after)
    return list({finding.number: finding for finding, _event in after}.values())


def tell(findings: Sequence[Finding], told: str) -> None:
    """Say what was put on record; ``told`` has blanks for ``count`` and ``numbers``."""
    numbers = [str(finding) for finding in findings]
    named = ", ".join(numbers) if len(numbers) <= 5 else f"{numbers[0]} … {numbers[-1]}"
    click.echo(told.format(count=len(findings), numbers=named))
