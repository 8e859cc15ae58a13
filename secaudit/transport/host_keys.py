"""Which host keys an address presents, without logging in to it."""

from dataclasses import replace

from secaudit.model.register import Asset, Hop, Reach
from secaudit.transport.known_hosts import HostKey, KnownHosts
from secaudit.transport.protocol import Limits
from secaudit.transport.secrets import Secrets
from secaudit.transport.ssh_way import Way
from secaudit.transport.turnstile import Turnstile


def fetch_key(
    asset: Asset,
    known_hosts: KnownHosts,
    secrets: Secrets,
    turnstile: Turnstile,
    limits: Limits | None = None,
) -> HostKey:
    """The key that the asset's SSH server holds: of a type already known when it has one.

    Ends before a user name is sent to it; jump hosts on the way are logged in to. Raises TransportError.
    """
    way = Way(asset, known_hosts, secrets, turnstile)
    try:
        return way.key(limits or Limits())
    finally:
        way.close()


def only_the_way(asset: Asset) -> Asset:
    """The asset with the credentials of its jump hosts and without its own."""
    return replace(asset, reach=Reach("ssh", asset.reach.port, jump=asset.reach.jump))


def as_asset(hop: Hop, before: tuple[Hop, ...] = ()) -> Asset:
    """A jump host as something that is reached itself, through those ``before`` it."""
    reach = Reach("ssh", hop.port, weak_algorithms=hop.weak_algorithms, jump=before)
    return Asset(hop.id, "jump-host", hop.id, hop.address, reach=reach)
