"""An asset over SSH: one connection, one exec, strict host keys, declared credentials."""

import logging
from collections.abc import Mapping

import paramiko
from paramiko.common import cMSG_CHANNEL_REQUEST
from paramiko.message import Message

from secaudit.errors import TransportError, TransportReason
from secaudit.language import _
from secaudit.model.register import Asset
from secaudit.transport.deadline import Deadline, too_late
from secaudit.transport.known_hosts import KnownHosts
from secaudit.transport.protocol import Dialogue, Limits
from secaudit.transport.secrets import Secrets
from secaudit.transport.ssh_address import Address
from secaudit.transport.ssh_link import Link
from secaudit.transport.ssh_way import Way
from secaudit.transport.turnstile import Turnstile

log = logging.getLogger(__name__)

CHUNK_BYTES = 65_536
# how long the exit status may lag behind the last output
END_S = 2


class SshTransport:
    """One visit over SSH (RFC 4254). Nothing is opened before ``run``."""

    name = "ssh"

    def __init__(self, asset: Asset, known_hosts: KnownHosts, secrets: Secrets, turnstile: Turnstile) -> None:
        self._way = Way(asset, known_hosts, secrets, turnstile)
        self._address = asset.address

    @property
    def channel(self) -> Mapping[str, str]:
        """Address, login, host key and algorithms, jump hosts, as far as they are known."""
        return {"transport": self.name, "address": self._address, **self._way.channel}

    def run(self, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        """See ``Transport.run``."""
        link = self._way.open(limits)
        try:
            status = self._exec(link, command, dialogue, limits)
        except TimeoutError as error:
            raise self._late(too_late(limits, dialogue)) from error
        except (paramiko.SSHException, OSError, EOFError) as error:
            raise self._trouble(link, error) from error
        if status is None and (where := self._way.ended_at()):
            raise _lost(where)
        return status

    def close(self) -> None:
        """See ``Transport.close``."""
        self._way.close()

    def _exec(self, link: Link, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        deadline = Deadline(limits, dialogue)
        with link.open_session(timeout=limits.login_s) as channel:
            # Both streams in one: a flood of errors must not fill the window unread.
            channel.set_combine_stderr(True)
            _start(link, channel, command)
            listens = _give(channel, dialogue, deadline)
            while chunk := _received(channel, deadline):
                if not dialogue.take(chunk):
                    break
                listens = listens and _give(channel, dialogue, deadline)
            # -1: the server ended the channel without a status
            ended = channel.status_event.wait(END_S) and channel.exit_status >= 0
            return channel.exit_status if ended else None

    def _late(self, why: str) -> TransportError:
        """Who is silent: a jump host, or the asset."""
        return self._way.silence() or self._way.address.error(TransportReason.VISIT_TIMEOUT, why)

    def _trouble(self, link: Link, error: Exception) -> TransportError:
        """Which connection ended, or what the server refused on one that holds."""
        if where := self._way.ended_at():
            return _lost(where)
        if isinstance(error, paramiko.ChannelException):
            why = _("the server opens no session: {said}").format(said=link.refusal)
            hint = _("Does MaxSessions in its sshd_config allow one?")
            return self._way.address.error(TransportReason.LINK_LOST, why, hint)
        return self._late(_("the server opened no session in time"))


def _lost(where: Address) -> TransportError:
    return where.error(TransportReason.LINK_LOST, _("the connection was lost"))


def _start(link: Link, channel: paramiko.Channel, command: str) -> None:
    """Ask for the command (RFC 4254 6.5) and do not wait for the answer, as ssh(1): the script is on its way.

    The library's own call waits for ever when no answer comes. A refusal closes the channel.
    """
    message = Message()
    message.add_byte(cMSG_CHANNEL_REQUEST)
    message.add_int(channel.remote_chanid)
    message.add_string("exec")
    message.add_boolean(True)
    message.add_string(command)
    link.tell(message)


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
