"""An encrypted connection to an SSH server whose host key was looked at: socket, algorithms, handshake."""

import socket
import threading
from collections.abc import Sequence
from contextlib import suppress

import paramiko
from paramiko.common import cMSG_GLOBAL_REQUEST
from paramiko.message import Message
from paramiko.packet import Packetizer

from secaudit.errors import TransportError, TransportReason
from secaudit.language import _
from secaudit.transport.known_hosts import HostKey
from secaudit.transport.protocol import Limits
from secaudit.transport.ssh_address import Address
from secaudit.transport.ssh_algorithms import offer
from secaudit.transport.ssh_tunnel import SILENCE_S, Tunnel

# how long a server may take to close the connection
FAREWELL_S = 1
# How often a connection on which nothing comes looks whether it was closed here, or is to be kept alive.
IDLE_S = 1.0
# what a server may say before its version (RFC 4253 4.2)
GREETING_LIMIT_BYTES = 65_536
WORDS_LIMIT = 200


class TurnedAway(TransportError):
    """A server hung up before it said who it is: it may have too many that wait to log in."""


class Link(paramiko.Transport):
    """A connection that keeps what the server says when it refuses something."""

    _active_check_timeout = IDLE_S
    farewell = ""
    refusal = ""

    def answers(self, within_s: float) -> bool:
        """Whether the server is still there: to a request that it does not know it says no (RFC 4254 4)."""
        if not self.clear_to_send.is_set():  # it owes its part of new keys, and holds back what we send
            return False
        self.completion_event = threading.Event()
        request = Message()
        request.add_byte(cMSG_GLOBAL_REQUEST)
        request.add_string("keepalive@openssh.com")
        request.add_boolean(True)
        self.tell(request)
        return self.completion_event.wait(within_s)

    def tell(self, message: Message) -> None:
        """Send a message of our own making, once no new keys are being agreed on."""
        self._send_user_message(message)  # type: ignore[attr-defined]  # the library's, without a public name

    def _parse_disconnect(self, message: Message) -> None:
        message.get_int()
        self.farewell = message.get_text()[:WORDS_LIMIT]

    def _parse_debug(self, _message: Message) -> None:
        """Nobody reads it (RFC 4253 11.3), and the library looks at each of its bytes before it drops it."""

    def _parse_channel_open_failure(self, message: Message) -> None:
        message.get_int()
        message.get_int()
        self.refusal = message.get_text()[:WORDS_LIMIT]
        message.rewind()
        super()._parse_channel_open_failure(message)  # type: ignore[misc]


class _Bounded(Packetizer):
    """Reads a greeting that ends: the library would gather a line without end until memory does.

    It starts no timer of its own for the handshake, a thread that outlives a link that failed: ``connect``
    waits no longer anyway.
    """

    greeting = ""
    _read_bytes = 0

    def start_handshake(self, _timeout: float) -> None:
        """See ``connect``."""

    def readline(self, timeout: float) -> str:
        """The next line before the first packet; the last one that names no version is kept."""
        line: str = super().readline(timeout)
        if not line.startswith("SSH-"):
            self.greeting = line.strip()[:WORDS_LIMIT]
        return line

    def _read_timeout(self, timeout: float) -> bytes:
        read: bytes = super()._read_timeout(timeout)  # type: ignore[misc]
        self._read_bytes += len(read)
        if self._read_bytes > GREETING_LIMIT_BYTES:
            raise paramiko.SSHException("too long a greeting")
        return read


def connect(
    address: Address,
    limits: Limits,
    known_types: Sequence[str] = (),
    weak: Sequence[str] = (),
    through: Link | None = None,
) -> Link:
    """A connection up to the host key, ``through`` the jump host before it.

    Key types already known for the host are asked for first, ``weak`` algorithms offered last. Raises
    TransportError. The caller closes it.
    """
    wire = _socket(address, limits) if through is None else _tunnel(address, limits, through)
    link = _link(wire, address)
    try:
        offer(link, known_types, weak)
        link.banner_timeout = limits.connect_s
        link.auth_timeout = limits.login_s
        link.start_client(timeout=2 * limits.connect_s)
        if not link.initial_kex_done:
            raise address.error(TransportReason.CONNECT_TIMEOUT, _("the SSH handshake did not end"))
    except TransportError:
        link.close()
        raise
    except (paramiko.SSHException, OSError, EOFError) as error:
        link.close()
        if not link.remote_version and _hung_up(error):
            raise _turned_away(address, _greeting(link)) from error
        raise _handshake_error(address, error) from error
    return link


def host_key(link: paramiko.Transport) -> HostKey:
    """The key that the server has proved to hold."""
    key = link.get_remote_server_key()
    return HostKey(key.get_name(), key.asbytes())


