"""The three checklists that everybody asks for first, per asset: patching, open ports, backups."""

from collections.abc import Sequence
from typing import Any

from secaudit.facts.fact import build_facts
from secaudit.model.evidence import Gap, Observation
from secaudit.model.register import Asset
from secaudit.model.run import AssetRecord
from secaudit.model.schema import plain
from secaudit.report.evidence import gap_view
from secaudit.report.material import Material
from secaudit.report.safe import shown

SHOWN_FACTS = ("os", "kernel", "support", "pending_updates", "ports", "data_set_backups")


def tables_view(
    material: Material, record: AssetRecord, observations: Sequence[Observation]
) -> dict[str, Any]:
    """Fact name → ``{"value": …}`` or ``{"gap": …}`` for one asset, rebuilt from its evidence."""
    asset = material.asset(record.asset_id)
    names = [
        name for name in SHOWN_FACTS if name in material.facts and asset.kind in material.facts[name].kinds
    ]
    built = _built(material, record, observations, asset, names)
    return {"asset": asset.id, "facts": {name: _shown(built[name]) for name in names}}


def _built(
    material: Material,
    record: AssetRecord,
    observations: Sequence[Observation],
    asset: Asset,
    names: list[str],
) -> dict[str, Any]:
    return build_facts(
        names,
        material.facts,
        {seen.probe_id: seen for seen in observations},
        asset,
        material.system,
        material.references,
        record.target_time or record.started_at,
    )


def _shown(value: Any) -> dict[str, Any]:
    if isinstance(value, Gap):
        return {"gap": gap_view(value)}
    return {"value": _escaped(plain(value))}


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, list):
        return [_escaped(item) for item in value]
    if isinstance(value, dict):
        return {shown(key): _escaped(item) for key, item in value.items()}
    return value
