"""What the servers of assets present: their host keys, fetched without logging in."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from secaudit.errors import TransportError, UsageError
from secaudit.language import _
from secaudit.model.register import Asset, Register
from secaudit.transport.host_keys import fetch_key
from secaudit.transport.known_hosts import FILE_NAME, HostKey, KnownHosts, host_name

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
    return KnownHosts(workspace / FILE_NAME)


def of_systems(register: Register, systems: Sequence[str]) -> list[Asset]:
    """The assets of these systems (of all, when none is named) that are reached over SSH. Raises UsageError."""
    unknown = sorted(set(systems) - {system.id for system in register.systems})
    if unknown:
        message = _("System {id} is not registered.").format(id=unknown[0])
        raise UsageError(message, hint=_("List the systems: secaudit system list"))
    chosen = [system for system in register.systems if not systems or system.id in systems]
    return [asset for system in chosen for asset in system.assets if asset.reach.transport == "ssh"]


def presented(assets: Sequence[Asset], known: KnownHosts) -> Iterator[Presented]:
    """What each asset's server presents, in their order."""

    def ask(asset: Asset) -> Presented:
        host = host_name(asset.address, asset.reach.port)
        try:
            key = fetch_key(asset, tuple(key.type for key in known.keys_of(host)))
        except TransportError as error:
            return Presented(asset, None, error.reason.value, str(error))
        return Presented(asset, key, known.state(host, key))

    with ThreadPoolExecutor(JOBS) as pool:
        yield from pool.map(ask, assets)
