"""A connection through a jump host, as the socket of the next one."""

import time
from contextlib import suppress

import paramiko

# How long nobody may take what we send before the link counts as lost.
SILENCE_S = 45
# what a channel raises when the connection that carries it is gone
_ENDED = (paramiko.SSHException, OSError, EOFError)


class Tunnel:
    """A ``direct-tcpip`` channel with what paramiko asks of a socket.

    The library tries to send for ever what a full window holds back; here that ends, as a socket's packets do
    by TCP_USER_TIMEOUT.
    """

    def __init__(self, channel: paramiko.Channel) -> None:
        self._channel = channel
        self._taken_at = time.monotonic()
        self._stuck = False

    @property
    def _closed(self) -> bool:
        return self._channel.closed

    def send(self, content: bytes) -> int:
        """How many bytes were taken. Raises TimeoutError, ConnectionAbortedError when none were for too long."""
        if not self._stuck:
            self._taken_at = time.monotonic()
        try:
            sent = self._channel.send(content)
        except TimeoutError as error:
            self._stuck = True
            if time.monotonic() - self._taken_at > SILENCE_S:
                raise ConnectionAbortedError from error
            raise
        self._stuck = False
        return sent

    def recv(self, size: int) -> bytes:
        """The next bytes; none when the other side has ended. Raises TimeoutError."""
        return self._channel.recv(size)

    def settimeout(self, timeout_s: float | None) -> None:
        """How long ``send`` and ``recv`` wait."""
        self._channel.settimeout(timeout_s)

    def shutdown(self, _how: int) -> None:
        """Send no more."""
        with suppress(*_ENDED):
            self._channel.shutdown_write()

    def close(self) -> None:
        """Let the jump host close its side."""
        with suppress(*_ENDED):
            self._channel.close()
