"""The part of the view about what is judged: the sample of the assets, and what a system shares with others."""

from typing import Any

from secaudit.model.register import System
from secaudit.model.scope import Platform, Sample
from secaudit.report.safe import shown


def sampling_view(system: System) -> list[dict[str, Any]]:
    """The choices on record; of kinds without one every asset is judged."""
    return [_sample(sample, system) for sample in system.samples]


def _sample(sample: Sample, system: System) -> dict[str, Any]:
    return {
        "kind": sample.kind,
        "assets": list(sample.assets),
        "of": sum(asset.kind == sample.kind for asset in system.assets),
        "person": shown(sample.person),
        "date": sample.day.isoformat(),
        "reason": shown(sample.reason),
    }


def platform_view(platform: Platform | None) -> dict[str, Any] | None:
    """The cloud platform of a tenant, null where there is none; "" and 0 are not on record."""
    if platform is None:
        return None
    return {
        "name": shown(platform.name),
        "filing_number": platform.filing_number,
        "level": platform.level,
        "report_number": platform.report_number,
        "report_date": platform.report_date.isoformat() if platform.report_date else "",
        "split": shown(platform.split),
        "provider": list(platform.items),
    }


def shared_view(system: System) -> list[dict[str, str]]:
    """What organisations have registered for this system among others: machine rooms, rules, people."""
    return [{"id": one.id, "kind": one.kind, "name": shown(one.name)} for one in system.shared]
