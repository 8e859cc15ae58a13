"""How an asset is reached. The only home of paramiko (``ssh``) and of nmap (``scanner``)."""

from pathlib import Path

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Asset
from secaudit.transport.known_hosts import KnownHosts
from secaudit.transport.local import LocalTransport
from secaudit.transport.protocol import Limits, Transport
from secaudit.transport.secrets import Secrets
from secaudit.transport.ssh import SshTransport

__all__ = ["Limits", "Secrets", "Transport", "open_transport"]


def open_transport(asset: Asset, workspace: Path, secrets: Secrets) -> Transport:
    """The transport that the asset declares; nothing is connected yet. Raises UsageError when it has none."""
    match asset.reach.transport:
        case "local":
            return LocalTransport(asset.id)
        case "ssh":
            return SshTransport(asset, KnownHosts(workspace / "known_hosts"), secrets)
        case other:
            raise UsageError(_("{asset} has no transport ({other}).").format(asset=asset.id, other=other))
