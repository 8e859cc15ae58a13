"""Servers that mean ill or are broken: each visit ends within its limits, says why, and leaves nothing behind."""

import selectors
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import paramiko
import pytest
from paramiko.common import (
    AUTH_FAILED,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
    cMSG_USERAUTH_BANNER,
)
from paramiko.message import Message

from secaudit.collect import visit_asset
from secaudit.errors import TransportError, TransportReason
from secaudit.model.evidence import GapReason, Probe, Visit
from secaudit.model.register import Asset, Reach
from secaudit.model.run import AssetPlan
from secaudit.transport import Limits, Secrets, open_transport
from secaudit.transport.known_hosts import KnownHosts, host_name
from secaudit.transport.protocol import OneWay
from tests.transport.leaks import nothing_left
from tests.transport.server import Behaviour, Server, everything, running_server, shell
from tests.transport.sshd import Sshd, running_sshd

PATIENT = Limits(connect_s=30, login_s=60, visit_s=120)
PROBES = (Probe("first", "echo first"), Probe("second", "echo second"))


def visited(asset: Asset, workspace: Path, limits: Limits = PATIENT, secrets: Secrets | None = None) -> Visit:
    """A visit of two probes."""
    plan = AssetPlan("s", asset.id, PROBES, (), "2024-1")
    transport = open_transport(asset, workspace, secrets or Secrets([asset], {"PW": "right"}))
    return visit_asset(plan, asset, transport, None, limits)


def why(visit: Visit) -> str:
    """The reason of a visit that did not come about."""
    assert visit.gap is not None
    return visit.gap.reason.value


def at(port: int) -> Asset:
    """An asset that answers on this port."""
    reach = Reach("ssh", port, "audit", password="env:PW")
    return Asset("a", "linux", "a", address="127.0.0.1", reach=reach)


