"""What a plug-in's transport may import, beside the names of ``secaudit.plugin``."""

from secaudit.errors import TransportError, TransportReason
from secaudit.transport.protocol import Begun, Limits, Taker, Transport, at_once
from secaudit.transport.secrets import Secrets

__all__ = ["Begun", "Limits", "Secrets", "Taker", "Transport", "TransportError", "TransportReason", "at_once"]
