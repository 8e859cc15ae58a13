"""What the servers of assets present: their host keys, fetched without logging in."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from secaudit.cli.visiting import secrets_for
from secaudit.errors import TransportError
from secaudit.model.register import Asset, Hop, Register, System
from secaudit.register import load_settings
from secaudit.register.registered import systems_of
from secaudit.transport.host_keys import as_asset, fetch_key, only_the_way
from secaudit.transport.known_hosts import FILE_NAME, HostKey, KnownHosts, host_name
from secaudit.transport.turnstile import Turnstile

JOBS = 16


@dataclass(frozen=True, slots=True)
class Presented:
    """What an asset's server presented: a key and what the workspace says about it, or an error."""

    asset: Asset
    key: HostKey | None
    state: str
    error: str = ""

    @property
    def host(self) -> str:
        """The asset's name in known_hosts."""
        return host_name(self.asset.address, self.asset.reach.port)

    @property
    def row(self) -> dict[str, object]:
        """The columns that are shown."""
        return {
            "asset": self.asset.id,
            "host": self.host,
            "state": self.state,
            "type": self.key.type if self.key else "",
            "fingerprint": self.key.fingerprint if self.key else "",
            "error": self.error,
        }


def known_hosts(workspace: Path) -> KnownHosts:
    """The keys that the workspace trusts."""
    return KnownHosts(workspace / FILE_NAME, hashed=load_settings(workspace).hash_known_hosts)


def servers_of(register: Register, systems: Sequence[str]) -> list[Asset]:
    """What answers over SSH in these systems (in all, when none is named): jump hosts, then assets.

    Raises UsageError.
    """
    chosen = systems_of(register, systems)
    return [*_jump_hosts(register, systems, chosen), *_assets(chosen)]


def _assets(systems: Sequence[System]) -> list[Asset]:
    return [asset for system in systems for asset in system.assets if asset.reach.transport == "ssh"]


def _jump_hosts(register: Register, named: Sequence[str], systems: Sequence[System]) -> list[Asset]:
    """Jump hosts as what is reached itself, each through those that stand before it on the shortest way."""
    before: dict[Hop, tuple[Hop, ...]] = {}
    for way in (asset.reach.jump for asset in _assets(systems)):
        for place, hop in enumerate(way):
            before[hop] = min(before.get(hop, way), way[:place], key=len)
    unused = () if named else (hop for hop in register.jump_hosts if hop not in before)
    return [as_asset(hop, way) for hop, way in (*before.items(), *((hop, ()) for hop in unused))]


def contacted_for(register: Register, servers: Sequence[Asset]) -> list[Asset]:
    """The assets whose blackout periods count: a jump host rests with those behind it, an unused one with all."""
    assets = _assets(register.systems)
    found: dict[str, Asset] = {}
    for server in servers:
        own = [a for a in assets if server.id in (a.id, *(hop.id for hop in a.reach.jump))]
        found |= {asset.id: asset for asset in own or assets}
    return list(found.values())


def presented(assets: Sequence[Asset], known: KnownHosts) -> Iterator[Presented]:
    """What each asset's server presents, in their order; the credentials of jump hosts are asked for first."""
    secrets = secrets_for(only_the_way(asset) for asset in assets)
    turnstile = Turnstile()

    def ask(asset: Asset) -> Presented:
        host = host_name(asset.address, asset.reach.port)
        try:
            key = fetch_key(asset, known, secrets, turnstile)
        except TransportError as error:
            return Presented(asset, None, error.reason.value, str(error))
        return Presented(asset, key, known.state(host, key))

    with ThreadPoolExecutor(JOBS) as pool:
        yield from pool.map(ask, assets)
