"""An asset over SSH: one connection, one exec, strict host keys, declared credentials."""

import logging
from collections.abc import Mapping

import paramiko

from secaudit.errors import TransportError, TransportReason, UsageError
from secaudit.language import _
from secaudit.model.register import Asset
from secaudit.transport.deadline import Deadline, too_late
from secaudit.transport.known_hosts import HostKey, KeyState, KnownHosts, host_name
from secaudit.transport.protocol import Dialogue, Limits
from secaudit.transport.secrets import Secrets
from secaudit.transport.ssh_link import Address, connect, hang_up, host_key
from secaudit.transport.ssh_login import log_in

log = logging.getLogger(__name__)

CHUNK_BYTES = 65_536
# how long the exit status may lag behind the last output
END_S = 2


class SshTransport:
    """One visit over SSH (RFC 4254). Nothing is opened before ``run``."""

    name = "ssh"

    def __init__(self, asset: Asset, known_hosts: KnownHosts, secrets: Secrets) -> None:
        self._reach = asset.reach
        self._address = Address(asset.id, asset.address, asset.reach.port)
        self._known_hosts = known_hosts
        self._secrets = secrets
        self._link: paramiko.Transport | None = None
        self._channel: dict[str, str] = {"transport": self.name, "address": asset.address}

    @property
    def channel(self) -> Mapping[str, str]:
        """Address, login, host key and algorithms, as far as they are known."""
        return self._channel

    def run(self, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        """See ``Transport.run``."""
        host = host_name(self._address.host, self._address.port)
        known_types = self._known_types(host)
        self._link = link = connect(self._address, limits, known_types)
        key = host_key(link)
        self._check(host, key)
        self._channel |= {
            "host_key": f"{key.type} {key.fingerprint}",
            "server": link.remote_version,
            "cipher": getattr(link, "remote_cipher", ""),
        }
        self._channel |= {
            "login": self._reach.user,
            "auth": log_in(link, self._address, self._reach, self._secrets),
        }
        link.set_keepalive(limits.keepalive_s)
        try:
            return self._exec(link, command, dialogue, limits)
        except TimeoutError as error:
            raise self._address.error(TransportReason.VISIT_TIMEOUT, too_late(limits, dialogue)) from error
        except (paramiko.SSHException, OSError, EOFError) as error:
            raise self._address.error(TransportReason.LINK_LOST, _("the connection was lost")) from error

    def close(self) -> None:
        """See ``Transport.close``."""
        link, self._link = self._link, None
        if link is not None:
            hang_up(link)

    def _known_types(self, host: str) -> tuple[str, ...]:
        try:
            return tuple(key.type for key in self._known_hosts.keys_of(host))
        except UsageError as error:
            raise self._address.error(TransportReason.HOST_KEY_UNKNOWN, str(error), error.hint) from error

    def _check(self, host: str, key: HostKey) -> None:
        """Raises TransportError unless the workspace trusts this key for this host."""
        match self._known_hosts.state(host, key):
            case KeyState.KNOWN:
                return
            case KeyState.UNKNOWN:
                why = _("unknown host key {type} {fingerprint}").format(
                    type=key.type, fingerprint=key.fingerprint
                )
                hint = _("Compare it with the one on the host, then: secaudit hostkeys trust {asset}")
                raise self._address.error(
                    TransportReason.HOST_KEY_UNKNOWN, why, hint.format(asset=self._address.asset_id)
                )
            case KeyState.CHANGED | KeyState.REVOKED:
                raise self._mismatch(host, key)

    def _mismatch(self, host: str, key: HostKey) -> TransportError:
        trusted = ", ".join(f"{k.type} {k.fingerprint}" for k in self._known_hosts.keys_of(host))
        why = _("host key changed: {type} {fingerprint}, trusted: {trusted}").format(
            type=key.type, fingerprint=key.fingerprint, trusted=trusted or _("none (revoked)")
        )
        hint = _("Find out why. If it is right: secaudit hostkeys trust {asset} --replace")
        return self._address.error(
            TransportReason.HOST_KEY_MISMATCH, why, hint.format(asset=self._address.asset_id)
        )

    def _exec(self, link: paramiko.Transport, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        deadline = Deadline(limits, dialogue)
        with link.open_session(timeout=limits.login_s) as channel:
            # Both streams in one: a flood of errors must not fill the window unread.
            channel.set_combine_stderr(True)
            channel.settimeout(limits.login_s)
            channel.exec_command(command)
            listens = _give(channel, dialogue, deadline)
            while chunk := _received(channel, deadline):
                if not dialogue.take(chunk):
                    break
                listens = listens and _give(channel, dialogue, deadline)
            # -1: the server ended the channel without a status
            ended = channel.status_event.wait(END_S) and channel.exit_status >= 0
            return channel.exit_status if ended else None


def _received(channel: paramiko.Channel, deadline: Deadline) -> bytes:
    channel.settimeout(deadline.left_s())
    return channel.recv(CHUNK_BYTES)


def _give(channel: paramiko.Channel, dialogue: Dialogue, deadline: Deadline) -> bool:
    """Send what the dialogue gives now; returns whether the command may be given more.

    A shell that ended without reading its input (nologin) still has said why.
    """
    try:
        while piece := dialogue.give():
            while piece:
                channel.settimeout(deadline.left_s())
                piece = piece[channel.send(piece) :]
        if piece is None:
            channel.shutdown_write()
    except TimeoutError:
        raise
    except OSError:
        log.info("the command ended before it had read its input")
        return False
    return piece is not None
