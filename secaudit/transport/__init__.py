"""How an asset is reached. The only home of paramiko (``ssh``) and of nmap (``scanner``)."""

from secaudit.transport.protocol import Limits, Transport

__all__ = ["Limits", "Transport"]
