"""A plan as it is frozen: hosts share their probes, so each question is written once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from secaudit.model.content import Profile
from secaudit.model.evidence import Probe
from secaudit.model.register import Organisation, System
from secaudit.model.run import AssetPlan, Expected, Plan, Versions
from secaudit.store.codec import Codec


def _in_two_languages(probe: Any) -> Any:
    """A probe of a plan that was frozen when it said in English alone what it reduces, or said nothing."""
    reduces = probe.get("reduces") if isinstance(probe, dict) else None
    if not isinstance(reduces, str):
        return probe
    return {**probe, "reduces": {"zh": reduces, "en": reduces} if reduces else None}


@dataclass(frozen=True, slots=True)
class _AssetPlan:
    """``probes`` are places in the list of all; an expected check is an id, or (id, object)."""

    system_id: str
    asset_id: str
    probes: tuple[int, ...]
    expected: tuple[str | tuple[str, str], ...]
    authorisation: str
    outside_ports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    organisations: tuple[Organisation, ...]
    systems: tuple[System, ...]
    profiles: dict[str, Profile]
    probes: tuple[Annotated[Probe, BeforeValidator(_in_two_languages)], ...]
    assets: tuple[_AssetPlan, ...]
    only: tuple[str, ...] = ()


_PLAN: Final = Codec[_Plan](_Plan)
VERSIONS: Final = Codec[Versions](Versions)


def encode_plan(plan: Plan) -> bytes:
    """The frozen form of a plan."""
    places: dict[Probe, int] = {}
    for asset in plan.assets:
        for probe in asset.probes:
            places.setdefault(probe, len(places))
    assets = tuple(_packed(asset, places) for asset in plan.assets)
    packed = _Plan(plan.organisations, plan.systems, plan.profiles, tuple(places), assets, plan.only)
    return _PLAN.encode(packed)


def decode_plan(content: bytes) -> Plan:
    """The plan again; raises StoreError when it cannot be read."""
    packed = _PLAN.decode(content)
    assets = tuple(_unpacked(asset, packed.probes) for asset in packed.assets)
    return Plan(packed.organisations, packed.systems, packed.profiles, assets, packed.only)


def _packed(asset: AssetPlan, places: dict[Probe, int]) -> _AssetPlan:
    return _AssetPlan(
        asset.system_id,
        asset.asset_id,
        tuple(places[probe] for probe in asset.probes),
        tuple(_owed(asset.expected, asset.asset_id)),
        asset.authorisation,
        asset.outside_ports,
    )


def _owed(expected: Iterable[Expected], asset_id: str) -> Iterable[str | tuple[str, str]]:
    return (e.check_id if e.object_id == asset_id else (e.check_id, e.object_id) for e in expected)


def _unpacked(asset: _AssetPlan, probes: tuple[Probe, ...]) -> AssetPlan:
    return AssetPlan(
        asset.system_id,
        asset.asset_id,
        tuple(probes[place] for place in asset.probes),
        tuple(Expected(e, asset.asset_id) if isinstance(e, str) else Expected(*e) for e in asset.expected),
        asset.authorisation,
        asset.outside_ports,
    )
