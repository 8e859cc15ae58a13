"""Transports of plug-ins: whatever one does, its assets have a visit or a gap that names the plug-in."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from secaudit.entries import Entry
from secaudit.errors import TransportError, TransportReason
from secaudit.language import _
from secaudit.model.register import Asset
from secaudit.plugin import TransportPlugin
from secaudit.plugins.guard import PluginBroken, running
from secaudit.transport import Limits, Secrets, Transport
from secaudit.transport.protocol import Dialogue

# how an asset is opened; opens nothing yet and never raises
Open = Callable[[Asset, Path, Secrets], Transport]

CHANNEL_PARTS = 32
CHANNEL_LIMIT = 500


def opener(entry: Entry, found: TransportPlugin | PluginBroken) -> Open:
    """How assets with this transport are opened; where the plug-in is broken, each of them is a gap."""

    def opened(asset: Asset, workspace: Path, secrets: Secrets) -> Transport:
        def make() -> Transport:
            if isinstance(found, PluginBroken):
                raise found
            return found.open(asset, workspace, secrets)

        return GuardedTransport(entry, asset.id, make)

    return opened


class GuardedTransport:
    """A plug-in's transport behind its contract."""

    def __init__(self, entry: Entry, asset_id: str, make: Callable[[], Transport]) -> None:
        self._entry = entry
        self._asset_id = asset_id
        self._make = make
        self._inner: Transport | None = None
        self._channel: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The word of the register."""
        return self._entry.name

    @property
    def channel(self) -> Mapping[str, str]:
        """As the plug-in tells it."""
        return {"transport": self.name, **self._channel}

    def run(self, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        """See ``Transport.run``."""
        try:
            return self._run(command, BytesOnly(dialogue), limits)
        except PluginBroken as broken:
            raise self._refusal(broken) from None

    def _run(self, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        try:
            with running(self._entry, TransportError):
                self._inner = self._make()
                status = self._inner.run(command, dialogue, limits)
                self._channel = _channel(self._inner.channel)
        except TransportError as error:
            if isinstance(error.reason, TransportReason):
                raise
            raise PluginBroken(self._entry, _("it raised an error without a reason")) from None
        if status is not None and type(status) is not int:
            told = _("its exit status is no number: {found}")
            raise PluginBroken(self._entry, told.format(found=type(status).__name__))
        return status

    def _refusal(self, broken: PluginBroken) -> TransportError:
        return TransportError(
            TransportReason.PLUGIN_BROKEN, self._asset_id, f"{self._asset_id}: {broken}", hint=broken.hint
        )

    def close(self) -> None:
        """End it; a plug-in that cannot even do that has nothing more to say."""
        inner, self._inner = self._inner, None
        if inner is not None:
            try:
                with running(self._entry):
                    inner.close()
            except PluginBroken:
                return


class BytesOnly:
    """A dialogue that hears nothing but bytes."""

    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue

    @property
    def begun(self) -> bool:
        """See ``Dialogue.begun``."""
        return self._dialogue.begun

    def give(self) -> bytes | None:
        """See ``Dialogue.give``."""
        return self._dialogue.give()

    def take(self, chunk: Any) -> bool:
        """See ``Dialogue.take``. Raises TypeError."""
        if not isinstance(chunk, bytes):
            raise TypeError("bytes expected")
        return self._dialogue.take(chunk)


def _channel(told: Any) -> dict[str, str]:
    """A description short enough to be kept; raises TypeError for what is none."""
    if not isinstance(told, Mapping) or len(told) > CHANNEL_PARTS:
        raise TypeError("channel is no short map")
    if not all(isinstance(part, str) for item in told.items() for part in item):
        raise TypeError("channel holds what is no text")
    return {key[:CHANNEL_LIMIT]: value[:CHANNEL_LIMIT] for key, value in told.items()}
