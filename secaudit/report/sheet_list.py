"""The sheets of the workbook, in order."""

from typing import Final

from secaudit.report.summary_rows import summary
from secaudit.report.tabular import Sheet, findings, gaps, items, problems, risks, steps
from secaudit.report.tabular_assets import assets, backups, patches, ports

SHEETS: Final = (
    Sheet("summary", {"name": 26, "value": 70}, summary),
    Sheet(
        "items",
        {"unit": 13, "clause": 12, "domain": 14, "control_point": 16, "summary": 46, "object": 20, "kind": 14}
        | {"conclusion": 10, "worst": 10, "best": 10},
        items,
    ),
    Sheet(
        "steps",
        {"unit": 13, "step": 24, "object": 18, "question": 44, "methods": 10, "state": 10, "decider": 14}
        | {
            "machine_verdicts": 44,
            "gap": 14,
            "answer": 10,
            "person": 10,
            "date": 11,
            "valid_until": 11,
            "record": 40,
        },
        steps,
    ),
    Sheet(
        "problems",
        {
            "severity": 8,
            "check_title": 34,
            "verdict": 10,
            "asset": 16,
            "object": 16,
            "offenders": 60,
            "accepted": 12,
        }
        | {"remedy": 60, "steps": 24, "advisory": 8, "check": 34, "unsampled": 14},
        problems,
    ),
    Sheet(
        "risks",
        {
            "risk": 9,
            "hazard": 9,
            "text": 44,
            "standing": 12,
            "objects": 20,
            "case": 34,
            "act": 12,
            "person": 10,
        }
        | {"date": 11, "valid_until": 11, "reason": 34, "measure": 34},
        risks,
    ),
    Sheet(
        "findings",
        {"known_number": 11, "known_title": 44, "severity": 10, "asset": 18, "known_where": 30}
        | {"known_source": 22, "known_opened": 12, "known_stage": 20, "known_deadline": 12}
        | {"known_notice": 20, "known_closed": 12, "known_reopened": 10},
        findings,
    ),
    Sheet("gaps", {"gap": 16, "asset": 18, "facts": 40, "details": 60, "checks_count": 10}, gaps),
    Sheet(
        "ports",
        {"asset": 18, "port": 8, "protocol": 8, "declared": 8, "purpose": 20, "listening": 8, "exposed": 8}
        | {"outside": 14, "process": 20, "high_risk_port": 10},
        ports,
    ),
    Sheet(
        "backups",
        {
            "data_set": 20,
            "asset": 18,
            "newest": 14,
            "rpo": 10,
            "size": 16,
            "job": 34,
            "copies": 10,
            "targets": 12,
        },
        backups,
    ),
    Sheet("patches", {"asset": 18, "package": 28, "installed": 26, "candidate": 26, "security": 10}, patches),
    Sheet(
        "assets",
        {
            "id": 18,
            "asset_name": 20,
            "kind": 10,
            "address": 18,
            "zone": 12,
            "reached": 16,
            "started": 24,
            "ended": 24,
        }
        | {"os": 32, "support": 12, "kernel": 26, "updates": 10, "security_updates": 10},
        assets,
    ),
)
