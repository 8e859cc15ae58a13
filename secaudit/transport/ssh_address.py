"""Where the servers on the way to an asset answer, and how their errors begin."""

from dataclasses import dataclass

from secaudit.errors import TransportError, TransportReason
from secaudit.language import _


@dataclass(frozen=True, slots=True)
class Address:
    """Where an asset answers, or the jump host ``hop`` on the way to it; ``via`` is the jump host before it."""

    asset_id: str
    host: str
    port: int
    hop: str = ""
    via: str = ""

    @property
    def id(self) -> str:
        """Of the jump host or the asset that answers there."""
        return self.hop or self.asset_id

    @property
    def label(self) -> str:
        """``web-1``, or ``web-1 → gate`` for a jump host on the way to it."""
        return f"{self.asset_id} → {self.hop}" if self.hop else self.asset_id

    def error(
        self,
        reason: TransportReason,
        why: str,
        hint: str | None = None,
        kind: type[TransportError] = TransportError,
    ) -> TransportError:
        """The error of this asset: ``web-1 (10.0.0.7 port 22): connection refused.``"""
        place = _("{host} port {port}").format(host=self.host, port=self.port)
        if self.via:
            place = _("{place} via {jump_host}").format(place=place, jump_host=self.via)
        return kind(reason, self.asset_id, f"{self.label} ({place}): {why}.", hint=hint)