@contextmanager
def saying(next_words: Callable[[], bytes]) -> Iterator[Asset]:
    """A server that never stops talking to whoever connects."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def talk() -> None:
            link, _address = listener.accept()
            with link, suppress(OSError):
                while True:
                    link.sendall(next_words())

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield at(listener.getsockname()[1])
        thread.join(timeout=30)


@pytest.mark.parametrize("words", [b"x" * 10_000, b"welcome\r\n", b"SSH-2.0-" + b"x" * 10_000, b"\0"])
def test_a_greeting_that_never_ends(words: bytes, tmp_path: Path) -> None:
    with nothing_left(), saying(lambda: words) as asset:
        assert why(visited(asset, tmp_path)) == TransportReason.LINK_LOST


def test_a_greeting_that_drips(tmp_path: Path) -> None:
    pause = threading.Event()

    def drop() -> bytes:
        pause.wait(0.02)
        return b"x"

    with nothing_left(), saying(drop) as asset:
        assert why(visited(asset, tmp_path, Limits(connect_s=0.3))) == TransportReason.CONNECT_TIMEOUT


@dataclass(slots=True)
class SilentLogin(Server):
    """Never says whether the password is right."""

    def check_auth_password(self, username: str, password: str) -> int:
        self.released.wait()
        return AUTH_FAILED


@dataclass(slots=True)
class EndlessNotice(Server):
    """Sends notices (RFC 4252 5.4) for as long as somebody listens."""

    def check_auth_password(self, username: str, password: str) -> int:
        notice = Message()
        notice.add_byte(cMSG_USERAUTH_BANNER)
        notice.add_string("authorised use only " * 100)
        notice.add_string("")
        while True:
            self.links[-1]._send_message(notice)  # type: ignore[attr-defined]


@dataclass(slots=True)
class NoSession(Server):
    """Never says whether a session is open."""

    def check_channel_request(self, kind: str, chanid: int) -> int:
        self.released.wait()
        return OPEN_SUCCEEDED


@dataclass(slots=True)
class Refusing(Server):
    """Opens no session."""

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


@dataclass(slots=True)
class NoCommand(Server):
    """Runs no command."""

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        return False


@dataclass(slots=True)
class NoAnswer(Server):
    """Never says whether the command runs."""

    def check_channel_exec_request(self, channel: paramiko.Channel, command: bytes) -> bool:
        self.released.wait()
        return True


@contextmanager
def trusted(behaviour: Behaviour, workspace: Path, kind: type[Server] = Server) -> Iterator[Asset]:
    """An in-process server that the workspace trusts; nothing is left of it and of its visits."""
    with nothing_left(), running_server(behaviour, kind=kind) as server:
        KnownHosts(workspace / "known_hosts").add(host_name("127.0.0.1", server.port), server.key)
        yield server.asset(password="env:PW")


@pytest.mark.parametrize(
    ("kind", "limits", "reason"),
    [
        (SilentLogin, replace(PATIENT, login_s=0.3), TransportReason.CONNECT_TIMEOUT),
        (EndlessNotice, replace(PATIENT, login_s=0.5), TransportReason.CONNECT_TIMEOUT),
        (NoSession, replace(PATIENT, login_s=2), TransportReason.VISIT_TIMEOUT),
        (Refusing, PATIENT, TransportReason.LINK_LOST),
        (NoCommand, PATIENT, TransportReason.LINK_LOST),
        (NoAnswer, replace(PATIENT, start_s=0.3), TransportReason.VISIT_TIMEOUT),
    ],
)
def test_a_server_that_stops_half_way(
    kind: type[Server], limits: Limits, reason: TransportReason, tmp_path: Path
) -> None:
    with trusted(shell, tmp_path, kind) as asset:
        assert why(visited(asset, tmp_path, limits)) == reason


def deaf(channel: paramiko.Channel, _command: str) -> None:
    """Read nothing: the window stays as it is."""
    channel.get_transport().join(timeout=60)


def test_a_window_that_never_opens(tmp_path: Path) -> None:
    with trusted(deaf, tmp_path) as asset:
        transport = open_transport(asset, tmp_path, Secrets([asset], {"PW": "right"}))
        with pytest.raises(TransportError) as told:
            transport.run("cat", OneWay(b"x" * 5_000_000, lambda _chunk: True), Limits(visit_s=0.5))
        transport.close()
    assert told.value.reason is TransportReason.VISIT_TIMEOUT


def dripping_window(channel: paramiko.Channel, _command: str) -> None:
    """Read a little now and then: each step alone is quick enough."""
    pause = threading.Event()
    while channel.recv(400_000):
        pause.wait(0.1)


def test_a_window_that_opens_bit_by_bit(tmp_path: Path) -> None:
    with trusted(dripping_window, tmp_path) as asset:
        transport = open_transport(asset, tmp_path, Secrets([asset], {"PW": "right"}))
        with pytest.raises(TransportError) as told:
            transport.run("cat", OneWay(b"x" * 50_000_000, lambda _chunk: True), Limits(visit_s=0.8))
        transport.close()
    assert told.value.reason is TransportReason.VISIT_TIMEOUT


def flooding(channel: paramiko.Channel, _command: str) -> None:
    """Endless noise on both streams."""
    while True:
        channel.sendall(b"noise\n" * 5000)
        channel.sendall_stderr(b"error\n" * 5000)


def test_both_streams_flooded(tmp_path: Path) -> None:
    with trusted(flooding, tmp_path) as asset:
        assert why(visited(asset, tmp_path)) == GapReason.TRUNCATED


def vanishing(channel: paramiko.Channel, _command: str) -> None:
    """Close the channel without a status and keep the connection."""
    everything(channel)
    channel.close()


def test_a_channel_closed_without_status(tmp_path: Path) -> None:
    with trusted(vanishing, tmp_path) as asset:
        assert why(visited(asset, tmp_path)) == GapReason.LINK_LOST


def orphaned(channel: paramiko.Channel, command: str) -> None:
    """Answer whole with a status, and never close: an orphan holds the other end."""
    shell(Unending(channel), command)  # type: ignore[arg-type]
    channel.get_transport().join(timeout=60)


class Unending:
    """A channel whose output is never ended."""

    def __init__(self, channel: paramiko.Channel) -> None:
        self._channel = channel

    def __getattr__(self, name: str) -> object:
        return getattr(self._channel, name)

    def shutdown_write(self) -> None:
        """Leave it open."""


def test_an_orphan_that_keeps_the_channel_open(tmp_path: Path) -> None:
    with trusted(orphaned, tmp_path) as asset:
        visit = visited(asset, tmp_path)
    assert [(o.gap, o.output) for o in visit.observations] == [(None, b"first\n"), (None, b"second\n")]


def renegotiating(channel: paramiko.Channel, _command: str) -> None:
    """Exchange keys again between two parts of the output."""
    everything(channel)
    for _part in range(3):
        channel.sendall(b"x" * 1_000_000)
        channel.get_transport().renegotiate_keys()
    channel.send_exit_status(0)
    channel.shutdown_write()


def output_of(asset: Asset, workspace: Path, command: str) -> bytes:
    """All that a command says."""
    chunks: list[bytes] = []

    def take(chunk: bytes) -> bool:
        chunks.append(chunk)
        return True

    transport = open_transport(asset, workspace, Secrets([asset], {"PW": "right"}))
    try:
        assert transport.run(command, OneWay(b"", take), PATIENT) == 0
    finally:
        transport.close()
    return b"".join(chunks)


def test_new_keys_in_the_middle_of_the_output(tmp_path: Path) -> None:
    with trusted(renegotiating, tmp_path) as asset:
        assert output_of(asset, tmp_path, "any") == b"x" * 3_000_000


def test_openssh_wants_new_keys_again_and_again(tmp_path: Path) -> None:
    with running_sshd(tmp_path, "RekeyLimit 1M", "LogLevel DEBUG") as server, nothing_left():
        said = output_of(server.asset(), server.workspace(), "head -c 8000000 /dev/zero")
    assert said.endswith(bytes(8_000_000))  # before it, what the server logs for the session
    assert server.count("rekey") > 0


@contextmanager
def cut_after(port: int, size_bytes: int) -> Iterator[int]:
    """A way to a server that is reset once that many bytes have come from it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            client, _address = listener.accept()
            with client, socket.create_connection(("127.0.0.1", port)) as server, suppress(OSError):
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                pass_on(client, server, size_bytes)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=30)


def pass_on(client: socket.socket, server: socket.socket, left: int) -> None:
    """All that the client says, and so many bytes of what the server says."""
    with selectors.DefaultSelector() as selector:
        selector.register(client, selectors.EVENT_READ)
        selector.register(server, selectors.EVENT_READ)
        while left:
            for key, _mask in selector.select():
                if key.fileobj is client:
                    server.sendall(client.recv(4096))
                else:
                    chunk = server.recv(left)
                    client.sendall(chunk)
                    left -= len(chunk)


@pytest.mark.parametrize("size_bytes", [0, 10, 60, 500, 1200, 1700, 2200])
def test_a_reset_in_every_phase(size_bytes: int, sshd: Sshd, tmp_path: Path) -> None:
    (key,) = KnownHosts(sshd.workspace() / "known_hosts").keys_of(sshd.host)
    asset = sshd.asset()
    with nothing_left(), cut_after(sshd.port, size_bytes) as port:
        KnownHosts(tmp_path / "known_hosts").add(host_name("127.0.0.1", port), key)
        cut = replace(asset, reach=replace(asset.reach, port=port))
        assert why(visited(cut, tmp_path, replace(PATIENT, again_s=()))) == TransportReason.LINK_LOST
