"""What a transport is: it opens, runs one command in a dialogue with it, and closes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Limits:
    """How long each part may take, in seconds; ``visit_s`` runs from the script's sending to its end.

    A server that hangs up at once is tried again after each of ``again_s``, within ``connect_s``.
    ``start_s`` is for the script to begin, and for sudo to ask and to let its part begin. ``reach_s`` runs from
    the first connection to the login at the asset, however many jump hosts there are.
    """

    connect_s: float = 10
    again_s: tuple[float, ...] = (0.5, 1, 2, 4)
    login_s: float = 30
    reach_s: float = 90
    start_s: float = 60
    visit_s: float = 300
    keepalive_s: int = 15


class Dialogue(Protocol):
    """Our side of one run: what the command is given to read, and who hears what it says."""

    @property
    def begun(self) -> bool:
        """Whether the script has begun: until then the login shell is still busy with something else.

        False again while the script waits for sudo.
        """

    def give(self) -> bytes | None:
        """What is sent next, empty for nothing yet; None ends the input.

        Asked at first and after each chunk of output, again and again until it gives nothing.
        """

    def take(self, chunk: bytes) -> bool:
        """Take the next chunk of output; False when nothing more is wanted, and the transport stops."""


@dataclass(slots=True)
class OneWay:
    """A dialogue whose whole input is sent at once. Without ``started`` the script counts as begun."""

    script: bytes
    take: Callable[[bytes], bool]
    started: Callable[[], bool] = field(default=lambda: True)

    @property
    def begun(self) -> bool:
        """See ``Dialogue.begun``."""
        return self.started()

    def give(self) -> bytes | None:
        """See ``Dialogue.give``."""
        script, self.script = self.script, b""
        return script or None


class Transport(Protocol):
    """One way to one asset, used for one visit by one thread. Making it opens nothing."""

    @property
    def name(self) -> str:
        """``local``, ``ssh`` …"""

    @property
    def channel(self) -> Mapping[str, str]:
        """How the asset was reached (address, user, algorithms, host key); filled by ``run``. No secrets."""

    def run(self, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        """Run ``command`` in the login shell and keep up the dialogue with it until its output ends.

        Standard error comes in the same stream. Returns the exit status, None when it never came.
        Raises TransportError, and whatever the dialogue raises.
        """

    def close(self) -> None:
        """End the connection and what is left of it on our side; may be called more than once."""
