"""An encrypted connection to an SSH server whose host key was looked at: socket, algorithms, handshake."""

import socket
from contextlib import suppress
from dataclasses import dataclass

import paramiko

from secaudit.errors import TransportError, TransportReason
from secaudit.language import _
from secaudit.transport.known_hosts import HostKey
from secaudit.transport.protocol import Limits

# What we offer, best first: no CBC, no MD5, no SHA-1, no key exchange below 2048 bits.
KEX = (
    "mlkem768x25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
)
CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)
MACS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
)
HOST_KEYS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
# A link whose packets nobody acknowledges for that long is lost (tcp(7), TCP_USER_TIMEOUT).
SILENCE_MS = 45_000
# how long a server may take to close the connection
FAREWELL_S = 1


@dataclass(frozen=True, slots=True)
class Address:
    """Where an asset answers."""

    asset_id: str
    host: str
    port: int

    def error(self, reason: TransportReason, why: str, hint: str | None = None) -> TransportError:
        """The error of this asset: ``web-1 (10.0.0.7 port 22): connection refused.``"""
        message = _("{asset} ({host} port {port}): {why}.").format(
            asset=self.asset_id, host=self.host, port=self.port, why=why
        )
        return TransportError(reason, self.asset_id, message, hint=hint)


def connect(address: Address, limits: Limits, known_types: tuple[str, ...] = ()) -> paramiko.Transport:
    """A connection up to the host key; the key types already known for the host come first.

    Raises TransportError. The caller closes it.
    """
    link = _transport(_socket(address, limits), address)
    try:
        _offer(link, known_types)
        link.banner_timeout = limits.connect_s
        link.handshake_timeout = limits.connect_s
        link.auth_timeout = limits.login_s
        link.start_client(timeout=2 * limits.connect_s)
        if not link.initial_kex_done:
            raise address.error(TransportReason.CONNECT_TIMEOUT, _("the SSH handshake did not end"))
    except TransportError:
        link.close()
        raise
    except (paramiko.SSHException, OSError, EOFError) as error:
        link.close()
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
    except (OSError, UnicodeError) as error:
        said = getattr(error, "strerror", None) or _("no such address")
        raise address.error(TransportReason.UNREACHABLE, said) from error
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_MS)
    return opened


def _transport(opened: socket.socket, address: Address) -> paramiko.Transport:
    try:
        return paramiko.Transport(opened)
    except (paramiko.SSHException, OSError) as error:
        opened.close()
        raise _handshake_error(address, error) from error


def _offer(link: paramiko.Transport, known_types: tuple[str, ...]) -> None:
    offered = link.get_security_options()
    wanted = sorted(HOST_KEYS, key=lambda name: not _is_type(name, known_types))
    offered.kex = tuple(name for name in KEX if name in offered.kex)
    offered.ciphers = CIPHERS
    offered.digests = MACS
    offered.key_types = tuple(wanted)


def _is_type(algorithm: str, key_types: tuple[str, ...]) -> bool:
    return ("ssh-rsa" if algorithm.startswith("rsa-") else algorithm) in key_types


def _handshake_error(address: Address, error: Exception) -> TransportError:
    match error:
        case paramiko.ssh_exception.IncompatiblePeer():
            why = _("no common algorithm: {why}").format(why=error)
            return address.error(TransportReason.NO_COMMON_ALGORITHM, why)
        case _ if isinstance(error.__context__, TimeoutError) or isinstance(error, TimeoutError):
            return address.error(
                TransportReason.CONNECT_TIMEOUT, _("it accepts connections and says nothing")
            )
        case paramiko.SSHException() if str(error).startswith(("Indecipherable", "Invalid SSH banner")):
            return address.error(TransportReason.LINK_LOST, _("what answers there is no SSH server"))
        case _:
            why = _("the connection ended during the SSH handshake")
            return address.error(TransportReason.LINK_LOST, why)
