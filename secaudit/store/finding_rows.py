"""Findings and their events as rows: what is empty costs nothing."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Row

from secaudit.model.content import Severity
from secaudit.model.finding import OURS, Claim, Closing, Event, Finding, Source, Stage
from secaudit.model.text import Text
from secaudit.store.codec import Codec, canonical

EVENT: Final = Codec[Event](Event)
CLAIM: Final = Codec[Claim](Claim)
CLOSING: Final = Codec[Closing](Closing)
TITLE: Final = Codec[Text](Text)

EMPTY: Final[tuple[Any, ...]] = ("", None, [], ())


def identity_of(finding: Finding) -> bytes:
    """SHA-256 of what makes it the same finding."""
    return hashlib.sha256(canonical(list(finding.identity))).digest()


def identity_at(row: Row[Any], system: str, asset: str) -> bytes:
    """The same of a row, were it of that system and asset."""
    paper = () if Source(row.source) in OURS else (row.document, row.reference)
    said = [row.source, system, asset, row.object_id, row.check_id, json.loads(row.offender), *paper]
    return hashlib.sha256(canonical(said)).digest()


def opened_row(finding: Finding, title: bytes, change: int) -> dict[str, Any]:
    """All of a finding as it is opened; ``title`` is the hash of its blob."""
    return {
        "number": finding.number,
        "change": change,
        "source": finding.source.value,
        "object_id": finding.object_id,
        "check_id": finding.check,
        "offender": canonical(finding.offender),
        "document": finding.document,
        "reference": finding.reference,
        "title": title,
        "severity": finding.severity.value,
        "advisory": finding.advisory,
        "opened": finding.opened,
        "opened_in": finding.opened_in,
        **state_row(finding),
    }


def state_row(finding: Finding) -> dict[str, Any]:
    """What its events have led to."""
    again = (finding.failed_at, finding.failed_in) != (finding.opened, finding.opened_in)
    return {
        "identity": identity_of(finding),
        "system_id": finding.system,
        "asset_id": finding.asset,
        "failed_at": finding.failed_at if again else None,
        "failed_in": finding.failed_in if again else None,
        "stage": finding.stage.value,
        "owner": finding.owner,
        "measure": finding.measure,
        "deadline": finding.deadline,
        "notice": finding.notice,
        "claimed": _packed(CLAIM, finding.claimed),
        "closed": _packed(CLOSING, finding.closed),
        "reason": finding.closed.reason.value if finding.closed else None,
        "reopened": finding.reopened,
    }


def _packed(codec: Codec[Any], value: Any) -> bytes | None:
    return None if value is None else canonical(filled(codec.plain(value)))


def filled(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is not empty: reading puts the defaults back."""
    return {key: value for key, value in said.items() if value not in EMPTY}


def event_said(event: Event) -> bytes:
    """An event as it is stored."""
    return canonical(filled(EVENT.plain(event)))


def finding_of(row: Row[Any], title: Text) -> Finding:
    """The finding of a row, without its history. Raises Unreadable; ValueError for a value that is none."""
    closed = None if row.closed is None else CLOSING.decode(row.closed)
    if row.reason != (closed and closed.reason):
        raise ValueError(row.reason)
    return Finding(
        number=row.number,
        source=Source(row.source),
        system=row.system_id,
        asset=row.asset_id,
        check=row.check_id,
        offender=json.loads(row.offender),
        title=title,
        severity=Severity(row.severity),
        advisory=row.advisory,
        opened=row.opened,
        opened_in=row.opened_in,
        failed_at=row.failed_at or row.opened,
        failed_in=row.opened_in if row.failed_in is None else row.failed_in,
        object_id=row.object_id,
        document=row.document,
        reference=row.reference,
        stage=Stage(row.stage),
        owner=row.owner,
        measure=row.measure,
        deadline=row.deadline,
        notice=row.notice,
        claimed=None if row.claimed is None else CLAIM.decode(row.claimed),
        closed=closed,
        reopened=row.reopened,
    )
