"""What a transport is: it opens, runs one command with one script, hands back its output, and closes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

# Takes the next chunk of output; returns False when nothing more is wanted, and the transport stops.
Taker = Callable[[bytes], bool]
# Says whether the script has begun: until then the login shell is still busy with something else.
Begun = Callable[[], bool]


def at_once() -> bool:
    """What a command that announces no beginning is taken for: begun."""
    return True


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each part may take, in seconds; ``visit_s`` runs from the script's sending to its end.

    ``start_s`` runs from there until the script has begun, ``reach_s`` from the first connection to the login
    at the asset, however many jump hosts there are.
    """

    connect_s: float = 10
    login_s: float = 30
    reach_s: float = 90
    start_s: float = 60
    visit_s: float = 300
    keepalive_s: int = 15


class Transport(Protocol):
    """One way to one asset, used for one visit by one thread. Making it opens nothing."""

    @property
    def name(self) -> str:
        """``local``, ``ssh`` …"""

    @property
    def channel(self) -> Mapping[str, str]:
        """How the asset was reached (address, user, algorithms, host key); filled by ``run``. No secrets."""

    def run(
        self, command: str, script: bytes, limits: Limits, take: Taker, begun: Begun = at_once
    ) -> int | None:
        """Run ``command`` in the login shell with ``script`` as its whole input; output goes to ``take``.

        Standard error comes in the same stream. Returns the exit status, None when it never came.
        Raises TransportError.
        """

    def close(self) -> None:
        """End the connection and what is left of it on our side; may be called more than once."""
