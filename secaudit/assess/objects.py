"""What an item is judged on (测评对象): registered assets and data sets, or what nobody has registered."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Final

from secaudit.model.content import ITSELF, Requirement, Step
from secaudit.model.register import Asset, DataSet, System
from secaudit.model.result import Result

HOST: Final = "host"
# Kinds of objects (steps.csv) that a registered asset can be. The others (records, people, a cipher
# component …) are looked at for the system as a whole.
ASSET_KINDS: Final = frozenset(
    {
        HOST,
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

    ``own`` is the asset that is the object itself, "" where it is none; ``absent``: it would be one, but none is
    registered. ``subjects`` are the ids that a result may be about: the asset, a data set of it; empty for any.
    """

    id: str
    kind: str
    registered: bool
    assets: tuple[Asset, ...] = ()
    own: str = ""
    absent: bool = False
    subjects: frozenset[str] = frozenset()

    def holds(self, result: Result) -> bool:
        """Whether a result of one of its assets is about this object."""
        return not self.subjects or result.object_id in self.subjects

    def unseen(self, step: Step, told: Set[str]) -> tuple[str, ...]:
        """What could show the step, by its kind or as the object itself, but is not among ``told``."""
        silent = (asset for asset in self.assets if asset.id not in told)
        found = tuple(asset.id for asset in silent if asset.id == self.own or asset.kind in step.kinds)
        return (self.id, *found) if self.absent else found


def object_kind(asset: Asset) -> str:
    """The kind of object an asset is: a Linux machine is a host."""
    return HOST if asset.kind in HOSTS else asset.kind


def objects_of(requirement: Requirement, system: System) -> tuple[Object, ...]:
    """The registered objects that fit; if none does, one that names the kinds, so that nothing is left out.

    The items of extensions are judged on the system itself. Data sets are the objects of items about data alone
    (backup); elsewhere their asset stands for them. Assets that could not be the object (hosts, of a central log or
    a firewall) tell of each: what a check proves on them is about the system.
    """
    kinds = tuple(dict.fromkeys(kind for step in requirement.steps for kind in step.objects))
    if kinds == (ITSELF,):
        return (Object(system.id, ITSELF, registered=True),)
    others = () if HOST in kinds else tuple(a for a in system.assets if object_kind(a) not in kinds)
    found = (*_assets(kinds, system, others), *_data_sets(kinds, system))
    name = ";".join(kinds)
    absent = bool(ASSET_KINDS & set(kinds))
    return found or (Object(name, name, registered=False, assets=others, absent=absent),)


def _assets(kinds: Iterable[str], system: System, others: tuple[Asset, ...]) -> list[Object]:
    fitting = ASSET_KINDS & set(kinds)
    return [
        Object(asset.id, object_kind(asset), True, (asset, *others), own=asset.id)
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
