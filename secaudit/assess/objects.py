"""What an item is judged on (测评对象): registered assets and data sets, or what nobody has registered."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from typing import Final

from secaudit.model.content import ITSELF, Requirement, Step
from secaudit.model.register import Asset, DataSet, System
from secaudit.model.result import Result
from secaudit.register.kinds import OWN_KINDS

HOST: Final = "host"
# Kinds of objects (steps.csv) that a registered asset can be, and that only who looks at it can tell of.
ASSET_KINDS: Final = frozenset({HOST, *OWN_KINDS})
# Kinds that are objects, too, where they are registered; what all other assets show of them suffices as well.
COMPONENT_KINDS: Final = frozenset(
    {
        "other:audit-system",
        "other:bandwidth-controller",
        "other:controller",
        "other:crypto-component",
        "other:data-security-system",
        "other:integrity-component",
        "other:key-processing-system",
        "other:mobile-client",
        "other:sensor-node",
        "other:trusted-component",
    }
)
# All other kinds (records, people, documents, parts of a machine room) are looked at together, for the whole system.
HOSTS: Final = ("linux", "windows")
DATA_KINDS: Final = {"business": "business-data", "configuration": "configuration-data"}


@dataclass(frozen=True, slots=True)
class Object:
    """An object of an item, and the assets whose results tell of it.

    ``own`` is the asset that is the object itself, "" where it is none; ``absent``: it would be one, but none is
    registered. ``subjects`` are the ids that a result may be about: the asset, a data set of it; empty for any.
    ``members`` are the people, documents and parts that are registered for the item and looked at together.
    """

    id: str
    kind: str
    registered: bool
    assets: tuple[Asset, ...] = ()
    own: str = ""
    absent: bool = False
    subjects: frozenset[str] = frozenset()
    members: tuple[str, ...] = ()

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


def judged(system: System) -> System:
    """The system as items are judged on it: the sample of its assets, the data on them, and what it shares."""
    chosen = tuple(asset for asset in system.assets if system.is_judged(asset))
    ids = {asset.id for asset in chosen}
    return replace(
        system,
        assets=(*chosen, *system.shared),
        data_sets=tuple(data_set for data_set in system.data_sets if data_set.asset in ids),
        shared=(),
    )


def objects_of(requirement: Requirement, system: System) -> tuple[Object, ...]:
    """The registered objects that fit; if none does, one that names the kinds, so that nothing is left out.

    ``system`` is as items are judged on it (``judged``). The items of extensions are judged on the system itself.
    Data sets are the objects of items about data alone (backup); elsewhere their asset stands for them. Assets that
    could not be the object (hosts, of a central log or a firewall) tell of each: what a check proves on them is
    about the system.
    """
    kinds = tuple(dict.fromkeys(kind for step in requirement.steps for kind in step.objects))
    if kinds == (ITSELF,):
        return (Object(system.id, ITSELF, registered=True),)
    others = () if HOST in kinds else tuple(a for a in system.assets if object_kind(a) not in kinds)
    found = (*_assets(kinds, system, others), *_data_sets(kinds, system))
    name = ";".join(kinds)
    absent = bool(ASSET_KINDS & set(kinds))
    members = _members(kinds, system)
    if not found:
        return (Object(name, name, registered=False, assets=others, absent=absent, members=members),)
    return tuple(replace(one, members=members) for one in found) if members else found


def _assets(kinds: Iterable[str], system: System, others: tuple[Asset, ...]) -> list[Object]:
    fitting = (ASSET_KINDS | COMPONENT_KINDS) & set(kinds)
    return [
        Object(asset.id, object_kind(asset), True, (asset, *others), own=_own(asset))
        for asset in system.assets
        if object_kind(asset) in fitting
    ]


def _own(asset: Asset) -> str:
    return asset.id if object_kind(asset) in ASSET_KINDS else ""


def _members(kinds: Iterable[str], system: System) -> tuple[str, ...]:
    together = set(kinds) - ASSET_KINDS - COMPONENT_KINDS
    return tuple(asset.id for asset in system.assets if object_kind(asset) in together)


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
