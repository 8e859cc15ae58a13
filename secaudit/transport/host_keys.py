"""Which host keys an address presents, without logging in."""

from secaudit.model.register import Asset
from secaudit.transport.known_hosts import HostKey
from secaudit.transport.protocol import Limits
from secaudit.transport.ssh_link import Address, connect, hang_up, host_key


def fetch_key(asset: Asset, known_types: tuple[str, ...] = (), limits: Limits | None = None) -> HostKey:
    """The key that the asset's SSH server holds: of a type already known when it has one.

    Ends before a user name is sent. Raises TransportError.
    """
    link = connect(Address(asset.id, asset.address, asset.reach.port), limits or Limits(), known_types)
    try:
        return host_key(link)
    finally:
        hang_up(link)