def hang_up(link: paramiko.Transport) -> None:
    """Say goodbye and let the server close: closing first, with its last words unread, is a reset in its log."""
    with suppress(OSError):
        link.sock.shutdown(socket.SHUT_WR)
    link.join(timeout=FAREWELL_S)
    link.close()


def _socket(address: Address, limits: Limits) -> socket.socket:
    try:
        opened = socket.create_connection((address.host, address.port), timeout=limits.connect_s)
    except TimeoutError as error:
        raise address.error(TransportReason.CONNECT_TIMEOUT, _("no answer, perhaps filtered")) from error
    except ConnectionRefusedError as error:
        raise address.error(TransportReason.REFUSED, _("connection refused")) from error
    except ConnectionResetError as error:
        raise _turned_away(address) from error
    except (OSError, UnicodeError) as error:
        said = getattr(error, "strerror", None) or _("no such address")
        raise address.error(TransportReason.UNREACHABLE, said) from error
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # A link whose packets nobody acknowledges for that long is lost (tcp(7)).
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_S * 1000)
    return opened


def _tunnel(address: Address, limits: Limits, through: Link) -> Tunnel:
    """A connection that the jump host opens for us (RFC 4254 7.2)."""
    try:
        channel = through.open_channel(
            "direct-tcpip", (address.host, address.port), ("127.0.0.1", 0), timeout=limits.connect_s
        )
    except paramiko.ChannelException as error:
        raise _not_forwarded(address, through, error) from error
    except (paramiko.SSHException, OSError, EOFError, UnicodeError) as error:
        if not through.is_active():
            lost = _("the jump host {jump_host} ended the connection")
            raise address.error(TransportReason.LINK_LOST, lost.format(jump_host=address.via)) from error
        raise address.error(TransportReason.CONNECT_TIMEOUT, _("no answer, perhaps filtered")) from error
    return Tunnel(channel)


def _not_forwarded(address: Address, through: Link, error: paramiko.ChannelException) -> TransportError:
    """Why the jump host opened no connection: it may not, or nobody is there."""
    if error.code == paramiko.common.OPEN_FAILED_CONNECT_FAILED:
        if "refused" in through.refusal.lower():
            return address.error(TransportReason.REFUSED, _("connection refused"))
        if "timed out" in through.refusal.lower():
            return address.error(TransportReason.CONNECT_TIMEOUT, _("no answer, perhaps filtered"))
        why = _("the jump host cannot reach it: {said}").format(said=through.refusal)
        return address.error(TransportReason.UNREACHABLE, why)
    why = _("the jump host {jump_host} refuses to forward: {said}")
    hint = _("sshd_config of {jump_host}: AllowTcpForwarding local, PermitOpen {host}:{port}")
    return address.error(
        TransportReason.FORWARDING_REFUSED,
        why.format(jump_host=address.via, said=through.refusal),
        hint.format(jump_host=address.via, host=address.host, port=address.port),
    )


def _link(wire: socket.socket | Tunnel, address: Address) -> Link:
    try:
        return Link(wire, packetizer_class=_Bounded)  # type: ignore[arg-type]  # what it asks of a socket
    except (paramiko.SSHException, OSError) as error:
        wire.close()
        raise _handshake_error(address, error) from error


def _greeting(link: Link) -> str:
    return link.packetizer.greeting if isinstance(link.packetizer, _Bounded) else ""


def _hung_up(error: Exception) -> bool:
    cause = error.__context__ if isinstance(error, paramiko.SSHException) else error
    return isinstance(cause, EOFError | OSError) and not isinstance(cause, TimeoutError)


def _turned_away(address: Address, said: str = "") -> TransportError:
    why = ": ".join(filter(None, (_("the connection ended during the SSH handshake"), said)))
    hint = _("Does it turn this machine away: MaxStartups or PerSourcePenalties in sshd_config, hosts.deny?")
    return address.error(TransportReason.LINK_LOST, why, hint, TurnedAway)


def _handshake_error(address: Address, error: Exception) -> TransportError:
    match error:
        case paramiko.ssh_exception.IncompatiblePeer():
            why = _("no common algorithm: {why}").format(why=error)
            hint = _(
                "Allow a weak one for it in weak_algorithms, or let the host run: secaudit collector build"
            )
            return address.error(TransportReason.NO_COMMON_ALGORITHM, why, hint)
        case _ if isinstance(error.__context__, TimeoutError) or isinstance(error, TimeoutError):
            return address.error(
                TransportReason.CONNECT_TIMEOUT, _("it accepts connections and says nothing")
            )
        case paramiko.SSHException() if str(error).startswith(("Indecipherable", "Invalid SSH banner")):
            return address.error(TransportReason.LINK_LOST, _("what answers there is no SSH server"))
        case _ if "too long a greeting" in str(error):
            return address.error(TransportReason.LINK_LOST, _("what answers there is no SSH server"))
        case _:
            why = _("the connection ended during the SSH handshake")
            return address.error(TransportReason.LINK_LOST, why)
