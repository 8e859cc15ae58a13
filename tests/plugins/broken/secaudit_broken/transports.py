"""Transports that do not keep their contract."""

from pathlib import Path
from typing import Any

from secaudit.plugin import API, Asset, TransportPlugin
from secaudit.plugin.transport import Secrets

# in two parts, so that no traceback shows it
CANARY = "-".join(("hunter2", "canary"))


class Raises:
    """Raises, with a credential in its text."""

    name = "raises"
    channel: Any = None

    def run(self, *_arguments: Any) -> int:
        raise RuntimeError(f"login failed with {CANARY}")

    def close(self) -> None:
        raise OSError("nothing to close")


class Babbles:
    """Says what is no output and returns what is no status."""

    name = "babbles"
    channel: Any = 7

    def run(self, _command: str, dialogue: Any, _limits: Any) -> Any:
        dialogue.take(b"what is this\n")
        return "fine"

    def close(self) -> None:
        """Nothing."""


def open_raises(asset: Asset, workspace: Path, secrets: Secrets) -> Raises:
    """See ``Raises``."""
    return Raises()


def open_babbles(asset: Asset, workspace: Path, secrets: Secrets) -> Babbles:
    """See ``Babbles``."""
    return Babbles()


RAISES = TransportPlugin(API, open_raises)
BABBLES = TransportPlugin(API, open_babbles)
