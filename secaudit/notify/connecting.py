"""Connections with an end: looking a name up, connecting and everything after it, whatever the other side does."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from secaudit.language import _

Clock = Callable[[], float]


class OutOfTime(TimeoutError):
    """A limit of ours was reached; its text says which."""


class Budget:
    """Seconds that may be used up, from now on."""

    def __init__(self, seconds: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left_s(self) -> float:
        """What is left, never below 0."""
        return max(self._end - self._clock(), 0.0)

    def timeout_s(self, most: float) -> float:
        """For one step: at most so much, and what is left. Raises OutOfTime where nothing is."""
        left = self.left_s()
        if left <= 0:
            raise OutOfTime(_("the time for sending is used up"))
        return min(left, most)


def addresses_of(host: str, port: int, timeout_s: float) -> list[tuple[Any, ...]]:
    """What getaddrinfo(3) says. Raises OSError, OutOfTime where the name server keeps silent."""
    found: list[list[tuple[Any, ...]]] = []
    faults: list[OSError] = []

    def look() -> None:
        try:
            found.append(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except OSError as error:
            faults.append(error)
        except UnicodeError:
            faults.append(OSError(_("it is no name of a host")))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(timeout_s)
    if faults:
        raise faults[0]
    if not found:
        raise OutOfTime(_("the name server does not answer"))
    return found[0]


def connected(
    host: str,
    port: int,
    budget: Budget,
    timeout_s: float,
    allowed: Callable[[str], bool] | None = None,
    *,
    by_datagram: bool = False,
) -> socket.socket:
    """A connection to the first address that answers; only to such as are allowed. Raises OSError."""
    fault: OSError = OSError(_("it has no address"))
    for family, _kind, _protocol, _name, place in addresses_of(host, port, budget.timeout_s(timeout_s)):
        if allowed is not None and not allowed(str(place[0])):
            raise PermissionError(_("its address is not of the own network"))
        opened = socket.socket(family, socket.SOCK_DGRAM if by_datagram else socket.SOCK_STREAM)
        try:
            opened.settimeout(budget.timeout_s(timeout_s))
            opened.connect(place)
        except OSError as error:
            opened.close()
            fault = error
            continue
        return opened
    raise fault


@contextmanager
def cut_off(connection: socket.socket, seconds: float) -> Iterator[None]:
    """The connection is shut down after so many seconds: a server that sends a byte now and then ends, too."""
    same = connection.dup()

    def cut() -> None:
        try:
            same.shutdown(socket.SHUT_RDWR)
        except OSError:  # it is closed already
            return

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        same.close()


def tls(ca: Path | None) -> ssl.SSLContext:
    """TLS 1.2 or newer, the certificate verified against that file or the system's authorities. Raises OSError."""
    context = ssl.create_default_context(cafile=str(ca) if ca else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def said(error: BaseException) -> str:
    """The reason of an error, for people."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("its certificate cannot be verified: {reason}").format(reason=error.verify_message)
    if isinstance(error, TimeoutError) and not isinstance(error, OutOfTime):
        return _("it does not answer in time")
    if isinstance(error, ssl.SSLError):
        return _("TLS fails: {reason}").format(reason=error.reason or error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
