"""What a plug-in's transport may import, beside the names of ``secaudit.plugin``."""

from secaudit.errors import TransportError, TransportReason
from secaudit.transport.protocol import Dialogue, Limits, Transport
from secaudit.transport.secrets import Secrets

__all__ = ["Dialogue", "Limits", "Secrets", "Transport", "TransportError", "TransportReason"]
