"""How an asset is reached. The only home of paramiko (``ssh``) and of nmap (``scanner``)."""

from pathlib import Path

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Asset
from secaudit.transport.known_hosts import FILE_NAME, KnownHosts
from secaudit.transport.local import LocalTransport
from secaudit.transport.protocol import Limits, Transport
from secaudit.transport.secrets import Secrets
from secaudit.transport.turnstile import Turnstile

__all__ = ["Limits", "Secrets", "Transport", "Transports", "open_transport"]


class Transports:
    """Makes the transports of a run, which share what is read or waited for once."""

    def __init__(self, workspace: Path, secrets: Secrets) -> None:
        self._known_hosts = KnownHosts(workspace / FILE_NAME)
        self._secrets = secrets
        self._turnstile = Turnstile()

    def open(self, asset: Asset) -> Transport:
        """The transport that the asset declares; nothing is connected yet. Raises UsageError when it has none."""
        match asset.reach.transport:
            case "local":
                return LocalTransport(asset.id)
            case "ssh":
                from secaudit.transport.ssh import SshTransport  # paramiko costs 0.1 s: only where it is used

                return SshTransport(asset, self._known_hosts, self._secrets, self._turnstile)
            case other:
                raise UsageError(_("{asset} has no transport ({other}).").format(asset=asset.id, other=other))


def open_transport(asset: Asset, workspace: Path, secrets: Secrets) -> Transport:
    """The transport of a single asset; see ``Transports.open``."""
    return Transports(workspace, secrets).open(asset)
