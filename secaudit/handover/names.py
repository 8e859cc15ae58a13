"""The names that a package may have to hide: those of the register, and the accounts that were found on hosts."""

from collections.abc import Iterable
from typing import Any, Final

from secaudit.model.agency import Hidden
from secaudit.model.register import Asset, DataSet, Hop, System

PEOPLE: Final = frozenset({"person", "requester", "approver", "owner"})
# what every machine has: such a name tells nothing, and it is an ordinary word of many texts
EVERYWHERE: Final = frozenset(
    "root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody adm shutdown halt"
    " operator ftp messagebus sshd _apt ntp _chrony chrony polkitd dbus tss tcpdump uuidd systemd-network"
    " systemd-resolve systemd-timesync systemd-coredump audit".split()
)


def names_of(system: System, accounts: Iterable[str]) -> dict[Hidden, set[str]]:
    """Kind → names; ``accounts`` are those that its hosts have."""
    found: dict[Hidden, set[str]] = {kind: set() for kind in Hidden}
    for asset in system.assets:
        _asset(asset, found)
    for data_set in system.data_sets:
        _data_set(data_set, found)
    for contact in system.contacts:
        found[Hidden.PEOPLE] |= {contact.name, contact.phone, contact.email}
    found[Hidden.ACCOUNTS] |= set(accounts) - EVERYWHERE
    return {kind: {name for name in names if name} for kind, names in found.items()}


def people_in(said: Any) -> set[str]:
    """Everybody whom a view names as who answered, decided, asked or approved: free text may name them, too."""
    if isinstance(said, list):
        return set().union(*map(people_in, said)) if said else set()
    if not isinstance(said, dict):
        return set()
    found = {one for key, one in said.items() if key in PEOPLE and isinstance(one, str) and one}
    return found.union(*(people_in(one) for one in said.values()))


def _asset(asset: Asset, found: dict[Hidden, set[str]]) -> None:
    found[Hidden.HOSTS] |= {asset.id, asset.name, asset.zone}
    found[Hidden.ADDRESSES].add(asset.address)
    if asset.reach.user not in EVERYWHERE:
        found[Hidden.ACCOUNTS].add(asset.reach.user)
    for hop in asset.reach.jump:
        _hop(hop, found)


def _hop(hop: Hop, found: dict[Hidden, set[str]]) -> None:
    found[Hidden.HOSTS].add(hop.id)
    found[Hidden.ADDRESSES].add(hop.address)
    if hop.user not in EVERYWHERE:
        found[Hidden.ACCOUNTS].add(hop.user)


def _data_set(data_set: DataSet, found: dict[Hidden, set[str]]) -> None:
    found[Hidden.HOSTS] |= {data_set.id, data_set.name}
    found[Hidden.PATHS] |= set(data_set.artefacts)
    for target in data_set.targets:
        found[Hidden.ADDRESSES].add(target.address)
        found[Hidden.PATHS].add(target.path)
