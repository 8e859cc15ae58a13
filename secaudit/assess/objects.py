"""What an item is judged on (测评对象): registered assets and data sets, or what nobody has registered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from secaudit.model.content import Requirement
from secaudit.model.register import Asset, DataSet, System
from secaudit.model.result import Result

# Kinds of objects (steps.csv) that a registered asset can be. The others (records, people, a cipher
# component …) are looked at for the system as a whole.
ASSET_KINDS: Final = frozenset(
    {
        "host",
        "terminal",
        "mobile-terminal",
        "network-device",
        "security-device",
        "virtual-device",
        "gateway",
        "database",
        "middleware",
        "system-software",
        "application",
        "management-platform",
        "machine-room",
    }
)
HOSTS: Final = ("linux", "windows")
DATA_KINDS: Final = {"business": "business-data", "configuration": "configuration-data"}


@dataclass(frozen=True, slots=True)
class Object:
    """An object of an item, and the assets whose results tell of it.

    ``subjects`` are the ids that such a result may be about: the asset, a data set of it; empty for any.
    """

    id: str
    kind: str
    registered: bool
    assets: tuple[Asset, ...] = ()
    subjects: frozenset[str] = frozenset()

    def holds(self, result: Result) -> bool:
        """Whether the result is about this object."""
        known = any(result.asset_id == asset.id for asset in self.assets)
        return known and (not self.subjects or result.object_id in self.subjects)


def object_kind(asset: Asset) -> str:
    """The kind of object an asset is: a Linux machine is a host."""
    return "host" if asset.kind in HOSTS else asset.kind


def objects_of(requirement: Requirement, system: System) -> tuple[Object, ...]:
    """The registered objects that fit; if none does, one that names the kinds, so that nothing is left out.

    Data sets are the objects of items about data alone (backup); elsewhere their asset stands for them. Where
    no asset could be the object (a central log, records) every asset tells of it; where one could but none is
    registered (an application), the results of other kinds of assets do not.
    """
    kinds = tuple(dict.fromkeys(kind for step in requirement.steps for kind in step.objects))
    found = (*_assets(kinds, system), *_data_sets(kinds, system))
    tellers = () if ASSET_KINDS & set(kinds) else system.assets
    name = ";".join(kinds)
    return found or (Object(name, name, registered=False, assets=tellers),)


def _assets(kinds: Iterable[str], system: System) -> list[Object]:
    fitting = ASSET_KINDS & set(kinds)
    return [
        Object(asset.id, object_kind(asset), registered=True, assets=(asset,))
        for asset in system.assets
        if object_kind(asset) in fitting
    ]


def _data_sets(kinds: Iterable[str], system: System) -> list[Object]:
    if not set(kinds) <= set(DATA_KINDS.values()):
        return []
    return [
        _data_set(data_set, system) for data_set in system.data_sets if DATA_KINDS[data_set.kind] in kinds
    ]


def _data_set(data_set: DataSet, system: System) -> Object:
    assets = tuple(asset for asset in system.assets if asset.id == data_set.asset)
    subjects = frozenset({data_set.id, data_set.asset})
    return Object(data_set.id, DATA_KINDS[data_set.kind], registered=True, assets=assets, subjects=subjects)
