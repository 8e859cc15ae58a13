"""The part of the view about assets: how each visit went, and the evidence, each output once."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from secaudit.facts.fact import decoded
from secaudit.model.evidence import BUNDLE, Gap, Observation
from secaudit.model.run import AssetRecord
from secaudit.report.material import Material
from secaudit.report.safe import shown, shown_lines, stamp

EXCERPT_CAP = 4_000
COMMAND_CAP = 6_000


def asset_view(
    material: Material, record: AssetRecord, observations: Sequence[Observation], outputs: dict[str, Any]
) -> dict[str, Any]:
    """One asset; adds what it answered to ``outputs`` (SHA-256 → excerpt), where equal outputs stand once."""
    asset = material.asset(record.asset_id)
    counts = Counter(result.verdict.value for result in record.results)
    return {
        "id": asset.id,
        "name": asset.name,
        "kind": asset.kind,
        "address": asset.address,
        "zone": asset.zone,
        "importance": asset.importance,
        "transport": asset.reach.transport,
        "sudo": asset.reach.sudo.value,
        "gap": gap_view(record.gap),
        "started_at": stamp(record.started_at),
        "ended_at": stamp(record.ended_at),
        "target_time": stamp(record.target_time),
        "clock_skew_s": record.clock_ahead_s,
        "bundle_age_days": _bundle_age_days(record),
        "authorisation": record.authorisation,
        "channel": {key: shown(value) for key, value in record.channel.items()},
        "verdicts": dict(sorted(counts.items())),
        "evidence": [_evidence(record, seen, outputs) for seen in observations],
    }


def _bundle_age_days(record: AssetRecord) -> int | None:
    """How old carried evidence was when it was judged; None for a visit of ours, and where nothing came yet."""
    if record.channel.get("transport") != BUNDLE or record.gap is not None:
        return None
    return max((record.ended_at - record.started_at).days, 0)


def gap_view(gap: Gap | None) -> dict[str, str] | None:
    """A gap as view data; null where there is none."""
    return {"reason": gap.reason.value, "detail": shown(gap.detail, 300)} if gap else None


def _evidence(record: AssetRecord, seen: Observation, outputs: dict[str, Any]) -> dict[str, Any]:
    at = record.started_at + timedelta(milliseconds=seen.offset_ms)
    return {
        "probe": seen.probe_id,
        "probe_hash": seen.probe_hash,
        "root": seen.root,
        "at": stamp(at),
        "duration_ms": seen.duration_ms,
        "exit_status": seen.exit_status,
        "command": _kept(outputs, seen.command.encode("utf-8", "backslashreplace"), COMMAND_CAP),
        "output": _kept(outputs, seen.output, EXCERPT_CAP),
        "errors": shown(decoded(seen.errors), 300),
        "gap": gap_view(seen.gap),
    }


def _kept(outputs: dict[str, Any], content: bytes, cap: int) -> str:
    """The SHA-256 under which the content stands in ``outputs``."""
    digest = hashlib.sha256(content).hexdigest()
    if digest not in outputs:
        outputs[digest] = {
            "size_bytes": len(content),
            "excerpt": shown_lines(decoded(content[: cap * 4]), cap),
            "whole": len(content) <= cap,
        }
    return digest
